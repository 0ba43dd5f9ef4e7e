"""Compares pairs of NIfTI files in the patient's space: prints how many voxels differ and how far apart their corners are.

  compare-nifti.py A B [A B ...]
"""
import itertools, json, sys
import nibabel as nib
import numpy as np

answers = []
for a, b in zip(sys.argv[1::2], sys.argv[2::2]):
    a, b = nib.as_closest_canonical(nib.load(a)), nib.as_closest_canonical(nib.load(b))
    # Several passes are written as one file with a fourth axis, the first pass first.
    if len(b.shape) == 4:
        b = b.slicer[..., 0]
    if a.shape != b.shape:
        answers.append({"shapes": [a.shape, b.shape]})
        continue
    corners = np.array([[*c, 1] for c in itertools.product(*((0, n - 1) for n in a.shape))]).T
    apart = np.linalg.norm(((a.affine - b.affine) @ corners)[:3], axis=0).max()
    differ = np.count_nonzero(np.asanyarray(a.dataobj) != np.asanyarray(b.dataobj))
    answers.append({"differ": int(differ), "apart": float(apart)})
print(json.dumps(answers))
