"""Decode DICOM files with pydicom, those that it cannot decode after dcmtk has taken the
compression off.

  decode-odd-files.py OUT FILE...

Prints a JSON list with an entry for each file: what it is, and either the name of an int32 .npy in
OUT and who decoded it, or why nobody could.
"""

import json
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pydicom

warnings.simplefilter("ignore")

JPEG = "1.2.840.10008.1.2.4."
DECOMPRESSORS = {
    **{JPEG + end: ("dcmtk", ["dcmdjpeg"]) for end in ("50", "51", "53", "55", "57", "70")},
    **{JPEG + end: ("dcmtk", ["dcmdjpls"]) for end in ("80", "81")},
}


def decode(path):
    data = pydicom.dcmread(path, force=True)
    syntax = str(getattr(data.file_meta, "TransferSyntaxUID", "")) if hasattr(data, "file_meta") else ""
    entry = {"what": describe(data), "syntax": syntax}
    try:
        who, command = DECOMPRESSORS.get(syntax, ("pydicom", None))
        with tempfile.NamedTemporaryFile(suffix=".dcm") as plain:
            if command:
                subprocess.run([*command, path, plain.name], check=True, capture_output=True, timeout=60)
                data = pydicom.dcmread(plain.name, force=True)
            return entry | {"decoder": who}, data.pixel_array.astype(np.int32)
    except Exception as error:  # whatever it is, the table says so
        return entry | {"failure": type(error).__name__}, None


def describe(data):
    modality = data.get("Modality") or "no modality"
    size = f", {data.Rows} × {data.Columns}" if data.get("Rows") else ", no image"
    bits = f", {data.BitsStored} bit" if data.get("BitsStored") else ""
    return modality + size + bits


def main():
    out = Path(sys.argv[1])
    entries = []
    for number, path in enumerate(sys.argv[2:]):
        try:
            entry, pixels = decode(path)
        except Exception as error:
            entry, pixels = {"what": "not readable as DICOM", "syntax": "", "failure": type(error).__name__}, None
        if pixels is not None:
            entry["pixels"] = f"{number}.npy"
            np.save(out / entry["pixels"], pixels)
        entries.append(entry)
    json.dump(entries, sys.stdout)


main()
