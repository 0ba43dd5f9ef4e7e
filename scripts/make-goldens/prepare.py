#!/usr/bin/python3
"""Goldens for src/prepare, from numpy and scipy (1.10): windows, masks, splines, resampling, boxes.

  scripts/make-goldens/prepare.py [OUT]     default: test/goldens/prepare

One .npz a topic. In zoom.npz an entry `in.NAME` is the input, `out.NAME.ORDER` the result.
"""
import os
import sys

import numpy as np
import scipy.ndimage as ndi

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
