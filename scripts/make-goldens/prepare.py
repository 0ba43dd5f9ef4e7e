#!/usr/bin/python3
"""Goldens for src/prepare, from numpy, scipy (1.10) and scikit-image: windows, masks, splines,
resampling, boxes, and the way from lungs to clean as a whole.

  scripts/make-goldens/prepare.py [OUT]     default: test/goldens/prepare

One .npz a topic. In zoom.npz an entry `in.NAME` is the input, `out.NAME.ORDER` the result.
"""
import os
import sys

import numpy as np
import scipy.ndimage as ndi
from skimage.morphology import convex_hull_image

OUT = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), "../../test/goldens/prepare")
rng = np.random.default_rng(20170407)


def save(name, **arrays):
    os.makedirs(OUT, exist_ok=True)
    np.savez_compressed(os.path.join(OUT, name + ".npz"), **arrays)


def window(hu, low, high):
    t = (hu - low) / (high - low)
    return (np.clip(t, 0, 1) * 255).astype("uint8")


def resample(volume, spacing, new_spacing, order):
    shape = np.round(volume.shape * spacing / new_spacing)
    true_spacing = spacing * volume.shape / shape
    return ndi.zoom(volume, shape / volume.shape, mode="nearest", order=order), true_spacing


def random_image(shape, dtype):
    """Half noise, half saturated: the ends of the type have to survive over- and undershoot."""
    info = np.iinfo(dtype) if np.issubdtype(dtype, np.integer) else None
    low, high = (info.min, info.max) if info else (-1.0, 1.0)
    image = rng.uniform(low, high, shape)
    image = np.where(rng.random(shape) < 0.5, image, np.where(rng.random(shape) < 0.5, low, high))
    return image.astype(dtype)


# Windows: every int16.
every = np.arange(-32768, 32768).astype(np.int16)
save("window", lung=window(every, -1200.0, 600.0), mediastinum=window(every, -160.0, 240.0))

# Masks.
shape = (4, 9, 37)
image = rng.integers(0, 256, shape).astype(np.uint8)
image[0] = np.resize(np.arange(256, dtype=np.uint8), shape[1:])
near = rng.random(shape) < 0.7
lungs = near & (rng.random(shape) < 0.5)
masked = np.where(near, image, np.uint8(170))
masked[(masked * (near ^ lungs)) > 210] = 170
save("mask", image=image, near=near.astype(np.uint8), lungs=lungs.astype(np.uint8), masked=masked)

# Zoom: name -> shape, spacing, type. `tie` doubles every axis: weights of one half.
cases = dict(
    down=((5, 13, 11), (2.5, 0.703125, 0.66), np.uint8),
    up=((4, 5, 3), (2.5, 1.7, 3.1), np.uint8),
    tie=((5, 9, 3), (9 / 5, 17 / 9, 5 / 3), np.uint8),
    tie16=((5, 9, 3), (9 / 5, 17 / 9, 5 / 3), np.int16),
    flat=((1, 6, 2), (3.0, 0.8, 2.2), np.uint8),
    single=((3, 4, 5), (0.3, 0.3, 1.3), np.int16),
    thin=((2, 1, 9), (1.25, 1.0, 0.4), np.int16),
    same=((3, 4, 5), (1.0, 1.0, 1.0), np.int16),
    signed=((6, 7, 5), (1.3, 0.9, 1.6), np.int16),
    byte=((6, 7, 5), (1.3, 0.9, 1.6), np.int8),
    word=((6, 7, 5), (1.3, 0.9, 1.6), np.uint16),
    long=((6, 7, 5), (1.3, 0.9, 1.6), np.int32),
    single_precision=((6, 7, 5), (1.3, 0.9, 1.6), np.float32),
    double=((6, 7, 5), (1.3, 0.9, 1.6), np.float64),
    double_long=((3, 4, 40), (1.3, 0.9, 0.7), np.float64),
)
arrays = {}
for name, (shape, spacing, dtype) in cases.items():
    spacing = np.array(spacing, np.float32)
    arrays["in." + name] = random_image(shape, dtype)
    arrays["spacing." + name] = spacing.astype(np.float64)
    for order in range(6):
        out, true_spacing = resample(arrays["in." + name], spacing, np.array([1, 1, 1]), order)
        arrays[f"out.{name}.{order}"] = out
    arrays["true." + name] = true_spacing
save("zoom", **arrays)

# Another grid than 1 mm, and channels.
spacing, new_spacing = np.array([2.5, 0.7, 0.9], np.float32), np.array([1.5, 2.0, 0.8])
image = random_image((5, 8, 6, 3), np.int16)
channels = [resample(image[..., c], spacing, new_spacing, 2) for c in range(3)]
save("channels", image=image, spacing=spacing.astype(np.float64), new_spacing=new_spacing,
     out=np.stack([c[0] for c in channels], -1), true_spacing=channels[0][1])

# Shapes of new grids, many of them halves that round to even, and boxes.
shapes = rng.integers(1, 600, (400, 3))
spacings = np.where(rng.random((400, 3)) < 0.5, rng.integers(1, 40, (400, 3)) / 8 + 0.5, rng.uniform(0.5, 5, (400, 3)))
spacings = spacings.astype(np.float32)
first = (rng.random((400, 3)) * shapes).astype(np.int64)
last = np.maximum(first, (rng.random((400, 3)) * shapes).astype(np.int64))
grids = np.round(shapes * spacings)
box = np.floor(np.stack([first, last], 2) * spacings[:, :, None]).astype(int)
boxes = np.stack([np.maximum(0, box[..., 0] - 5), np.minimum(grids, box[..., 1] + 10)], 2).astype(int)
save("boxes", shapes=shapes.astype(np.int32), spacings=spacings.astype(np.float64), first=first.astype(np.int32),
     last=last.astype(np.int32), grids=grids.astype(np.int32), boxes=boxes.astype(np.int32))

# From lungs to clean: two bent blobs in noise.
shape, spacing = (14, 52, 75), np.array([2.5, 0.9, 0.8], np.float32)
z, y, x = np.indices(shape)
blob = lambda cx: ((z - 7) / 5.5) ** 2 + ((y - 26) / 17) ** 2 + ((x - cx) / 12) ** 2 < 1
bite = ((y - 34) / 9) ** 2 + ((x - 37) / 13) ** 2 < 1
parts = [blob(22) & ~bite, blob(53) & ~bite]
hu = rng.normal(40, 60, shape)
hu[parts[0] | parts[1]] = rng.normal(-800, 150, int((parts[0] | parts[1]).sum()))
hu[((x - 37) ** 2 + (y - 6) ** 2) < 30] = 900
hu = hu.astype(np.int16)


def hull_and_dilate(mask, iterations=10):
    out = mask.copy()
    for k, plane in enumerate(mask):
        if plane.any():
            hull = convex_hull_image(np.ascontiguousarray(plane))
            if hull.sum() <= 2 * plane.sum():
                out[k] = hull
    return ndi.binary_dilation(out, structure=ndi.generate_binary_structure(3, 1), iterations=iterations)


lungs, dilated = parts[0] | parts[1], [hull_and_dilate(part, 4) for part in parts]
near = dilated[0] | dilated[1]
image = np.where(near, window(hu, -1200.0, 600.0), np.uint8(170))
image[(image * (near ^ lungs)) > 210] = 170
found = np.array([[i.min(), i.max()] for i in np.where(lungs)])
bits = {}
for order in (1, 3):
    for name, new_spacing in (("", np.array([1, 1, 1])), (".coarse", np.array([2.0, 1.5, 1.0]))):
        grid = np.round(shape * spacing / new_spacing)
        box = np.floor(found * spacing[:, None] / new_spacing[:, None]).astype(int)
        box = np.stack([np.maximum(0, box[:, 0] - 5), np.minimum(grid, box[:, 1] + 10)], 1).astype(int)
        whole, true_spacing = resample(image, spacing, new_spacing, order)
        bits[f"clean{name}.{order}"] = whole[tuple(slice(*b) for b in box)]
        bits[f"box{name}"] = box.astype(np.int32)
        bits[f"true{name}"] = true_spacing
save("clean", hu=hu, spacing=spacing.astype(np.float64), lung1=parts[0].astype(np.uint8), lung2=parts[1].astype(np.uint8),
     dilated1=dilated[0].astype(np.uint8), dilated2=dilated[1].astype(np.uint8), **bits)
