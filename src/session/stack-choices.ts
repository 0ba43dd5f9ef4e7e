import { FILLABLE } from "../dicom/fill-gaps.ts";
import type { StackReport } from "../dicom/inspect.ts";
import type { StackChoice } from "./protocol.ts";

/**
 * The stacks among some files as a user may choose from them.
 *
 * @param opened - series UID of the scan that was opened, if one was
 */
export function stackChoices(stacks: readonly StackReport[], opened?: string): StackChoice[] {
  const own = stacks.filter(({ seriesUid }) => seriesUid === opened);
  // Of several stacks of one series it was the default stack.
  const usual = own.filter(({ chosen }) => chosen);
  const chosen = usual.length > 0 ? usual : own;
  return stacks.map((stack) => {
    const { folders, seriesUid, seriesNumber, plane, images, shape, spacing, findings, error } = stack;
    const fatal = findings.filter(({ severity }) => severity === "fatal");
    return {
      folders,
      seriesUid,
      seriesNumber,
      plane,
      images,
      shape,
      spacing,
      findings,
      opened: chosen.includes(stack),
      usual: stack.chosen,
      refused: error !== undefined || fatal.length > 0,
      fillable: error === undefined && fatal.length > 0 && fatal.every(({ code }) => FILLABLE.includes(code)),
      error: error?.message,
    };
  });
}
