"""Compares masks that plastimatch made of an RTSTRUCT with a label map: compare-rtstruct.py LABELS.nii.gz VALUE=MASK.nii.gz...

Prints one JSON: voxels that differ and labelled voxels, by value. Read by nibabel.
"""
import json
import sys

import nibabel
import numpy as np


def main(labels_path, *masks):
    nifti = nibabel.load(labels_path)
    labels = np.asarray(nifti.dataobj)
    figures = {}
    for value, path in (one.split("=", 1) for one in masks):
        mask = nibabel.load(path)
        to_label = np.linalg.inv(nifti.affine) @ mask.affine
        at = np.nonzero(np.asarray(mask.dataobj))
        index = np.rint(to_label[:3, :3] @ np.array(at) + to_label[:3, 3:]).astype(int)
        found = np.zeros(labels.shape, bool)
        found[tuple(index)] = True
        figures[value] = {"apart": int((found ^ (labels == int(value))).sum()), "labelled": int(found.sum())}
    print(json.dumps(figures))


main(*sys.argv[1:])
