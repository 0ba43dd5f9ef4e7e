#!/usr/bin/python3
"""Files as numpy.save writes them -> test/goldens/formats/*.npy

Needs Debian's python3-numpy. Run from the repository's root.
"""
import os

import numpy as np

out = "test/goldens/formats"
os.makedirs(out, exist_ok=True)


def save(name, array):
    np.save(os.path.join(out, name + ".npy"), array)


save("clean-uint8", (np.arange(60) * 4).astype(np.uint8).reshape(1, 3, 4, 5))
save("label-int64", np.array([[0, 0, 0, 0]]))
save("vector-float64", np.array([0.5, -1.0, 3.25]))
save("mask-bool", np.arange(10).reshape(2, 5) % 3 == 0)
save("hu-int16", np.arange(-12, 12, dtype=np.int16).reshape(2, 3, 4))
save("scalar-int64", np.array(-5_000_000_000))
save("vector-uint16", np.array([0, 1, 65535], np.uint16))
save("empty-float32", np.zeros((0, 3), np.float32))
save("long-shape-uint8", np.zeros((1,) * 25 + (2,), np.uint8))
save("big-endian-float64", np.array([1.5, -2.25], ">f8"))
with open(os.path.join(out, "version-2-int32.npy"), "wb") as f:
    np.lib.format.write_array(f, np.array([[1, -2], [3, 4]], np.int32), version=(2, 0))
save("fortran-int16", np.asfortranarray(np.arange(6, dtype=np.int16).reshape(2, 3)))
