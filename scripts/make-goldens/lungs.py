#!/usr/bin/python3
"""Goldens for src/ops and src/lungs, from numpy, scipy (1.10), scikit-image (0.19) and the plain
reference of the published pipeline, $PLEURA_DATA/reference/reference.py.

  npm run build && scripts/make-goldens/lungs.py [OUT]     default: test/goldens/lungs

One .npz a topic, chain-NAME.npz for whole phantoms. Masks are packed bits, lowest first, of the
C-ordered array. Where an .npz holds several cases, `names` lists them as JSON, and every array
holds their values one after the other, each mask beginning with a new byte.
"""
import hashlib
import json
import os
import subprocess
import sys
import tempfile

import numpy as np
import scipy.ndimage as ndi
from scipy.ndimage._filters import _gaussian_kernel1d
from skimage.morphology import convex_hull_image

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
REFERENCE = os.path.join(os.environ.get("PLEURA_DATA", os.path.join(ROOT, "../shared")), "reference")
sys.dont_write_bytecode = True
sys.path.insert(0, REFERENCE)
import reference  # noqa: E402

OUT = sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "test/goldens/lungs")
rng = np.random.default_rng(20170407)


def pack(mask):
    return np.packbits(np.asarray(mask, bool).ravel(), bitorder="little")


def plain(value):
    """As it is stored: masks as bits, no type that JavaScript has not."""
    value = np.asarray(value)
    if value.dtype == bool:
        return pack(value)
    return value.astype({"float32": np.float64, "int64": np.int32}.get(value.dtype.name, value.dtype))


def save(name, **arrays):
    os.makedirs(OUT, exist_ok=True)
    np.savez_compressed(os.path.join(OUT, name + ".npz"), **{key: plain(value) for key, value in arrays.items()})


def save_cases(name, cases):
    """One array a key, the cases one after the other; a case has the same keys as every other."""
    joined = {key: np.concatenate([plain(case[key]).ravel() for case in cases.values()]) for key in next(iter(cases.values()))}
    names = json.dumps([str(case) for case in cases]).encode()
    save(name, names=np.frombuffer(names, np.uint8), **joined)


def f32(*spacing):
    return np.array(spacing, np.float32)


def blobs(shape, share, sigma=2.0):
    """Smooth random bodies that take a share of the volume."""
    noise = ndi.gaussian_filter(rng.normal(size=shape), sigma)
    return noise > np.quantile(noise, 1 - share)


# Numbers: sums in numpy's order, of values that JavaScript makes just so, and Gaussian weights.
i = np.arange(5000, dtype=np.float64)
values = (i * i * 31 + i * 7) % 65521 / 97
lengths = [*range(1, 26), 127, 128, 129, 130, 135, 136, 137, 255, 256, 257, 264, 1000, 1025, 4999]
gaussians = {}
for sigma in (0.25, 0.5, 1, 1.5, 2.3, 5, 15):
    radius = int(2.0 * sigma + 0.5)
    gaussians[f"gaussian{sigma:g}"] = _gaussian_kernel1d(sigma, 0, radius)[radius:]
save("numbers", lengths=lengths, sums=[values[:n].sum() for n in lengths], **gaussians)

# Binarisation: `dark` is the smoothed threshold alone, `kept` drops regions as published.
cases = {}


def binarize(name, hu, spacing=f32(2.5, 1.5, 1.5), threshold=-600, sigma=1, corner=10):
    hu = hu.astype(np.int16)
    rules = dict(threshold=threshold, sigma=sigma, corner=corner)
    cases[name] = dict(hu=hu, shape=np.array(hu.shape), spacing=spacing, rules=np.array([threshold, sigma, corner], float),
                       dark=reference.binarize(hu, spacing, min_area=-1, max_eccentricity=2, **rules),
                       kept=reference.binarize(hu, spacing, **rules))


def image(kind, shape):
    y, x = np.indices(shape)
    if kind == "noise":  # narrow noise around the threshold: nearly every window straddles it
        return rng.integers(-616, -584, shape)
    if kind == "ones":  # the threshold itself and its neighbours
        return rng.choice([-601, -600, -599], shape)
    if kind == "half":  # two halves, symmetric about the threshold
        return np.where(x < shape[1] // 2, -601, -599)
    if kind == "board":
        return np.where((x + y) % 2, -601, -599)
    if kind == "flat":
        return np.full(shape, -600)
    if kind == "bodies":
        return np.where(blobs(shape, 0.4, 2.5), -850, 30)
    raise ValueError(kind)


def padded(shape, value=-2048):
    """Bodies inside a circle, one value around it, but the circle is smaller than the inscribed disc."""
    y, x = np.indices(shape)
    radius = shape[0] / 2 - 1
    circle = (y - shape[0] / 2 + 0.5) ** 2 + (x - shape[1] / 2 + 0.5) ** 2 < radius**2
    return np.where(circle, image("bodies", shape), value)


kinds = ("noise", "ones", "half", "board", "flat", "bodies")
for name, shape in dict(square=(48, 48), odd=(33, 33), wide=(20, 45), tall=(45, 31), word=(12, 64)).items():
    binarize(name, np.stack([image(kind, shape) for kind in kinds]))
# A blank corner: three values of it, one slice without, and a disc that meets pixels at the threshold.
for side in (32, 47):
    slices = [padded((side, side)), padded((side, side), -1000), padded((side, side), 0), image("bodies", (side, side))]
    slices.append(np.where(padded((side, side)) == -2048, -2048, image("ones", (side, side))))
    slices.append(np.where(padded((side, side)) == -2048, -600, image("ones", (side, side))))
    binarize(f"blank{side}", np.stack(slices))
binarize("blank-wide", padded((40, 40))[:, 4:][None])
binarize("blank-small-corner", padded((24, 24))[None], corner=3)
binarize("smaller-than-corner", np.stack([np.full((7, 7), -900), image("ones", (7, 7))]))
binarize("one-pixel", np.full((2, 1, 1), -900))
binarize("thin", np.stack([image("noise", (1, 40)), image("bodies", (1, 40))]))
for threshold in (-600.5, -599.99, -601, 0, -608.3):
    binarize(f"threshold{threshold}", np.stack([image(k, (24, 24)) for k in ("noise", "ones", "flat")]), threshold=threshold)
for sigma in (0.25, 0.7, 2.3, 5, 15):
    binarize(f"sigma{sigma}", np.stack([image(k, (21, 38)) for k in ("noise", "ones", "half", "flat", "bodies")]), sigma=sigma)
    binarize(f"sigma-blank{sigma}", padded((40, 40))[None], sigma=sigma)
# Regions near the limits: rectangles of every slenderness, slanted ellipses, 30 mm² and one more.
slender = np.full((3, 150, 150), 40)
top = 2
for k, h in enumerate((2, 3, 4, 5, 6, 7, 8, 9)):
    width = int(round(np.sqrt((h * h - 1) / 0.0199 + 1)))
    for d in (-1, 0, 1):
        slender[0, top : top + h, 4 : 4 + width + d] = -1000
        top += h + 1
y, x = np.indices((150, 150))
for k in range(36):
    angle, ratio = k * 0.19, 0.13 + 0.0006 * k
    cy, cx = 13 + 24 * (k // 6), 13 + 24 * (k % 6)
    u, v = (y - cy) * np.cos(angle) + (x - cx) * np.sin(angle), (x - cx) * np.cos(angle) - (y - cy) * np.sin(angle)
    slender[1][(u / 11.5) ** 2 + (v / (11.5 * ratio * 1.05)) ** 2 < 1] = -1000
for k, (h, w) in enumerate([(5, 6), (3, 10), (2, 15), (1, 30), (1, 31), (5, 5), (6, 6), (4, 8), (7, 5), (1, 1)]):
    slender[2, 3 + 10 * k : 3 + 10 * k + h, 5 : 5 + w] = -1000
    slender[2, 3 + 10 * k : 3 + 10 * k + h, 60 : 60 + w] = -1000
    slender[2, 3 + 10 * k + h, 60 + w] = -1000  # a corner more, joined diagonally
binarize("slender", slender, f32(1, 1, 1), sigma=0.25)
binarize("slender-anisotropic", slender[2:], f32(1, 1.25, 0.8), sigma=0.25)
save_cases("binarize", cases)

# Convex hulls of slices, and what is kept of them.
hulls = []
side = 21
for k in range(220):
    plane = np.zeros((side, side), bool)
    if k == 0:
        plane[10, 10] = True
    elif k < 40:  # lines in all directions, some broken
        (y0, x0), (y1, x1) = rng.integers(0, side, (2, 2))
        n = rng.integers(2, side)
        t = np.linspace(0, 1, n)
        plane[np.round(y0 + t * (y1 - y0)).astype(int), np.round(x0 + t * (x1 - x0)).astype(int)] = True
    elif k < 80:  # lattice points: many of them on one edge
        plane[:: rng.integers(2, 6), :: rng.integers(2, 6)] = True
        plane &= rng.random(plane.shape) < 0.5
    elif k < 150:  # few points
        plane.ravel()[rng.choice(side * side, rng.integers(2, 9), replace=False)] = True
    elif k < 190:
        plane = blobs((side, side), rng.uniform(0.05, 0.6))
    else:
        plane = rng.random((side, side)) < rng.uniform(0.02, 0.9)
    if not plane.any():
        plane[0, 0] = True
    hulls.append((plane, convex_hull_image(plane)))
save("hull", shape=[len(hulls), side, side], masks=[p for p, _ in hulls], hulls=[h for _, h in hulls])

# Distances, to the last bit, with and without ties; cores that share a mask.
SPACINGS = [f32(1, 1, 1), f32(2.5, 0.703125, 0.703125), f32(4.171872, 0.646484, 0.646484), f32(2.5, 1, 1),
            f32(1, 2.5, 0.703125), f32(0.646484, 4.171872, 1), f32(3, 3, 3), f32(1.25, 0.9765625, 0.5)]
cases = {}
for k in range(24):
    shape = (4, 6, 7) if k % 2 else (5, 5, 6)
    mask = rng.random(shape) < (0.02, 0.05, 0.1, 0.3)[k % 4]
    mask.ravel()[rng.integers(mask.size)] = True
    spacing = SPACINGS[k % len(SPACINGS)]
    cases[k] = dict(shape=np.array(shape), spacing=spacing, mask=mask,
                    distance=ndi.distance_transform_edt(~mask, sampling=spacing))
save_cases("distance", cases)
cases = {}
for k in range(36):
    shape = (7, 10, 40) if k % 3 else (6, 11, 33)
    spacing = SPACINGS[k % len(SPACINGS)]
    if k % 4 == 0:  # few points: long ways
        cores = [rng.random(shape) < 0.003 for _ in range(2)]
    elif k % 4 == 1:  # two bodies
        cores = [blobs(shape, 0.06) for _ in range(2)]
    elif k % 4 == 2:  # mirrored: ties by the plane
        cores = [blobs(shape, 0.05)]
        cores.append(cores[0][:, :, ::-1])
    else:  # mirrored along every axis
        cores = [rng.random(shape) < 0.01]
        cores.append(cores[0][::-1, ::-1, ::-1])
    both = cores[0] & cores[1]
    cores = [c & ~both for c in cores]
    for at, core in zip((0, -1), cores):
        core.ravel()[at] = True
    cores[1].ravel()[0] = cores[0].ravel()[-1] = False
    mask = np.ones(shape, bool) if k % 5 == 0 else rng.random(shape) < 0.7
    mask |= cores[0] | cores[1]
    d1, d2 = (ndi.distance_transform_edt(~c, sampling=spacing) for c in cores)
    cases[k] = dict(shape=np.array(shape), spacing=spacing, mask=mask, core1=cores[0], core2=cores[1],
                    first=mask & (d1 < d2), second=mask & (d1 > d2))
save_cases("nearest-core", cases)

# The rules of each stage on small bodies; voxels are large, so that they hold litres.
cases = {}
for k in range(14):
    shape = [(6, 20, 37), (5, 24, 32), (6, 17, 45)][k % 3]
    mask = blobs(shape, rng.uniform(0.1, 0.6), rng.uniform(0.8, 2.0))
    if k >= 10:
        mask = rng.random(shape) < (0.05, 0.3, 0.6, 0.9)[k - 10]
    no_corners = mask.copy()
    no_corners[np.ix_([0, -1], [0, -1], [0, -1])] = False
    cases[k] = dict(shape=np.array(shape), mask=mask, no_corners=no_corners,
                    main=reference.main_part(mask), main50=reference.main_part(mask, 0.5),
                    main100=reference.main_part(mask, 1.0), slices=reference.fill_slices(mask),
                    holes=reference.fill_holes(no_corners), hull1=reference.hull_and_dilate(mask, 1),
                    hull3=reference.hull_and_dilate(mask, 3))
save_cases("rules", cases)

cases = {}
for k in range(24):
    shape = [(9, 20, 24), (10, 24, 33), (8, 17, 20)][k % 3]
    spacing = [f32(20, 12, 12), f32(25, 10, 14), f32(14.171872, 14, 11)][k // 3 % 3]
    mask = blobs(shape, rng.uniform(0.15, 0.4), 1.5)
    if k % 2:  # two rough lungs, and in the highest slices an air way from both of them to a corner
        z, y, x = (i - (n - 1) / 2 for i, n in zip(np.indices(shape), shape))
        side = shape[2] / 4
        mask = (z / shape[0] / 0.55) ** 2 + (y / shape[1] / 0.35) ** 2 + ((abs(x) - side) / side / 0.8) ** 2 < 1
        mask &= rng.random(shape) > 0.05
        high = k // 2 % 5
        if high:
            mask[-high:, shape[1] // 2, :] = True
            mask[-high, : shape[1] // 2, 0] = mask[-high:, 0, 0] = True
    arrays = dict(shape=np.array(shape), spacing=spacing, mask=mask)
    bw, used, found = reference.select_with_cuts(mask, spacing)
    arrays |= dict(with_cuts=bw if found else reference.select(mask, spacing)[0], summary=np.array([used, found]))
    for cut in (0, 1, 2, 3, 5):
        arrays[f"cut{cut}"], bodies = reference.select(mask, spacing, cut)
        arrays[f"bodies{cut}"] = np.array([bodies])
    arrays["strict"], _ = reference.select(mask, spacing, 1, litres=(1.2, 3.0), min_area=9e3, max_distance=40)
    cases[k] = arrays
save_cases("select", cases)

cases = {}
for k in range(14):
    shape = [(14, 26, 46), (12, 30, 40), (16, 22, 66)][k % 3]
    spacing = SPACINGS[k % len(SPACINGS)]
    z, y, x = (i - (n - 1) / 2 for i, n in zip(np.indices(shape), shape))
    half = shape[2] / 4
    lobe = lambda c, r: (z / (shape[0] / 2.1)) ** 2 + (y / (shape[1] / 2.2)) ** 2 + ((x - c) / r) ** 2 < 1
    mask = lobe(-half, half * 0.8) | lobe(half, half * (0.9 if k % 4 else 0.45))
    if k % 3:
        mask |= (abs(z) < 1 + k % 3) & (abs(y) < 1 + k % 4) & (abs(x) < half)
    if k > 10:
        mask |= (abs(y) < 4 * (k - 9)) & (abs(z) < 3 * (k - 9)) & (abs(x) < half)
    mask &= rng.random(shape) > (0 if k % 2 else 0.004)
    for limits in ("", "few"):
        rules = dict(max_iterations=2, max_ratio=1.5) if limits else {}
        lung1, lung2 = reference.split_lungs(mask, spacing, **rules)
        cases[f"{k}{limits}"] = dict(shape=np.array(shape), spacing=spacing, mask=mask, lung1=lung1, lung2=lung2)
save_cases("separate", cases)

# Whole phantoms, some of them changed: boxes of one value, [z0, z1, y0, y1, x0, x1, HU].
SQUARE, WIDE = dict(size=80, slices=36), dict(size=[72, 96], slices=36)
CHAINS = dict(
    plain=(SQUARE, []),
    wide=(WIDE, []),
    leak=(SQUARE, [[30, 32, 38, 44, 2, 78, -1000]]),
    bridge=(WIDE, [[14, 18, 30, 36, 40, 60, -900]]),
    block=(SQUARE, [[6, 31, 18, 60, 8, 72, 40], [10, 26, 26, 52, 18, 60, -850]]),  # nothing to separate
)
PHANTOM = """
import { makePhantom } from "pleura";
const { voxels, shape, spacing } = makePhantom(JSON.parse(process.argv[1]));
console.log(JSON.stringify({ shape, spacing }));
process.stdout.write(new Uint8Array(voxels.buffer));
"""
for name, (options, boxes) in CHAINS.items():
    done = subprocess.run(["node", "--input-type=module", "-e", PHANTOM, json.dumps(options)],
                          cwd=ROOT, check=True, stdout=subprocess.PIPE)
    head, raw = done.stdout.split(b"\n", 1)
    grid = json.loads(head)
    hu = np.frombuffer(raw, "<i2").reshape(grid["shape"]).copy()
    for z0, z1, y0, y1, x0, x1, value in boxes:
        hu[z0:z1, y0:y1, x0:x1] = value
    with tempfile.TemporaryDirectory() as folder:
        scan = os.path.join(folder, "scan.npz")
        np.savez(scan, hu=hu, spacing=np.array(grid["spacing"], np.float32))
        print(subprocess.run([sys.executable, os.path.join(REFERENCE, "reference.py"), scan, "--out", folder, "--stages"],
                             check=True, stdout=subprocess.PIPE, text=True).stdout.strip()[:300])
        load = lambda key: np.load(os.path.join(folder, key + ".npy"))
        digest = lambda array: np.frombuffer(hashlib.sha256(array.tobytes()).digest(), np.uint8)
        arrays = {key: load(key) for key in "binary body filled lung1 lung2 dilated1 dilated2 cut box spacing".split()}
        arrays |= dict(options=np.frombuffer(json.dumps(options).encode(), np.uint8), shape=np.array(hu.shape),
                       boxes=np.array(boxes).reshape(-1, 7), hu_sha256=digest(hu), clean_sha256=digest(load("clean")),
                       clean_shape=np.array(load("clean").shape))
        save("chain-" + name, **arrays)
