#!/usr/bin/python3
"""Goldens for src/model: lungmask's pre- and post-processing, written down with scipy and scikit-image.

  scripts/make-goldens/model.py [OUT]     default: test/goldens/model

The steps are those of lungmask's utils.py (https://github.com/JoHof/lungmask): body box, crop, zoom, pieces that
join, largest pieces, holes (scipy's, in place of fill_voids), back to the slice. mode="nearest" keeps scipy from
setting the last row to 0 where its position is rounded beyond the image.
"""
import os
import sys

import numpy as np
import scipy.ndimage as ndi
import skimage.measure as measure

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
OUT = sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "test/goldens/model")
rng = np.random.default_rng(231)


def zoom(image, shape, order):
    return ndi.zoom(image, np.asarray(shape) / np.asarray(image.shape), order=order, mode="nearest")


def body_box(hu):
    small = zoom(hu, (128, 128), 0)
    mask = ndi.binary_closing(small > -500)
    mask = ndi.binary_fill_holes(mask, structure=np.ones((3, 3)))
    mask = ndi.binary_erosion(mask, iterations=2)
    regions = measure.regionprops(measure.label(mask.astype(int), connectivity=1))
    if regions:
        largest = int(np.argmax([one.area for one in regions])) + 1
        mask = ndi.binary_dilation(measure.label(mask.astype(int), connectivity=1) == largest, iterations=2)
    back = zoom(mask.astype(np.uint8), hu.shape, 0)
    found = measure.regionprops(measure.label(back))
    return found[0].bbox if found else (0, 0, *hu.shape)


def join_pieces(labels, least=3):
    pieces = measure.label(labels)
    regions = sorted(measure.regionprops(pieces, labels), key=lambda one: one.area)
    area = {one.label: int(one.area) for one in regions}
    value = {one.label: int(one.max_intensity) for one in regions}
    most = np.zeros(labels.max() + 1, np.int64)
    kept = np.zeros(len(regions) + 1, np.uint8)
    order = [one.label for one in regions]
    for k in order:
        if area[k] > most[value[k]]:
            most[value[k]] = area[k]
            kept[k] = value[k]
    for k in order:
        if area[k] >= most[value[k]] or area[k] < least:
            continue
        near, counts = np.unique(pieces[ndi.binary_dilation(pieces == k)], return_counts=True)
        to, touched = k, 0
        for other, count in zip(near, counts):
            if other not in (0, k) and count > touched:
                to, touched = other, count
        if to == k:
            continue
        pieces[pieces == k] = to
        if area[to] == most[value[to]]:
            most[value[to]] += area[k]
        area[to] += area[k]
    mapped = kept[pieces]
    out = np.zeros(labels.shape, np.uint8)
    for v in np.unique(mapped)[1:]:
        parts = measure.label(mapped == v)
        sizes = np.bincount(parts.ravel())
        sizes[0] = 0
        out[ndi.binary_fill_holes(parts == np.argmax(sizes))] = v
    return out


def slice_of_body(shape, centre, radii, table=True):
    """An ellipse of tissue with two dark lungs, noise around it, and a table."""
    y, x = np.mgrid[: shape[0], : shape[1]]
    ellipse = lambda cy, cx, ry, rx: ((y - cy) / ry) ** 2 + ((x - cx) / rx) ** 2 <= 1  # noqa: E731
    cy, cx = centre
    ry, rx = radii
    hu = np.full(shape, -1000.0)
    hu[ellipse(cy, cx, ry, rx)] = 40
    for side in (-1, 1):
        hu[ellipse(cy, cx + side * rx * 0.45, ry * 0.6, rx * 0.3)] = -850
    if table:
        hu[min(int(cy + ry * 1.1), shape[0] - 3) :][:2] = 200
    return np.clip(hu + rng.normal(0, 40, shape), -1500, 3000).astype(np.int16)


def main():
    os.makedirs(OUT, exist_ok=True)
    slices = {
        "square": slice_of_body((160, 160), (80, 80), (50, 66)),
        "wide": slice_of_body((90, 200), (40, 105), (30, 70)),
        "cut": slice_of_body((130, 110), (65, 30), (55, 60), table=False),
        "small": slice_of_body((64, 72), (30, 36), (22, 30)),
        "air": np.full((48, 60), -1000, np.int16),
    }
    arrays = {}
    for name, hu in slices.items():
        windowed = np.clip(hu, -1024, 600)
        y0, x0, y1, x1 = box = body_box(windowed)
        image = zoom(windowed[y0:y1, x0:x1], (64, 48), 1)
        labels = (image < -500).astype(np.uint8) * 2 + (image > 100)
        back = np.zeros(hu.shape, np.uint8)
        back[y0:y1, x0:x1] = zoom(labels, (y1 - y0, x1 - x0), 0)
        arrays |= {f"{name}_hu": hu, f"{name}_box": np.array(box, np.int32), f"{name}_image": image}
        arrays |= {f"{name}_labels": labels, f"{name}_back": back}
    for i, shape in enumerate([(7, 24, 20), (12, 16, 33), (5, 30, 30)]):
        noise = ndi.gaussian_filter(rng.normal(size=shape), 1.1)
        side = ndi.gaussian_filter(rng.normal(size=shape), 1.6)
        labels = ((noise > np.quantile(noise, 0.55)) * (1 + (side > 0))).astype(np.uint8)
        if i == 2:
            labels[1:4, 4:26, 4:26] = 2
            labels[2, 10:14, 10:14] = 0
            labels[2, 20:22, 20:22] = 1
        arrays |= {f"pieces{i}": labels, f"joined{i}": join_pieces(labels)}
    np.savez_compressed(os.path.join(OUT, "r231.npz"), **arrays)


main()
