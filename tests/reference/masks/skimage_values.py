"""Make `skimage.json`: short and long axes of the masks in `calliper.json` by scikit-image.

    python skimage_values.py        # inside this folder, with scikit-image 0.26.0, numpy 2.4.6, scipy 1.16.3

Outlines come from `skimage.measure.find_contours(skimage.filters.gaussian(mask, 0.85), 0.5)`, widths and diameters
from projecting them on 7200 directions; areas and axes of the moments from `skimage.measure.regionprops`.
"""

import json
from pathlib import Path

import numpy as np
import skimage
from skimage.filters import gaussian
from skimage.measure import find_contours, label, regionprops

FOLDER = Path(__file__).parent
DIRECTIONS = np.pi * np.arange(7200) / 7200
PADDING = 6


def measured(mask, spacing):
    """The largest smallest width of all outlines, the largest width of that outline, and its slice."""
    best = None
    for index, plane in enumerate(mask):
        smooth = gaussian(np.pad(plane.astype(float), PADDING), 0.85, mode="constant", preserve_range=True)
        for contour in find_contours(smooth, 0.5):
            along = (contour * spacing) @ np.stack([np.sin(DIRECTIONS), np.cos(DIRECTIONS)])
            widths = along.max(axis=0) - along.min(axis=0)
            if best is None or widths.min() > best["short_axis_mm"]:
                best = {"short_axis_mm": widths.min(), "long_axis_mm": widths.max(), "slice": index}
    return best


def moments(plane, spacing):
    """Minor and major axis of a slice's only region, or None where there are several."""
    regions = regionprops(label(plane), spacing=spacing)
    if len(regions) != 1:
        return None
    return {"minor_mm": regions[0].axis_minor_length, "major_mm": regions[0].axis_major_length}


def main():
    values = {}
    for one in json.loads((FOLDER / "calliper.json").read_text())["masks"]:
        runs = np.arange(len(one["runs"])) % 2 == 1
        mask = np.repeat(runs, one["runs"]).reshape(one["shape"])
        outline = measured(mask, one["spacing_mm"])
        if outline is not None:
            plane = mask[outline["slice"]]
            values[one["name"]] = {"outline": outline, "moments": moments(plane, one["spacing_mm"])}
    document = {"scikit-image": skimage.__version__, "numpy": np.__version__, "masks": values}
    (FOLDER / "skimage.json").write_text(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main()
