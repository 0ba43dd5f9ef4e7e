#!/usr/bin/python3
"""Goldens for training sets, from numpy, scipy and scikit-image -> test/goldens/training/

  labels.json  rows of label.npy as the published code writes them: LUNA16 plain and reversed, and voxels
  lidc.xml     four readers' outlines of made-up nodules, in the form of LIDC-IDRI
  lidc.json    centre, diameters, readers and ratings of the nodules that three of four have marked
  masks.npz    a label map on three grids, and what scipy's nearest neighbour makes of it on another

Needs Debian's python3-numpy, python3-scipy and python3-skimage, and reference/training.py in
$PLEURA_DATA (default: ../shared). Run from the repository's root.
"""
import json
import os
import sys

import numpy as np
import scipy.ndimage as ndi
from skimage.draw import polygon

sys.path.insert(0, os.path.join(os.environ.get("PLEURA_DATA", "../shared"), "reference"))
import training as T

OUT = "test/goldens/training"
os.makedirs(OUT, exist_ok=True)
rng = np.random.default_rng(20160201)


def labels():
    cases = []
    for k in range(12):
        shape = rng.integers(40, 300, 3)
        spacing = rng.uniform(0.4, 3, 3)
        origin = rng.uniform(-400, 100, 3)
        low = rng.integers(0, 60, 3)
        box = np.stack([low, low + rng.integers(50, 200, 3)], 1)
        flip = k % 3 == 1
        if k % 3 < 2:
            # The published code's own steps, as in training.luna.
            sign = np.array([1, -1, -1] if flip else [1, 1, 1])
            world = origin + sign * rng.uniform(0, 1, (5, 3)) * shape * spacing
            diameter = rng.uniform(3, 33, 5)
            rows = []
            for at_world, d in zip(world, diameter):
                at = np.abs(at_world - origin) / spacing
                if flip:
                    at[1:] = shape[1:] - at[1:]
                rows.append([*at, d / spacing[1]])
            cases.append(dict(kind="luna", flip=flip, shape=shape.tolist(), spacing=spacing.tolist(), origin=origin.tolist(),
                              box=box.tolist(), nodules=[[*w[::-1].tolist(), float(d)] for w, d in zip(world, diameter)],
                              label=T.to_clean(rows, spacing, box).tolist()))
        else:
            spacing = spacing.astype(np.float32)
            rows = np.concatenate([rng.uniform(0, 1, (5, 3)) * shape, rng.uniform(3, 33, (5, 1))], 1)
            cases.append(dict(kind="voxels", flip=False, shape=shape.tolist(), spacing=[float(s) for s in spacing], origin=origin.tolist(),
                              box=box.tolist(), nodules=[[r[2], r[1], r[0], r[3]] for r in rows.tolist()],
                              label=T.to_clean(rows, spacing, box).tolist()))
    with open(os.path.join(OUT, "labels.json"), "w") as f:
        json.dump(cases, f, indent=1)
        f.write("\n")


ORIGIN, SPACING, SHAPE = np.array([-98.5, -120.25, -300.0]), np.array([0.7, 0.65]), (40, 128, 128)  # x y z; row, column mm
STEP = 2.5


def outline(mask):
    """The first pixels outside of a convex region, in order around it."""
    ring = np.argwhere(ndi.binary_dilation(mask) & ~mask)
    middle = np.array(ndi.center_of_mass(mask))
    order = np.argsort(np.arctan2(*(ring - middle).T))
    return [(int(x), int(y)) for y, x in ring[order]]


def lidc():
    names = ["subtlety", "internalStructure", "calcification", "sphericity", "margin", "lobulation", "spiculation", "texture", "malignancy"]
    nodules = [((20, 60, 50), 7.0, 4), ((22, 60, 72), 5.0, 3), ((8, 90, 40), 4.0, 2), ((30, 30, 90), 9.0, 4)]
    sessions = [[] for _ in range(4)]
    expected = []
    zz, yy, xx = np.meshgrid(np.arange(SHAPE[0]) * STEP, np.arange(SHAPE[1]) * SPACING[0], np.arange(SHAPE[2]) * SPACING[1], indexing="ij")
    for (cz, cy, cx), radius, readers in nodules:
        centres, volumes, ratings = [], [], []
        for reader in rng.permutation(4)[:readers]:
            jitter = rng.uniform(-0.8, 0.8, 3)
            r = radius * rng.uniform(0.85, 1.15)
            ball = (zz - cz * STEP - jitter[0]) ** 2 + (yy - cy * SPACING[0] - jitter[1]) ** 2 + (xx - cx * SPACING[1] - jitter[2]) ** 2 < r * r
            rois, pixels = [], []
            for k in np.flatnonzero(ball.any((1, 2))):
                points = outline(ball[k])
                rois.append((ORIGIN[2] + k * STEP, True, points))
                region = np.zeros(SHAPE[1:], bool)
                region[polygon([p[1] for p in points], [p[0] for p in points], SHAPE[1:])] = True
                for x, y in points:
                    region[y, x] = False
                if not region.any():
                    for x, y in points:
                        region[y, x] = True
                if radius == 9.0 and region.sum() > 150:  # a cavity that is cut out
                    hole = np.zeros(SHAPE[1:], bool)
                    hole[cy - 1 : cy + 2, cx - 1 : cx + 2] = True
                    ring = outline(hole)
                    rois.append((ORIGIN[2] + k * STEP, False, ring))
                    region &= ~hole
                pixels += [(k, y, x) for y, x in np.argwhere(region)]
            given = {n: int(rng.integers(1, 6)) for n in names}
            sessions[reader].append((rois, given))
            mean = np.mean(pixels, 0)
            centres.append([ORIGIN[0] + mean[2] * SPACING[1], ORIGIN[1] + mean[1] * SPACING[0], ORIGIN[2] + mean[0] * STEP])
            volumes.append(len(pixels) * SPACING[0] * SPACING[1] * STEP)
            ratings.append(given)
        sphere = lambda v: (6 * v / np.pi) ** (1 / 3)
        if readers >= 3:
            expected.append(dict(centre=np.mean(centres, 0).tolist(), diameter=float(sphere(np.mean(volumes))),
                                 meanDiameter=float(np.mean([sphere(v) for v in volumes])), readers=readers,
                                 ratings={n: float(np.median([g[n] for g in ratings])) for n in names}))
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<LidcReadMessage uid="1.2" xmlns="http://www.nih.gov">',
             "<ResponseHeader><SeriesInstanceUid>1.2.3.4</SeriesInstanceUid></ResponseHeader>"]
    for reader, marks in enumerate(sessions):
        lines.append(f"<readingSession><annotationVersion>3.12</annotationVersion><servicingRadiologistID>{reader}</servicingRadiologistID>")
        for n, (rois, given) in enumerate(marks):
            lines.append(f"<unblindedReadNodule>\n<noduleID>{n}</noduleID>\n<characteristics>")
            lines += [f"<{key}>{value}</{key}>" for key, value in given.items()]
            lines.append("</characteristics>")
            for z, inclusion, points in rois:
                lines.append(f"<roi><imageZposition>{z:.6f} </imageZposition><imageSOP_UID>1.2</imageSOP_UID><inclusion>{str(inclusion).upper()}</inclusion>")
                lines += [f"<edgeMap><xCoord>{x}</xCoord><yCoord>{y}</yCoord></edgeMap>" for x, y in points]
                lines.append("</roi>")
            lines.append("</unblindedReadNodule>")
        lines.append("<unblindedReadNodule>\n<noduleID>small</noduleID>\n<roi><imageZposition>-250.0</imageZposition><imageSOP_UID>1.2</imageSOP_UID><inclusion>TRUE</inclusion>"
                     "<edgeMap><xCoord>20</xCoord><yCoord>20</yCoord></edgeMap></roi>\n</unblindedReadNodule>")
        lines.append("<nonNodule><nonNoduleID>x</nonNoduleID><imageZposition>-250.0</imageZposition><locus><xCoord>5</xCoord><yCoord>5</yCoord></locus></nonNodule>")
        lines.append("</readingSession>")
    lines.append("</LidcReadMessage>")
    with open(os.path.join(OUT, "lidc.xml"), "w") as f:
        f.write("\n".join(lines) + "\n")
    with open(os.path.join(OUT, "lidc.json"), "w") as f:
        json.dump(dict(origin=ORIGIN.tolist(), spacing=[STEP, *SPACING.tolist()], shape=SHAPE, nodules=expected), f, indent=1)
        f.write("\n")


def masks():
    """Index [z, y, x] to LPS, as 3 x 4 rows (L, P, S) and columns z, y, x, 1."""
    arrays = {}
    scan_shape = (14, 30, 40)
    scan = np.array([[0, 0, 1.5, -30], [0, 1.5, 0, -22], [4.0, 0, 0, -100]], float)
    turn = np.radians(11)
    grids = dict(
        coarse=(np.array([[0, 0, 3.1, -34], [0, 2.9, 0, -26], [7.3, 0, 0, -107]], float), (10, 20, 24)),
        turned=(np.array([[0, 0, -1.4, 34.037], [0, -1.45, 0, 27.019], [-3.7, 0, 0, -42.013]], float), (18, 36, 52)),
        oblique=(np.array([[0, -1.4 * np.sin(turn), 1.4 * np.cos(turn), -36], [0, 1.4 * np.cos(turn), 1.4 * np.sin(turn), -38], [3.5, 0, 0, -104]], float), (20, 56, 56)),
    )
    to4 = lambda m: np.vstack([m, [0, 0, 0, 1]])
    points = np.stack([*np.meshgrid(*map(np.arange, scan_shape), indexing="ij"), np.ones(scan_shape)]).reshape(4, -1)
    world = to4(scan) @ points
    for name, (affine, shape) in grids.items():
        image = np.zeros(shape, np.uint8)
        at = to4(affine) @ np.stack([*np.meshgrid(*map(np.arange, shape), indexing="ij"), np.ones(shape)]).reshape(4, -1)
        left, back, up = at[:3].reshape(3, *shape)
        ball = lambda c, r: (left - c[0]) ** 2 + (back - c[1]) ** 2 + ((up - c[2]) / 1.4) ** 2 < r * r
        image[ball((-14, 0, -73), 11.3)] = 1
        image[ball((15, 1, -74), 10.1)] = 2
        place = np.linalg.inv(to4(affine)) @ world
        arrays[f"{name}.affine"], arrays[f"{name}.image"] = affine, image
        arrays[f"{name}.sampled"] = ndi.map_coordinates(image, place[:3], order=0, mode="nearest").reshape(scan_shape)
    np.savez_compressed(os.path.join(OUT, "masks.npz"), scan=scan, **arrays)


labels()
lidc()
masks()
