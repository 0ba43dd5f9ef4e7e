/** Whether a text is a UID (DICOM PS3.5, 9.1): numbers joined by dots, 64 characters at most. */
export function isUid(text: string): boolean {
  return text.length <= 64 && /^[0-2](\.(0|[1-9]\d*))+$/.test(text);
}
