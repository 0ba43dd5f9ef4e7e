/** Changes of elements that `fuzz-damages.mjs` draws from. */

export const POSITION = "00200032";
export const LOCATION = "00201041";
export const NUMBER = "00200013";
export const OTHER_UID = "1.2.3.4.5";
/** Changes of one element in one file: `[tag, value or function of the old text]`; `null` takes the element out. */
export const RETAGS = {
  "Series Instance UID": ["0020000e", OTHER_UID],
  "Study Instance UID": ["0020000d", OTHER_UID],
  "Patient ID": ["00100020", "other"],
  "Patient's Name": ["00100010", "Other^Name"],
  Modality: ["00080060", "MR"],
  "Image Type": ["00080008", "DERIVED\\SECONDARY\\AXIAL"],
  "SOP Class UID": ["00080016", "1.2.840.10008.5.1.4.1.1.7"],
  "Transfer Syntax UID": ["00020010", "1.2.840.10008.1.2.4.70"],
  "Transfer Syntax UID, big endian": ["00020010", "1.2.840.10008.1.2.2"],
  "Transfer Syntax UID, implicit": ["00020010", "1.2.840.10008.1.2"],
  Rows: ["00280010", 63],
  Columns: ["00280011", 65],
  "Rows and Columns": ["00280010", 32, "00280011", 128],
  "Pixel Spacing": ["00280030", "5.1\\5.1"],
  "no Pixel Spacing": ["00280030", null],
  "Image Orientation": ["00200037", "1\\0\\0\\0\\-1\\0"],
  "no Image Orientation": ["00200037", null],
  "no Image Position": [POSITION, null],
  "Rescale Slope": ["00281053", "2"],
  "Rescale Intercept": ["00281052", "-1000"],
  "no Rescale Intercept": ["00281052", null],
  "Bits Allocated": ["00280100", 8],
  "Bits Stored": ["00280101", 12, "00280102", 11],
  "Bits Stored, shifted": ["00280101", 12],
  "High Bit": ["00280102", 14],
  "Pixel Representation": ["00280103", 0],
  "no Pixel Representation": ["00280103", null],
  "Samples per Pixel": ["00280002", 3],
  "Photometric Interpretation": ["00280004", "MONOCHROME1"],
  "Pixel Padding Value": ["00280120", 1024],
  "Acquisition Number": ["00200012", "2"],
  "Instance Number": [NUMBER, (old) => Number(old) + 7],
  "Slice Location": [LOCATION, (old) => Number(old) + 20],
  "Frame of Reference UID": ["00200052", OTHER_UID],
  "Patient Position": ["00185100", "FFP"],
  "Slice Thickness": ["00180050", "1"],
};
/** The same change in every file; the value stays one that a scanner might have written. */
export const RETAGS_OF_ALL = {
  "Patient's Name": ["00100010", "Other^Name"],
  "Series Instance UID": ["0020000e", OTHER_UID],
  "Pixel Spacing": ["00280030", "5.1\\5.1"],
  "Rescale Intercept": ["00281052", "-1000"],
  "Rescale Slope": ["00281053", "1.25"],
  Rows: ["00280010", 63],
  "no Rescale Intercept": ["00281052", null],
  "no Image Orientation": ["00200037", null],
  "no Image Position": [POSITION, null],
};
/** Those of them that `UNDETECTABLE.everywhere` is about. */
export const PLAUSIBLE_EVERYWHERE = ["Pixel Spacing", "Rescale Intercept", "Rescale Slope"];
