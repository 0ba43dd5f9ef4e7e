#!/usr/bin/python3
"""Small images as nibabel writes them -> test/goldens/formats/nifti-*.nii, nifti.json

nifti.json names for every file the affine in this project's convention: index [z, y, x] to LPS.
Needs Debian's python3-numpy and python3-nibabel. Run from the repository's root.
"""
import json
import os

import nibabel as nib
import numpy as np

out = "test/goldens/formats"
os.makedirs(out, exist_ok=True)


def rotation(axis, degrees):
    axis = np.array(axis, float) / np.linalg.norm(axis)
    k = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    a = np.radians(degrees)
    return np.eye(3) + np.sin(a) * k + (1 - np.cos(a)) * k @ k


# Directions of the columns x, y, z in LPS.
CASES = {
    "head-first": np.eye(3),
    "feet-first": np.diag([1.0, 1, -1]),
    "prone": np.diag([-1.0, -1, 1]),
    "oblique": rotation([1, 2, 3], 25),
    "oblique-left-handed": rotation([3, -1, 1], 100) @ np.diag([1.0, 1, -1]),
    "half-turn": rotation([1, 1, 0], 180),
    "sheared": np.array([[1, 0, 0], [0, 1, 0.3], [0, 0, 1]]),
}
TYPES = [np.uint8, np.int16, np.float32]
spacing = np.array([0.7, 0.8, 2.5])  # x, y, z
shape = (5, 4, 3)
cases = []
for number, (name, directions) in enumerate(CASES.items()):
    dtype = TYPES[number % 3]
    lps = np.eye(4)
    lps[:3, :3] = directions * spacing
    lps[:3, 3] = [-120.5, 33.25, -700 + number]
    ras = np.diag([-1, -1, 1, 1]) @ lps
    step = np.linalg.norm(lps[:3, :3], axis=0)
    data = (np.arange(60).reshape(shape[::-1]) * 3 % 251).astype(dtype).transpose()
    image = nib.Nifti1Image(data, ras)
    image.header.set_data_dtype(dtype)
    image.header.set_xyzt_units("mm")
    image.set_sform(ras, 1)
    orthogonal = name != "sheared"
    image.set_qform(ras if orthogonal else None, 1 if orthogonal else 0)
    image.header["scl_slope"], image.header["scl_inter"] = 1, 0
    nib.save(image, os.path.join(out, f"nifti-{name}.nii"))
    zyx = lps[:, [2, 1, 0, 3]]
    cases.append(dict(name=name, dtype=np.dtype(dtype).name, shape=shape[::-1], spacing=step[::-1].tolist(),
                      affine=zyx.ravel().tolist(), orthogonal=orthogonal))
with open(os.path.join(out, "nifti.json"), "w") as f:
    json.dump(cases, f, indent=1)
    f.write("\n")
