#!/usr/bin/python3
"""Tiny DICOM series, and what pydicom and numpy make of them -> test/goldens/dicom/*.npz

Every .npz holds the files of one series (`file0`, `file1`, …: uint8, in the order of their names)
and, for those that can be read, `hu` (int16 z y x) and `spacing` (float32 mm z y x).

Needs Debian's python3-numpy, python3-pydicom, libgdcm-tools and dcmtk. Run from the repository's root.
"""
import io
import os
import subprocess
import tempfile

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

OUT = "test/goldens/dicom"
CT = "1.2.840.10008.5.1.4.1.1.2"
SHAPE = (5, 6, 8)
SPACING = (2.5, 0.8, 0.7)
rng = np.random.default_rng(20170409)


def image(stored, k, *, syntax=ExplicitVRLittleEndian, bits=16, slope="1", intercept="-1024", number=None,
          spacing=SPACING, **extra):
    """One slice; a keyword of None leaves that element out."""
    d = Dataset()
    d.SOPClassUID, d.SOPInstanceUID = CT, f"1.2.3.{number or k + 1}"
    d.Modality, d.PatientName, d.PatientID, d.PatientBirthDate = "CT", "Doe^Jane", "secret-7", "19010203"
    d.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    d.StudyInstanceUID, d.SeriesInstanceUID = "1.2.3", "1.2.3.4"
    d.SeriesNumber, d.InstanceNumber = 2, number or k + 1
    d.ImagePositionPatient = ["-20.5", "-30.25", f"{-100 + k * spacing[0]:.4f}"]
    d.ImageOrientationPatient = ["1", "0", "0", "0", "1", "0"]
    d.PixelSpacing = [str(spacing[1]), str(spacing[2])]
    d.SamplesPerPixel, d.PhotometricInterpretation = 1, "MONOCHROME2"
    d.Rows, d.Columns = stored.shape
    d.BitsAllocated, d.BitsStored, d.HighBit = stored.dtype.itemsize * 8, bits, bits - 1
    d.PixelRepresentation = int(stored.dtype.kind == "i")
    d.RescaleSlope, d.RescaleIntercept = slope, intercept
    for name, value in {**extra, **({"RescaleSlope": None, "RescaleIntercept": None} if slope is None else {})}.items():
        if value is None:
            delattr(d, name)
        else:
            setattr(d, name, value)
    big = syntax == ExplicitVRBigEndian
    d.PixelData = stored.astype(stored.dtype.newbyteorder(">") if big else stored.dtype).tobytes()
    d["PixelData"].VR = "OW" if stored.dtype.itemsize == 2 else "OB"
    d.is_little_endian, d.is_implicit_VR = not big, syntax == ImplicitVRLittleEndian
    d.file_meta = FileMetaDataset()
    d.file_meta.MediaStorageSOPClassUID, d.file_meta.MediaStorageSOPInstanceUID = CT, d.SOPInstanceUID
    d.file_meta.TransferSyntaxUID = syntax
    return d


def encode(d, bare=False):
    """The bytes of a file; bare: without preamble and file meta."""
    buffer = io.BytesIO()
    if bare:
        del d.file_meta
    d.save_as(buffer, write_like_original=bare)
    return np.frombuffer(buffer.getvalue(), np.uint8)


def expected(datasets, key=lambda d: float(d.ImagePositionPatient[2])):
    """Hounsfield units and spacing of the datasets, ascending in z."""
    ordered = sorted(datasets, key=key)
    planes = []
    for d in ordered:
        plane = d.pixel_array.astype(np.int16)
        slope, intercept = float(d.get("RescaleSlope", 1)), float(d.get("RescaleIntercept", 0))
        if slope != 1:
            plane = (plane.astype(np.float64) * slope).astype(np.int16)
        planes.append(plane + np.int16(intercept))
    distance = abs(key(ordered[0]) - key(ordered[1]))
    return dict(hu=np.stack(planes), spacing=np.array([distance, *map(float, ordered[0].PixelSpacing)], np.float32))


def save(name, datasets, keep=None, bare=False, **want):
    """Files in an order that is not that of the slices."""
    if not want:
        want = expected(keep or datasets)
    files = {f"file{i}": encode(datasets[j], bare) for i, j in enumerate(rng.permutation(len(datasets)))}
    np.savez_compressed(os.path.join(OUT, name + ".npz"), **files, **want)


def volume(dtype, low, high, shape=SHAPE):
    return rng.integers(low, high, shape).astype(dtype)


os.makedirs(OUT, exist_ok=True)
ct = volume("<i2", -1000, 3000)
for name, syntax in dict(explicit=ExplicitVRLittleEndian, implicit=ImplicitVRLittleEndian,
                         big=ExplicitVRBigEndian, deflated=DeflatedExplicitVRLittleEndian).items():
    save(name, [image(plane, k, syntax=syntax) for k, plane in enumerate(ct)])
    if name != "deflated":
        save(f"bare-{name}", [image(plane, k, syntax=syntax) for k, plane in enumerate(ct)],
             bare=True, **expected([image(plane, k, syntax=syntax) for k, plane in enumerate(ct)]))

save("signed-zero-intercept", [image(plane, k, intercept="0") for k, plane in enumerate(ct)])
save("odd-pixel-count", [image(plane, k) for k, plane in enumerate(volume("<i2", -1000, 3000, (4, 5, 7)))])
save("unsigned-12", [image(plane, k, bits=12) for k, plane in enumerate(volume("<u2", 0, 4096))])
save("unsigned-16", [image(plane, k) for k, plane in enumerate(volume("<u2", 0, 33792))])
save("unsigned-up", [image(plane, k, intercept="24") for k, plane in enumerate(volume("<u2", 0, 32744))])
save("unsigned-8", [image(plane, k, bits=8, slope="8") for k, plane in enumerate(volume("u1", 0, 256))])
save("signed-8", [image(plane, k, bits=8, slope="8", intercept="-3.9") for k, plane in enumerate(volume("i1", -128, 128))])
slopes = [("1", "-1024"), ("0.5", "-1000.7"), ("2", "12.5"), ("0.01", "0"), ("1.0", "-0.5")]
save("slopes", [image(plane, k, slope=slopes[k][0], intercept=slopes[k][1]) for k, plane in enumerate(ct)])
save("no-rescale", [image(plane, k, slope=None) for k, plane in enumerate(ct)])

by_location = [image(plane, k, ImagePositionPatient=None, SliceLocation=f"{-40 - 1.25 * k}") for k, plane in enumerate(ct)]
save("slice-location", by_location, **expected(by_location, key=lambda d: float(d.SliceLocation)))

first = [image(plane, k) for k, plane in enumerate(ct)]
second = [image(plane + 7, k, number=6 + k) for k, plane in enumerate(ct)]
save("two-passes", first + second, keep=first)

icon = Dataset()
icon.Rows = icon.Columns = 4
icon.SamplesPerPixel, icon.PhotometricInterpretation = 1, "MONOCHROME2"
icon.BitsAllocated, icon.BitsStored, icon.HighBit, icon.PixelRepresentation = 8, 8, 7, 0
icon.PixelData = bytes(range(16))
icon["PixelData"].VR = "OB"
long = []
for k, plane in enumerate(ct):
    d = image(plane, k, IconImageSequence=Sequence([icon]))
    d.private_block(0x0029, "PLEURA TEST", create=True).add_new(0x10, "OB", bytes(40_000))
    long.append(d)
save("long-header", long)

truncated = [image(plane, k) for k, plane in enumerate(ct)]
files = {f"file{k}": encode(d) for k, d in enumerate(truncated)}
files["file3"] = files["file3"][:-31]
np.savez_compressed(os.path.join(OUT, "truncated.npz"), **files)


def enhanced(stored):
    """One file of several frames with functional groups, in an order that is not that of the slices."""
    order = [2, 0, 1, 4, 3]
    d = image(np.concatenate([stored[k] for k in order]), 0, slope=None,
              ImagePositionPatient=None, ImageOrientationPatient=None, PixelSpacing=None)
    d.SOPClassUID = "1.2.840.10008.5.1.4.1.1.2.1"
    d.Rows, d.NumberOfFrames = stored.shape[1], len(order)

    def item(**elements):
        inner = Dataset()
        for name, value in elements.items():
            setattr(inner, name, value)
        return Sequence([inner])

    shared, frames = Dataset(), []
    shared.PlaneOrientationSequence = item(ImageOrientationPatient=["1", "0", "0", "0", "1", "0"])
    shared.PixelMeasuresSequence = item(PixelSpacing=[str(SPACING[1]), str(SPACING[2])], SliceThickness="2.5")
    shared.PixelValueTransformationSequence = item(RescaleSlope="1", RescaleIntercept="-1024", RescaleType="HU")
    for k in order:
        f = Dataset()
        f.PlanePositionSequence = item(ImagePositionPatient=["-20.5", "-30.25", f"{-100 + k * SPACING[0]:.4f}"])
        if k == 3:
            f.PixelValueTransformationSequence = item(RescaleSlope="2", RescaleIntercept="-1000", RescaleType="HU")
        frames.append(f)
    d.SharedFunctionalGroupsSequence, d.PerFrameFunctionalGroupsSequence = Sequence([shared]), Sequence(frames)
    return d


multi = enhanced(ct)
same = [image(plane, k, slope="2" if k == 3 else "1", intercept="-1000" if k == 3 else "-1024") for k, plane in enumerate(ct)]
save("enhanced", [multi], **expected(same))

def convert(d, *command):
    """A dataset that an outside tool has compressed or decompressed."""
    with tempfile.TemporaryDirectory() as t:
        d.save_as(f"{t}/in.dcm", write_like_original=False)
        subprocess.run([*command, f"{t}/in.dcm", f"{t}/out.dcm"], check=True, capture_output=True)
        with open(f"{t}/out.dcm", "rb") as f:
            return pydicom.dcmread(io.BytesIO(f.read()))


def save_compressed(name, datasets, compress, decompress=None):
    """Expected are the values before compression, or what the tool's own decoder gives of a lossy one."""
    packed = [convert(d, *compress) for d in datasets]
    plain = datasets if decompress is None else [convert(d, *decompress) for d in packed]
    want = expected(plain)
    save(name, packed, **want)


def smooth(low, high, dtype, shape=(2, 20, 21)):
    """Something like anatomy: a gradient, a step and a little noise."""
    z, y, x = np.mgrid[tuple(slice(n) for n in shape)]
    value = 0.5 + 0.3 * np.sin(x / 3 + z) * np.cos(y / 4) + 0.1 * ((x - 10) ** 2 + (y - 9) ** 2 < 36)
    return (low + (high - low) * np.clip(value + rng.normal(0, 0.02, shape), 0, 1)).astype(dtype)


signed = [image(plane, k) for k, plane in enumerate(smooth(-1000, 3000, "<i2"))]
unsigned = [image(plane, k, bits=12) for k, plane in enumerate(smooth(0, 4095, "<u2"))]
narrow = [image(plane, k, bits=12, intercept="0") for k, plane in enumerate(smooth(-1024, 2047, "<i2"))]
bytes_ = [image(plane, k, bits=8, slope="8") for k, plane in enumerate(smooth(0, 255, "u1"))]
save_compressed("rle", signed, ["gdcmconv", "--rle"])
save_compressed("rle-8", bytes_, ["gdcmconv", "--rle"])
save_compressed("jpeg-lossless", signed, ["gdcmconv", "--jpeg"])
for predictor in range(1, 8):
    save_compressed(f"jpeg-lossless-{predictor}", unsigned, ["dcmcjpeg", "+el", "+sv", str(predictor)])
save_compressed("jpeg-ls", signed, ["dcmcjpls"])
save_compressed("jpeg-ls-12", narrow, ["dcmcjpls"])
save_compressed("jpeg-ls-near", unsigned, ["dcmcjpls", "+en"], ["dcmdjpls"])
save_compressed("jpeg-2000", signed, ["gdcmconv", "--j2k"])
save_compressed("jpeg-2000-8", bytes_, ["gdcmconv", "--j2k"])
save_compressed("jpeg-baseline", bytes_, ["dcmcjpeg", "+eb", "+q", "90"], ["dcmdjpeg"])
save_compressed("jpeg-extended-12", unsigned, ["dcmcjpeg", "+ee", "+q", "90"], ["dcmdjpeg"])
save("enhanced-rle", [convert(enhanced(ct), "gdcmconv", "--rle")], **expected(same))
