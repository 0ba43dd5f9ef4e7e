"""Compares a DICOM SEG with a label map: compare-seg.py SEG LABELS.nii.gz SOURCE...

Every pixel of every image of the scan (SOURCE, files or folders) has to have the label of the voxel whose centre is nearest to it.
Prints one JSON: pixels that differ, labelled pixels, frames, images. Read by pydicom and nibabel.
"""
import json
import os
import sys

import nibabel
import numpy as np
import pydicom


def images_of(sources):
    """Position, orientation, spacing and shape of each image by SOP Instance UID and frame."""
    found = {}
    for top in sources:
        paths = [os.path.join(f, n) for f, _, names in os.walk(top) for n in names] if os.path.isdir(top) else [top]
        for path in paths:
            try:
                d = pydicom.dcmread(path, stop_before_pixels=True)
            except Exception:
                continue
            if d.get("Modality") != "CT":
                continue
            series = d.SeriesInstanceUID
            if "PerFrameFunctionalGroupsSequence" in d:
                shared = d.SharedFunctionalGroupsSequence[0]
                for i, own in enumerate(d.PerFrameFunctionalGroupsSequence):
                    def group(name):
                        return (own if name in own else shared)[name].value[0]
                    found[d.SOPInstanceUID, i + 1] = (
                        series,
                        group("PlanePositionSequence").ImagePositionPatient,
                        group("PlaneOrientationSequence").ImageOrientationPatient,
                        group("PixelMeasuresSequence").PixelSpacing,
                        (d.Rows, d.Columns),
                    )
            else:
                found[d.SOPInstanceUID, None] = (
                    series,
                    d.ImagePositionPatient,
                    d.ImageOrientationPatient,
                    d.PixelSpacing,
                    (d.Rows, d.Columns),
                )
    return found


def expected(image, labels, to_index):
    _, position, orientation, spacing, (rows, columns) = image
    position, orientation = np.array(position, float), np.array(orientation, float)
    r, c = np.mgrid[:rows, :columns]
    lps = position + r[..., None] * orientation[3:] * float(spacing[0]) + c[..., None] * orientation[:3] * float(spacing[1])
    index = np.rint((lps * [-1, -1, 1]) @ to_index[:3, :3].T + to_index[:3, 3]).astype(int)
    inside = np.all((index >= 0) & (index < labels.shape), axis=-1)
    out = np.zeros((rows, columns), np.uint8)
    out[inside] = labels[tuple(index[inside].T)]
    return out


def main(seg_path, labels_path, *sources):
    seg = pydicom.dcmread(seg_path)
    nifti = nibabel.load(labels_path)
    labels, to_index = np.asarray(nifti.dataobj), np.linalg.inv(nifti.affine)
    images = images_of(sources)
    referenced = seg.ReferencedSeriesSequence[0]
    uids = {i.ReferencedSOPInstanceUID for i in referenced.ReferencedInstanceSequence}
    images = {key: image for key, image in images.items() if key[0] in uids}
    assert {uid for uid, _ in images} == uids, "images that are not there"
    assert {image[0] for image in images.values()} == {referenced.SeriesInstanceUID}, "images of another series"
    frames = seg.pixel_array.reshape(-1, seg.Rows, seg.Columns)
    found = {key: np.zeros(image[4], np.uint8) for key, image in images.items()}
    shared = seg.SharedFunctionalGroupsSequence[0]
    for frame, own in zip(frames, seg.PerFrameFunctionalGroupsSequence):
        source = own.DerivationImageSequence[0].SourceImageSequence[0]
        key = source.ReferencedSOPInstanceUID, source.get("ReferencedFrameNumber")
        image = images[key]
        assert np.allclose(own.PlanePositionSequence[0].ImagePositionPatient, image[1], atol=1e-6), "another position"
        orientation = (own if "PlaneOrientationSequence" in own else shared).PlaneOrientationSequence[0]
        assert np.allclose(orientation.ImageOrientationPatient, image[2], atol=1e-9), "another orientation"
        assert np.allclose(shared.PixelMeasuresSequence[0].PixelSpacing, image[3], atol=1e-4), "another spacing"
        assert frame.any(), "an empty frame"
        number = own.SegmentIdentificationSequence[0].ReferencedSegmentNumber
        assert not found[key][frame > 0].any(), "segments that overlap"
        found[key][frame > 0] = number
    apart = sum(int((found[key] != expected(image, labels, to_index)).sum()) for key, image in images.items())
    labelled = sum(int((one > 0).sum()) for one in found.values())
    print(json.dumps({"apart": apart, "labelled": labelled, "frames": len(frames), "images": len(images)}))


main(*sys.argv[1:])
