#!/usr/bin/python3
"""Makes goldens/formats/jpeg-2000.npz: one image in JPEG 2000 streams of every progression, with and without
tiles, precincts, layers, markers around packets, and other ways of coding blocks, as OpenJPEG writes them.

Needs Debian's python3-numpy and libopenjp2-tools. Run from the repository's root.
"""
import pathlib
import subprocess
import tempfile

import numpy as np

goldens = pathlib.Path("test/goldens/formats")
rng = np.random.default_rng(7)
y, x = np.mgrid[:33, :46]
image = (1024 + 700 * np.sin(x / 9) * np.cos(y / 7) + rng.integers(0, 12, x.shape)).astype("<u2")

layouts = {
    "plain": "",
    "precincts": "-n 3 -c [32,32],[16,16],[8,8] -b 8,8",
    "tiles": "-n 3 -t 25,20",
    "layers": "-r 8,4,2,1",
    "offset": "-n 3 -d 5,3 -T 2,1 -t 30,30 -c [16,16],[16,16],[8,8] -b 4,8",
    "parts": "-n 3 -t 25,20 -TP R -r 4,1",
    "markers": "-n 3 -SOP -EPH -r 4,1 -c [16,16],[16,16],[8,8]",
    "bypass": "-n 3 -M 1 -b 16,16",
    "every-style": "-n 3 -M 63 -r 4,1 -b 16,16",
}
streams = {}
with tempfile.TemporaryDirectory() as scratch:
    raw, packed = f"{scratch}/image.rawl", f"{scratch}/image.j2k"
    pathlib.Path(raw).write_bytes(image.tobytes())
    for name, options in layouts.items():
        for progression in ["LRCP", "RLCP", "RPCL", "PCRL", "CPRL"]:
            size = f"{image.shape[1]},{image.shape[0]},1,16,u"
            command = ["opj_compress", "-i", raw, "-o", packed, "-F", size, *options.split(), "-p", progression]
            subprocess.run(command, check=True, capture_output=True)
            streams[f"{name} {progression}"] = np.frombuffer(pathlib.Path(packed).read_bytes(), np.uint8)
np.savez_compressed(goldens / "jpeg-2000.npz", image=image, **streams)
