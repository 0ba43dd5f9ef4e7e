#!/usr/bin/python3
"""The same small CT as NIfTI, MetaImage and NRRD -> test/goldens/images/

expected.npz holds `hu` (int16 z y x; z to the head, y to the back, x to the left), `spacing`
(float32 mm z y x) and `origin` (LPS mm of the first voxel). Every file holds these voxels, some
turned or stored in another type. Written byte by byte from the formats' own descriptions, so that
no library's opinion stands between them and the reader.

Needs Debian's python3-numpy. Run from the repository's root.
"""
import gzip
import os
import struct
import zlib

import numpy as np

OUT = "test/goldens/images"
SPACING = (2.5, 0.75, 0.5)  # exact in single precision
ORIGIN = (-20.5, -30.25, 100.0)  # LPS
rng = np.random.default_rng(7)
hu = rng.integers(-1024, 3000, (3, 4, 5)).astype(np.int16)


def write(name, data):
    with open(os.path.join(OUT, name), "wb") as f:
        f.write(data)


def nifti(array, rows, *, code=4, bits=16, slope=1.0, inter=0.0, sform=1, qform=0, quatern=(0, 0, 0), qfac=1.0,
          order="<", version=1):
    """A single file of an array [k, j, i]; rows: 3 x 4, (i, j, k, 1) to RAS mm."""
    rows = np.asarray(rows, float)
    dims = [3, *array.shape[::-1], 1, 1, 1, 1]
    pix = [qfac, *np.sqrt((rows[:, :3] ** 2).sum(0)), 0, 0, 0, 0]
    if version == 1:
        h = bytearray(352)
        put = lambda at, fmt, *v: struct.pack_into(order + fmt, h, at, *v)
        put(0, "i", 348); put(40, "8h", *dims); put(70, "hh", code, bits); put(76, "8f", *pix)
        put(108, "fff", 352, slope, inter); h[123] = 2
        put(252, "hh", qform, sform); put(256, "6f", *quatern, *rows[:, 3])
        put(280, "12f", *(rows.ravel() if sform else np.zeros(12))); h[344:348] = b"n+1\0"
    else:
        h = bytearray(544)
        put = lambda at, fmt, *v: struct.pack_into(order + fmt, h, at, *v)
        put(0, "i", 540); h[4:12] = b"n+2\0\r\n\x1a\n"; put(12, "hh", code, bits); put(16, "8q", *dims)
        put(104, "8d", *pix); put(168, "q", 544); put(176, "dd", slope, inter)
        put(344, "ii", qform, sform); put(352, "6d", *quatern, *rows[:, 3])
        put(400, "12d", *rows.ravel()); put(500, "i", 2)
    return bytes(h) + array.astype(array.dtype.newbyteorder(order)).tobytes()


os.makedirs(OUT, exist_ok=True)
sz, sy, sx = SPACING
x0, y0, z0 = ORIGIN
np.savez_compressed(f"{OUT}/expected.npz", hu=hu, spacing=np.array(SPACING, np.float32), origin=np.array(ORIGIN))

lps = [[-sx, 0, 0, -x0], [0, -sy, 0, -y0], [0, 0, sz, z0]]
last = lambda n, step: (n - 1) * step
ras = [[sx, 0, 0, -x0 - last(5, sx)], [0, sy, 0, -y0 - last(4, sy)], [0, 0, sz, z0]]
write("lps.nii", nifti(hu, lps))
write("lps-2.nii", nifti(hu, lps, version=2))
write("big-endian.nii", nifti(hu, lps, order=">"))
write("ras.nii.gz", gzip.compress(nifti(hu[:, ::-1, ::-1], ras), mtime=0))
# The array's axes are (y, z, x) of the patient: i runs along z downwards, j along x, k along y.
turned = np.ascontiguousarray(hu[::-1].transpose(1, 2, 0))
write("turned.nii", nifti(turned, [[0, -sx, 0, -x0], [0, 0, -sy, -y0], [-sz, 0, 0, z0 + last(3, sz)]]))
# A half turn about z leads from RAS to LPS: the quaternion (0, 0, 0, 1).
write("qform.nii", nifti(hu, lps, sform=0, qform=1, quatern=(0, 0, 1)))
write("float.nii", nifti((hu.astype(np.float32) - 24) / 2, lps, code=16, bits=32, slope=2.0, inter=24.0))
write("bare.nii", nifti(hu, lps, sform=0))

head = f"""ObjectType = Image
NDims = 3
BinaryData = True
BinaryDataByteOrderMSB = %s
CompressedData = %s
TransformMatrix = %s
Offset = %s
CenterOfRotation = 0 0 0
AnatomicalOrientation = RAI
ElementSpacing = {sx} {sy} {sz}
DimSize = 5 4 3
ElementType = %s
ElementDataFile = %s
"""
eye, origin = "1 0 0 0 1 0 0 0 1", f"{x0} {y0} {z0}"
write("plain.mhd", (head % ("False", "False", eye, origin, "MET_SHORT", "plain.raw")).encode())
write("plain.raw", hu.tobytes())
write("packed.mhd", (head % ("False", "True", eye, origin, "MET_SHORT", "packed.zraw")).encode())
write("packed.zraw", zlib.compress(hu.tobytes()))
write("local.mha", (head % ("True", "False", eye, origin, "MET_SHORT", "LOCAL")).encode() + hu.astype(">i2").tobytes())
flipped = f"{x0 + last(5, sx)} {y0 + last(4, sy)} {z0}"
write("flipped.mha", (head % ("False", "False", "-1 0 0 0 -1 0 0 0 1", flipped, "MET_FLOAT", "LOCAL")).encode()
      + np.ascontiguousarray(hu[:, ::-1, ::-1]).astype("<f4").tobytes())

nrrd = f"""NRRD0004
# a comment
type: %s
dimension: 3
space: %s
sizes: 5 4 3
space directions: %s
kinds: domain domain domain
endian: %s
encoding: %s
space origin: %s
"""
axes = f"({sx},0,0) (0,{sy},0) (0,0,{sz})"
write("plain.nrrd", (nrrd % ("short", "left-posterior-superior", axes, "little", "raw", f"({x0},{y0},{z0})") + "\n").encode()
      + hu.tobytes())
write("packed.nrrd", (nrrd % ("int16", "right-anterior-superior", axes, "big", "gzip",
                              f"({-x0 - last(5, sx)},{-y0 - last(4, sy)},{z0})") + "\n").encode()
      + gzip.compress(np.ascontiguousarray(hu[:, ::-1, ::-1]).astype(">i2").tobytes(), mtime=0))
write("detached.nhdr", (nrrd % ("int", "LPS", axes, "little", "raw", f"({x0},{y0},{z0})") + "data file: detached.raw\n").encode())
write("detached.raw", hu.astype("<i4").tobytes())
