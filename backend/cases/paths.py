"""Where cases lie on disk. Staging is on the same file system as media, so that a rename is atomic."""

from pathlib import Path
from uuid import UUID

from django.conf import settings

CASES = "cases"


def media_path(relative: str) -> Path:
    """The place of a stored file, from its path relative to the media folder."""
    return Path(settings.MEDIA_ROOT) / relative


def series_folder(case_id: UUID, series_id: UUID) -> str:
    return f"{CASES}/{case_id}/{series_id}"


def mask_file(case_id: UUID, mask_id: UUID) -> str:
    return f"{CASES}/{case_id}/masks/{mask_id}.npz"


def staging_root() -> Path:
    return Path(settings.MEDIA_ROOT) / "staging"


def deid_key_path() -> Path:
    return Path(settings.DATA_DIR) / "keys" / "deid.key"
