"""Corrected images on disk, so that a patient's second node costs no second bias correction.

One file per image and settings: a line of JSON (shape and checksum), then the raw float32 arrays. Written
beside and moved into place, so that a reader sees a whole file or none; a file that fails its checksum is
treated as absent.
"""

import hashlib
import json
import os
import tempfile
from enum import StrEnum
from pathlib import Path

import numpy as np

from inference.contracts import Volume, canonical_json, image_digest
from inference.radiomics.preprocessing import CorrectedImage, correct_bias
from inference.radiomics.settings import N4Settings

FORMAT = "corrected-image-1"


class CacheUse(StrEnum):
    """How a corrected image was come by."""

    HIT = "reused"
    MISS = "computed"
    CORRUPT = "computed anew, the stored one was damaged"
    UNWRITABLE = "computed, could not be stored"


def corrected_image(volume: Volume, settings: N4Settings, cache_dir: Path) -> tuple[CorrectedImage, CacheUse]:
    """The corrected image of a volume, from disk where it is there.

    Parameters
    ----------
    volume : Volume
        Acquired image.
    settings : N4Settings
        Grid and fit.
    cache_dir : pathlib.Path
        Made when absent. A full or read-only disk costs time, never the result.

    Returns
    -------
    tuple of CorrectedImage and CacheUse
        The same bits whichever way it was come by.
    """
    path = cache_path(volume, settings, cache_dir)
    use = CacheUse.MISS
    if path.exists():
        stored = _read(path)
        if stored is not None:
            return stored, CacheUse.HIT
        use = CacheUse.CORRUPT
    image = correct_bias(volume, settings)
    try:
        _write(path, image)
    except OSError:
        use = CacheUse.UNWRITABLE
    return image, use


def cache_path(volume: Volume, settings: N4Settings, cache_dir: Path) -> Path:
    """Where the corrected image of this volume under these settings lies."""
    settings_digest = hashlib.sha256(
        canonical_json({"format": FORMAT, **settings.to_json()}).encode()
    ).hexdigest()
    return cache_dir / "n4" / f"{image_digest(volume)}-{settings_digest[:16]}.bin"


def _write(path: Path, image: CorrectedImage) -> None:
    payload = image.array.astype("<f4").tobytes() + image.log_bias.astype("<f4").tobytes()
    header = {"format": FORMAT, "shape": image.array.shape, "sha256": hashlib.sha256(payload).hexdigest()}
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(canonical_json(header).encode() + b"\n")
            file.write(payload)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _read(path: Path) -> CorrectedImage | None:
    first, _, payload = path.read_bytes().partition(b"\n")
    try:
        header = json.loads(first)
        shape = tuple(int(size) for size in header["shape"])
        checksum = header["sha256"]
    except (ValueError, KeyError, TypeError):
        return None
    if hashlib.sha256(payload).hexdigest() != checksum or len(payload) != 8 * int(np.prod(shape)):
        return None
    array, log_bias = np.frombuffer(payload, dtype="<f4").reshape(2, *shape)
    return CorrectedImage(array=array, log_bias=log_bias)
