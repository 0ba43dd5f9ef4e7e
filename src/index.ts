export type { ByteSource } from "./dicom/byte-source.ts";
export { memorySource } from "./dicom/byte-source.ts";
export type { Finding, FindingCode, Severity } from "./dicom/findings.ts";
export type { Facing } from "./dicom/geometry.ts";
export type { Inspection, StackReport } from "./dicom/inspect.ts";
export { inspectScan } from "./dicom/inspect.ts";
export type { SkippedFile, SkipReason } from "./dicom/read-headers.ts";
export type { ReadOptions, Scan, ScanSource } from "./dicom/read-scan.ts";
export { readScan } from "./dicom/read-scan.ts";
export type { VoxelOptions } from "./dicom/read-voxels.ts";
export type { ErrorCode, ErrorDetails, Stage } from "./errors.ts";
export { PleuraError } from "./errors.ts";
export type { Label, LabelMap } from "./formats/label-nifti.ts";
export { encodeLabelNifti } from "./formats/label-nifti.ts";
export type { NiftiGeometry } from "./formats/nifti.ts";
export { encodeNifti } from "./formats/nifti.ts";
export type { NpyArray, NpyData, NpyType } from "./formats/npy.ts";
export { decodeNpy, encodeNpy, npyHeader } from "./formats/npy.ts";
export type { BinarizeOptions } from "./lungs/binarize.ts";
export { binarizePerSlice } from "./lungs/binarize.ts";
export { fillHoles } from "./lungs/fill-holes.ts";
export { fillSlices } from "./lungs/fill-slices.ts";
export { mainPart } from "./lungs/main-part.ts";
export type { SegmentOptions, SegmentStage } from "./lungs/segment.ts";
export { segmentLungs } from "./lungs/segment.ts";
export type { Selection, SelectOptions } from "./lungs/select.ts";
export { selectBodies, selectBodiesWithCuts } from "./lungs/select.ts";
export type { SeparateOptions, Separation } from "./lungs/separate.ts";
export { separateLungs } from "./lungs/separate.ts";
export type { LungSides } from "./lungs/sides.ts";
export { lungSides } from "./lungs/sides.ts";
export type { Lungs } from "./lungs/types.ts";
export type { PhantomOptions } from "./phantom/options.ts";
export type { Phantom, PhantomNodule, PhantomTruth } from "./phantom/phantom.ts";
export { makePhantom } from "./phantom/phantom.ts";
export type { PhantomFile } from "./phantom/write-dicom.ts";
export { phantomToDicom } from "./phantom/write-dicom.ts";
export { crop } from "./prepare/crop.ts";
export type { CropBox, CropBoxOptions } from "./prepare/crop-box.ts";
export { boxShape, cropBox } from "./prepare/crop-box.ts";
export type { DilatedHullOptions } from "./prepare/dilated-hull.ts";
export { dilatedHull } from "./prepare/dilated-hull.ts";
export type { CleanGeometry } from "./prepare/geometry.ts";
export { cleanGeometry, cleanToPatient, cleanToScan, patientToClean, scanToClean } from "./prepare/geometry.ts";
export type { MaskOptions } from "./prepare/mask-image.ts";
export { BONE_THRESHOLD, maskImage, PAD_VALUE } from "./prepare/mask-image.ts";
export type { Prepared, PrepareOptions } from "./prepare/prepare.ts";
export { prepare } from "./prepare/prepare.ts";
export type { RenderOptions } from "./prepare/render-clean.ts";
export { renderClean } from "./prepare/render-clean.ts";
export type { ImageArray, Resampled, ResampleOptions } from "./prepare/resample.ts";
export { resample } from "./prepare/resample.ts";
export { MILLIMETRE_GRID, resampledShape, resampledSpacing } from "./prepare/resampled-grid.ts";
export type { SplineOrder } from "./prepare/spline-weights.ts";
export type { IntensityWindow, WindowOptions } from "./prepare/window.ts";
export { applyWindow, LUNG_WINDOW, windowTable } from "./prepare/window.ts";
export type { MaskProfile } from "./report/mask-profile.ts";
export { fullestSlices, maskProfile } from "./report/mask-profile.ts";
export type { Colour, Picture, Rectangle } from "./report/picture.ts";
export { blankPicture, cropPicture, encodePng, montage } from "./report/picture.ts";
export type { Overlay, Plane, SlicePictureOptions } from "./report/slice-picture.ts";
export { drawSlice } from "./report/slice-picture.ts";
export { VERSION } from "./version.ts";
export type { Affine, Point } from "./volume/affine.ts";
export {
  affineFromSpacing,
  affineFromSteps,
  composeAffine,
  indexToPatient,
  invertAffine,
  patientToIndex,
} from "./volume/affine.ts";
export { BitVolume, popcount } from "./volume/bit-volume.ts";
export type { Triple, Volume, VoxelArray } from "./volume/volume.ts";
export { checkVolume, voxelCount, voxelVolume } from "./volume/volume.ts";
