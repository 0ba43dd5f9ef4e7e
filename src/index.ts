export type { ByteSource } from "./byte-source.ts";
export { memorySource } from "./byte-source.ts";
export type { DecodedFrame, FrameSize } from "./dicom/codecs/codec.ts";
export type { FrameDecoder } from "./dicom/decode-frame.ts";
export type { Finding, FindingCode, Severity } from "./dicom/findings.ts";
export type { Inspection, StackReport } from "./dicom/inspect.ts";
export { inspectScan } from "./dicom/inspect.ts";
export type { Orientation } from "./dicom/instance.ts";
export type { ScanOrigin, SourceImage } from "./dicom/origin.ts";
export type { Facing } from "./dicom/plane-geometry.ts";
export type { SkippedFile, SkipReason } from "./dicom/read-headers.ts";
export type { ReadOptions, Scan, ScanSource } from "./dicom/read-scan.ts";
export { readScan } from "./dicom/read-scan.ts";
export type { VoxelOptions } from "./dicom/read-voxels.ts";
export type { FrameEncoding } from "./dicom/transfer-syntax.ts";
export type { ErrorCode, ErrorDetails, Stage } from "./errors.ts";
export { PleuraError } from "./errors.ts";
export type { Label, LabelMap } from "./formats/label-nifti.ts";
export { encodeLabelNifti } from "./formats/label-nifti.ts";
export type { NiftiGeometry } from "./formats/nifti.ts";
export { encodeNifti } from "./formats/nifti.ts";
export type { NpyArray, NpyData, NpyType } from "./formats/npy.ts";
export { decodeNpy, encodeNpy, npyHeader } from "./formats/npy.ts";
export type { Inflate } from "./inflate.ts";
export type { BinarizeOptions } from "./lungs/binarize.ts";
export { BINARIZE_OPTIONS, binarizePerSlice } from "./lungs/binarize.ts";
export { SELECT_OPTIONS } from "./lungs/body-rules.ts";
export type { LungDensities, LungDensity } from "./lungs/density.ts";
export { lungDensities, PERCENTS } from "./lungs/density.ts";
export { fillHoles } from "./lungs/fill-holes.ts";
export { fillSlices } from "./lungs/fill-slices.ts";
export { mainPart } from "./lungs/main-part.ts";
export type { Selection, SelectOptions } from "./lungs/select.ts";
export { selectBodies, selectBodiesWithCuts } from "./lungs/select.ts";
export type { SeparateOptions, Separation } from "./lungs/separate.ts";
export { SEPARATE_OPTIONS, separateLungs } from "./lungs/separate.ts";
export type { LungSides } from "./lungs/sides.ts";
export { lungSides } from "./lungs/sides.ts";
export type { Lungs } from "./lungs/types.ts";
export type { LabelImage } from "./masks/label-image.ts";
export type { LungLabels } from "./masks/lung-labels.ts";
export { parseLungLabels } from "./masks/lung-labels.ts";
export type { LungsFromMask, MaskedScan } from "./masks/lungs-from-mask.ts";
export { lungsFromMask } from "./masks/lungs-from-mask.ts";
export type { Grid } from "./masks/sample-labels.ts";
export type { LabelScanOptions } from "./model/label-scan.ts";
export { labelScan } from "./model/label-scan.ts";
export type { NetworkAnswer, SliceNetwork } from "./model/network.ts";
export type { ModelRecipe } from "./model/recipe.ts";
export { parseRecipe, R231_RECIPE } from "./model/recipe.ts";
export type {
  Annotation,
  AnnotationKind,
  AnnotationSource,
  BrokenRow,
  CaseAnnotations,
  LeftOut,
  Ratings,
} from "./nodules/annotation.ts";
export type { NoduleUnits } from "./nodules/annotation-table.ts";
export { annotationTable } from "./nodules/annotation-table.ts";
export type { CaseNodules, NoduleFinding, NoduleRecord, NodulesFile } from "./nodules/case-nodules.ts";
export { labelRows, placeNodules } from "./nodules/case-nodules.ts";
export type { Detection, DetectionGrid, DetectionPositions } from "./nodules/detections.ts";
export { detectionToPatient } from "./nodules/detections.ts";
export type { LabelGrid, LabelRow } from "./nodules/label.ts";
export { labelOffset } from "./nodules/label.ts";
export type { NoduleShares, NoduleSurroundings } from "./nodules/where.ts";
export { noduleSharesIn } from "./nodules/where.ts";
export type { Making } from "./objects/common.ts";
export type { EncodedObjects, WantedObjects } from "./objects/encode-objects.ts";
export { encodeObjects } from "./objects/encode-objects.ts";
export type { LungObject } from "./objects/lung-object.ts";
export { readLungObject } from "./objects/lung-object.ts";
export type { TargetScan } from "./objects/scan-images.ts";
export type { AllOptionsOf, ChoiceOption, NumberOption, Option, OptionsOf, OptionTable } from "./options.ts";
export type { PhantomOptions } from "./phantom/options.ts";
export type { Phantom, PhantomNodule, PhantomTruth } from "./phantom/phantom.ts";
export { makePhantom } from "./phantom/phantom.ts";
export type { PhantomFile } from "./phantom/write-dicom.ts";
export { phantomToDicom } from "./phantom/write-dicom.ts";
export { encodePng } from "./pictures/encode-png.ts";
export type { HuHistogram } from "./pictures/hu-histogram.ts";
export { huHistogram } from "./pictures/hu-histogram.ts";
export type { MaskFrameOptions } from "./pictures/mask-frame.ts";
export { maskFrame } from "./pictures/mask-frame.ts";
export type { MaskProfile } from "./pictures/mask-profile.ts";
export { fullestSlices, maskProfile } from "./pictures/mask-profile.ts";
export type { NoduleInClean } from "./pictures/nodule-picture.ts";
export { drawNodule } from "./pictures/nodule-picture.ts";
export { reduceColours } from "./pictures/palette.ts";
export type { Colour, Picture, Rectangle } from "./pictures/picture.ts";
export { blankPicture, cropPicture, montage } from "./pictures/picture.ts";
export type { PreviewPicture } from "./pictures/preview.ts";
export { drawPreview, LEFT_LUNG_COLOUR, RIGHT_LUNG_COLOUR } from "./pictures/preview.ts";
export type { ColouredSurface, RenderSurfacesOptions } from "./pictures/render-surfaces.ts";
export { renderSurfaces } from "./pictures/render-surfaces.ts";
export type { Overlay, SlicePictureOptions } from "./pictures/slice-picture.ts";
export { drawSlice } from "./pictures/slice-picture.ts";
export type { View, ViewName } from "./pictures/view.ts";
export { VIEW_NAMES } from "./pictures/view.ts";
export type { Prepared, PrepareOptions } from "./pipeline/prepare.ts";
export { prepare } from "./pipeline/prepare.ts";
export type { PartOptions } from "./pipeline/profiles.ts";
export type { SegmentOptions, SegmentStage } from "./pipeline/segment-lungs.ts";
export { segmentLungs } from "./pipeline/segment-lungs.ts";
export type { CleanGeometry } from "./prepare/clean-geometry.ts";
export { cleanGeometry, cleanToPatient, cleanToScan, patientToClean, scanToClean } from "./prepare/clean-geometry.ts";
export { crop } from "./prepare/crop.ts";
export type { CropBox, CropBoxOptions } from "./prepare/crop-box.ts";
export { boxShape, CROP_OPTIONS, cropBox } from "./prepare/crop-box.ts";
export type { DilatedHullOptions } from "./prepare/dilated-hull.ts";
export { dilatedHull, HULL_OPTIONS } from "./prepare/dilated-hull.ts";
export type { MaskOptions } from "./prepare/mask-image.ts";
export { BONE_THRESHOLD, MASK_OPTIONS, maskImage, PAD_VALUE } from "./prepare/mask-image.ts";
export type { OnePassOptions } from "./prepare/one-pass-clean.ts";
export { onePassClean } from "./prepare/one-pass-clean.ts";
export type { ImageArray, Resampled, ResampleOptions } from "./prepare/resample.ts";
export { resample } from "./prepare/resample.ts";
export { MILLIMETRE_GRID, resampledShape, resampledSpacing } from "./prepare/resampled-grid.ts";
export type { SplineOrder } from "./prepare/spline-weights.ts";
export type { IntensityWindow, WindowOptions } from "./prepare/window.ts";
export { applyWindow, LUNG_WINDOW, WINDOW_OPTIONS, windowTable } from "./prepare/window.ts";
export { VolumeMemory } from "./simd/volume-memory.ts";
export type { Surface, SurfaceOptions } from "./surface/surface.ts";
export { surfaceOf, surfaceOfVolume } from "./surface/surface.ts";
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
export type { Plane } from "./volume/cut.ts";
export type { SpacingPrecision } from "./volume/spacing-precision.ts";
export type { StoredGrid } from "./volume/stored-grid.ts";
export type { Triple, Volume, VoxelArray } from "./volume/volume.ts";
export { checkVolume, voxelCount, voxelVolume } from "./volume/volume.ts";
