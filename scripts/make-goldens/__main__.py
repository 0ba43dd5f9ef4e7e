#!/usr/bin/python3
"""Makes all goldens anew, from the repository's root: one script a topic, in the order of names.

  npm run build && npm run goldens

Needs Debian's python3-numpy, python3-scipy, python3-skimage, python3-pydicom, python3-nibabel,
dcmtk, libgdcm-tools and libopenjp2-tools, and for lungs.py the reference in $PLEURA_DATA (default: ../shared).
"""
import pathlib
import subprocess
import sys

here = pathlib.Path(__file__).resolve().parent
for script in sorted(here.glob("*.py")):
    if script.name != "__main__.py":
        print(script.name)
        subprocess.run([sys.executable, script], cwd=here.parent.parent, check=True)
