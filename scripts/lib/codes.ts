import type { CaseFinding } from "../../src/case/manifest.ts";
import type { ErrorCode } from "../../src/errors.ts";
import type { QualityCode } from "../../src/quality/rules.ts";

/** Why a code appears, and what its reader can do. The types ask for an entry for each code that pleura uses. */
export interface Explanation {
  readonly cause: string;
  readonly cure: string;
}

const explain = (cause: string, cure: string): Explanation => ({ cause, cure });

/** What `PleuraError.code`, and the failure of a case, can be. */
export const ERRORS: Readonly<Record<ErrorCode, Explanation>> = {
  "invalid-option": explain(
    "An option has a value outside its range, or two options contradict each other.",
    "The message names the option and what it accepts. `--help` of the command lists all options.",
  ),
  "not-found": explain(
    "A file, a folder or the series that was asked for is not there.",
    "Check the path. `pleura inspect <path>` lists the series of a folder.",
  ),
  "no-dicom": explain(
    "No file is DICOM; or several image files could be the scan; or `--seg` or `--rtstruct` was given for a scan that is not DICOM.",
    "Give the folder with the slices, or one image file. Leave out `--seg` and `--rtstruct` for other formats.",
  ),
  "no-image": explain(
    "There are DICOM files, but no CT image: reports, segmentations, MR or localizers.",
    "The message counts what is there. Give the folder of the CT series.",
  ),
  "several-patients": explain(
    "The images of one case have several Patient IDs.",
    "Give each patient's folder, or use `--by study` or `--series <uid>`.",
  ),
  "several-studies": explain(
    "The axial images of one case belong to several studies.",
    "Give each study's folder, or use `--by study` or `--series <uid>`.",
  ),
  "split-series": explain(
    "Parts of one series lie in several cases.",
    "Give the folder above them as one case, or use `--by series`.",
  ),
  "no-case": explain("An input holds no scan.", "Check the path, and that the files are not empty."),
  "unreadable-name": explain("The name of a folder or file is not UTF-8.", "Rename it."),
  "single-slice": explain("There is only one slice position.", "Give all slices of the series."),
  "inconsistent-series": explain(
    "The slices do not make one volume: a fatal finding says why, such as `missing-slices` or `non-axial`.",
    "Look up the finding below. Missing and uneven slices can be interpolated with `--fill-gaps`.",
  ),
  "damaged-files": explain(
    "Files that should be slices are empty, cut short, of another kind or cannot be read.",
    "Copy or download the series again. `--allow-damaged` reads what is left, with a warning.",
  ),
  "missing-images": explain(
    "A DICOMDIR or the headers state more images than there are.",
    "Copy or download the series again. `--allow-damaged` reads what is left, with a warning.",
  ),
  "missing-tag": explain(
    "Headers lack a value without which the volume cannot be built or an object cannot be written.",
    "Export the series again from its archive. For a SEG or RTSTRUCT, leave out `--seg` and `--rtstruct`.",
  ),
  truncated: explain(
    "A file, a compressed frame or an answer of an archive ends too early.",
    "Copy or download the file again.",
  ),
  "checksum-mismatch": explain(
    "A compressed file does not have the checksum that it states: it was changed or damaged.",
    "Copy or download the file again.",
  ),
  "read-failed": explain(
    "The system could not read a file, or the file was changed meanwhile.",
    "Check permissions and the disk, then run the same command again.",
  ),
  "archive-unavailable": explain(
    "The DICOMweb archive cannot be reached, or the connection breaks off.",
    "Check the address and the network, then run the same command again.",
  ),
  "access-denied": explain(
    "The DICOMweb archive refuses access.",
    "Set the variables for user and password, or for a token, that [DICOMWEB.md](DICOMWEB.md) describes.",
  ),
  "bad-response": explain(
    "The DICOMweb archive's answer has an error status or cannot be read.",
    "Check that the address is that of a DICOMweb service.",
  ),
  "series-changed": explain(
    "The series has changed in the archive while it was read.",
    "Run the same command again when the series is complete.",
  ),
  "store-refused": explain(
    "The archive has not stored the SEG as it is.",
    "Read the archive's log. `--seg` alone writes the SEG to the output folder.",
  ),
  "unsupported-syntax": explain(
    "Pixels or a zip entry are compressed in a way that pleura does not read.",
    "Decompress the series first, for instance with dcmdjpeg or gdcmconv.",
  ),
  "unsupported-pixels": explain(
    "The pixels or the geometry of a file are none that pleura reads; the message says which value.",
    "Export the series again, or convert it with another program.",
  ),
  "too-large": explain(
    "A file or an axis is larger than its format or the browser can hold.",
    "Use the command line in place of the page, another format, or a part of the scan.",
  ),
  quality: explain(
    "The lungs are judged worse than `--min-quality` allows.",
    "Look at the files in `rejected`. Try `--profile robust` or masks from elsewhere with `--lungs`. See [QUALITY.md](QUALITY.md).",
  ),
  "no-lungs": explain(
    "No body of air in the scan can be lungs: the scan shows another region, is cropped, or the lungs are too dense.",
    "Check that it is a chest CT. Try `--profile robust`, `--model` or `--lungs`.",
  ),
  "empty-mask": explain(
    "A mask that should hold lungs, or anything at all, is empty.",
    "Check the mask, the model or the threshold that you gave.",
  ),
  "unknown-labels": explain(
    "No label of a mask or of a SEG is known as a lung.",
    "Say which labels are the lungs: `--lung-labels right=1,left=2`.",
  ),
  "mask-misfit": explain(
    "A mask does not belong to the scan: another frame of reference, other positions or another grid.",
    "Give the mask that was made from this scan.",
  ),
  "bad-model": explain(
    "The file of `--model` is not an ONNX network, or takes and gives other values than its recipe says.",
    "Check the file and `--model-recipe`; see [MODELS.md](MODELS.md).",
  ),
  "bad-annotation": explain(
    "Annotations or detections cannot be read, or contradict each other.",
    "The message names the line or the value. See [TRAINING.md](TRAINING.md) for the formats.",
  ),
  "write-failed": explain(
    "An output could not be written, the file belongs to another case, or a port is in use.",
    "Check permissions and space on the disk, or choose another output folder.",
  ),
  "lock-unusable": explain(
    "The lock of a case cannot be read.",
    "Check the permissions of the output folder. See [BATCH.md](BATCH.md).",
  ),
  aborted: explain("The run was ended while the case was being done.", "Run the same command again to continue."),
  "timed-out": explain("The case took longer than `--timeout` allows, twice.", "Give a longer `--timeout`."),
  "out-of-memory": explain(
    "The case needed more memory than `--memory` allows, or than there is.",
    "Give a larger `--memory`, or use fewer `--workers`.",
  ),
  crashed: explain(
    "The process that worked on the case died, or an error occurred that nobody foresaw.",
    "Run the case alone with `--verbose`. If it crashes again, report it without patient data.",
  ),
  "not-installed": explain(
    "An optional package is needed: ONNX Runtime for `--model`, BullMQ and ioredis for the queue.",
    "Run the `npm install` command in the message.",
  ),
  "queue-unavailable": explain(
    "Redis cannot be reached or used.",
    "Check `--redis` and the server; see [QUEUE.md](QUEUE.md).",
  ),
  "invalid-job": explain(
    "A job in the queue is not one of pleura's, or was written by another version.",
    "Add jobs with `pleura queue add` of the same version.",
  ),
  "outside-root": explain(
    "A job of the queue names a path outside the folders that the worker may use.",
    "Move the data, or start the worker with another root; see [QUEUE.md](QUEUE.md).",
  ),
};

/** What `findings` of a manifest can hold. */
export const FINDINGS: Readonly<Record<CaseFinding["code"], Explanation>> = {
  "left-out": explain(
    "The input holds more than the scan: another stack, or an image file beside it.",
    "Choose with `--series` if another one was meant.",
  ),
  "repeated-passes": explain(
    "Every position was scanned several times. The first pass is kept.",
    "Nothing, or separate the passes to read another.",
  ),
  "doubled-position": explain(
    "Some positions occur several times. The first image of each is kept.",
    "Nothing; remove copies to avoid the finding.",
  ),
  "doubles-differ": explain(
    "Images at the same position have different pixels: two scans may be mixed.",
    "Separate the scans, or choose one with `--series`.",
  ),
  "truncated-file": explain(
    "A file is cut short, and another file holds the same slice whole.",
    "Nothing; delete the short file.",
  ),
  "damaged-files": explain(
    "Files of the series are damaged, or say that they do not belong to it.",
    "Get the files again, or use `--allow-damaged`.",
  ),
  "missing-images": explain(
    "The headers or a DICOMDIR state more images than there are.",
    "Get the files again, or use `--allow-damaged`.",
  ),
  "instance-numbers": explain(
    "Instance numbers have gaps or do not begin with 1: slices may be lost.",
    "Compare the number of files with the archive.",
  ),
  "single-slice": explain("There is only one slice position.", "Give all slices of the series."),
  "missing-slices": explain(
    "A step between slices is more than 1.5 times the usual one.",
    "Find the missing files, or use `--fill-gaps`.",
  ),
  "uneven-spacing": explain(
    "Steps between slices differ by more than 1 %; above 10 % the series is refused.",
    "Use `--fill-gaps` to interpolate an even grid.",
  ),
  "slice-order": explain(
    "Some slices lie in another order than their numbers. Image Position decides.",
    "Compare the positions with the original.",
  ),
  "shifted-slices": explain(
    "The slices deviate from one straight line by more than a pixel.",
    "Compare the positions with the original.",
  ),
  tilt: explain(
    "The gantry was tilted. The volume is resampled upright; slices that lie beside each other are refused.",
    "Nothing for a corrected scan.",
  ),
  oblique: explain(
    "The slices are not quite axial, by more than 1°. They are read as they are.",
    "Nothing, or choose an axial series.",
  ),
  "non-axial": explain("The slices are coronal, sagittal or too oblique.", "Choose the axial series with `--series`."),
  "non-orthonormal": explain(
    "The directions in the header are not at a right angle.",
    "Export the series again if it is refused.",
  ),
  "feet-first": explain("The images are seen from the head. The voxels are reordered.", "Nothing."),
  prone: explain("The patient lies face down. The voxels are reordered.", "Nothing."),
  decubitus: explain("The patient lies on the side. The voxels are reordered.", "Nothing."),
  "unusual-directions": explain(
    "With the profile `luna16`, an image lies in another way than those of LUNA16.",
    "Check that the outputs are not mirrored before you mix them with LUNA16.",
  ),
  "geometry-conflict": explain(
    "A header states the geometry twice, and the two disagree.",
    "Compare the header with the source of the image.",
  ),
  "missing-position": explain(
    "Image Position is missing. Slice Location places the slices; x and y are unknown.",
    "Do not use the patient coordinates of this case.",
  ),
  "missing-orientation": explain(
    "The orientation is missing. An axial image of a patient on the back is assumed.",
    "Check that left and right are correct.",
  ),
  "missing-rescale": explain(
    "Rescale Slope or Intercept is missing. 1 and 0 are assumed.",
    "Check that air is near −1000 HU.",
  ),
  "mixed-rescale": explain(
    "Rescale Slope or Intercept change from slice to slice. Each slice is read with its own.",
    "Nothing if the values look even.",
  ),
  "mixed-bits": explain(
    "Slices store their values in different bits. Each is read with its own.",
    "Nothing if the values look even.",
  ),
  saturated: explain(
    "Values do not fit into 16 bits and are held at the limit.",
    "Check Rescale Slope; metal can be the reason.",
  ),
  "padding-as-tissue": explain("The value outside the field of view looks like tissue. It is made air.", "Nothing."),
  "not-hounsfield": explain(
    "There is hardly any air: the values may not be Hounsfield units.",
    "Compare Rescale Slope and Intercept with the original.",
  ),
  "repaired-stream": explain(
    "JPEG 2000 streams state a longer part than they have; all their packets are there.",
    "Nothing.",
  ),
  "lossy-compression": explain("The pixels were compressed with loss.", "Use the original for densities."),
  "cropped-field-of-view": explain(
    "The body reaches beyond the field of view.",
    "Use a reconstruction with a larger field of view if there is one.",
  ),
  "not-separated": explain(
    "The lungs did not come apart and are dilated as one.",
    "Look at the mask; try `--profile robust`.",
  ),
  "lungs-cut-off": explain(
    "The scan ends within the lungs: what lies beyond is missing.",
    "Use a scan of the whole chest if there is one.",
  ),
  "copied-scan": explain(
    "Another case of the run has the same images.",
    "Leave one out where each patient is to count once.",
  ),
  "mask-without-position": explain(
    "The lung mask does not say where it lies; its voxels are taken in the scan's order.",
    "Check the overlay in the report.",
  ),
  "mask-resampled": explain(
    "The lung mask lies on another grid. Each voxel takes the nearest label.",
    "Check the overlay in the report.",
  ),
  "mask-frame-unknown": explain(
    "The mask or the scan names no frame of reference. The positions are trusted.",
    "Check the overlay in the report.",
  ),
  "mask-overlap": explain(
    "Regions of the lung mask overlap or their contours cross.",
    "Check the overlay in the report.",
  ),
  "objects-resampled": explain(
    "The volume was put upright or filled, so that the SEG or RTSTRUCT takes the nearest labels.",
    "Look at the object on the images.",
  ),
  "nodule-outside-scan": explain(
    "An annotated nodule lies outside the scan.",
    "Check that the annotations belong to this scan.",
  ),
  "nodule-not-shown": explain(
    "Clean does not show an annotated nodule, or only a part of it: the mask or the crop hides it.",
    "Check the lungs; try `--profile robust` or `--lungs`.",
  ),
  "nodules-left-out": explain(
    "Rows were not put into the label: candidates of class 0, or all rows when the first has z = 0, as in the published code.",
    "Put another row first if the first nodule is real; see [TRAINING.md](TRAINING.md).",
  ),
  "duplicate-nodules": explain(
    "The annotations name the same nodule several times.",
    "Remove the copies where each nodule is to count once.",
  ),
  "unknown-diameter": explain("An annotation has no diameter.", "Add the diameter to the annotations."),
};

const LOOK = "Look at the mask in the report or the page.";
const BETTER = "Look at the mask; try `--profile robust`, `--model` or `--lungs`.";

/** What `quality.reasons` of a manifest can hold; QUALITY.md has the limits. */
export const REASONS: Readonly<Record<QualityCode, Explanation>> = {
  "one-lung": explain("One lung is missing, or both were found as one.", BETTER),
  "unequal-lungs": explain("A part of one lung was lost, or the patient has one small lung.", BETTER),
  "lungs-over-body": explain("Lung was lost, or gas outside the lungs was taken.", BETTER),
  "bases-apart": explain("The base of one lung was lost, or bowel gas was taken.", BETTER),
  "apices-apart": explain("The apex of one lung was lost, or gas in the neck was taken.", BETTER),
  "sides-unusual": explain("Both masks lie on one side, or the sides are exchanged.", BETTER),
  "patient-turned": explain("The patient lies turned, or the sides are wrong.", LOOK),
  "lungs-cut-off": explain("The scan ends within the lungs.", "Use a scan of the whole chest if there is one."),
  "far-from-ribs": explain("Something lies between lung and ribs: lost lung, fluid or a pneumothorax.", BETTER),
  "far-from-ribs-at-base": explain("Lung at the back of the base was lost, or there is fluid.", BETTER),
  "tissue-in-cavity": explain("Dense lung was lost, or there is fluid.", BETTER),
  "dense-lung": explain("The lung is diseased, breathed out, or the mask holds tissue.", LOOK),
  "dark-lung": explain("Emphysema, or the mask holds gas that is not lung.", LOOK),
  "uneven-lung": explain("The mask holds different tissues, or the lung is diseased.", LOOK),
  "tissue-in-mask": explain("The mask reaches beyond the lung, or holds a tumour or consolidation.", LOOK),
  "hazy-lung": explain("Ground glass, a scan in expiration, or a very smooth reconstruction.", LOOK),
  "gas-in-mask": explain("Emphysema, a pneumothorax, or bowel gas or airways in the mask.", LOOK),
  "unequal-gas": explain("A pneumothorax or bowel gas on one side.", LOOK),
  "flat-gas-in-mask": explain("A pneumothorax, bowel or airways in the mask.", LOOK),
  "open-edges": explain("The mask ends within the lung.", BETTER),
  "dense-edges": explain("The mask reaches into soft tissue.", BETTER),
  "lung-outside": explain("Lung was lost, or there is other tissue as dark as lung.", BETTER),
  "gas-outside": explain("Gas in the chest is in no mask: a pneumothorax, the oesophagus or lost lung.", LOOK),
  holes: explain("The masks enclose holes: vessels, tumours or lost lung.", LOOK),
  "lungs-touch": explain("The lungs were not separated where they should be.", BETTER),
  "rough-surface": explain("The mask is frayed, or the scan is very noisy.", BETTER),
  "torn-lung": explain("The mask of one lung is in several pieces.", BETTER),
  "air-off-calibration": explain(
    "Air outside the body is not near −1000 HU.",
    "Compare Rescale Slope and Intercept with the original; try `--profile robust`.",
  ),
  "fat-off-calibration": explain(
    "Fat is not near −100 HU: the values are off, or contrast or a filter changes them.",
    "Compare Rescale Slope and Intercept with the original.",
  ),
  "thick-slices": explain(
    "The slices are too thick for a sure verdict.",
    "Use a thinner reconstruction if there is one.",
  ),
};
