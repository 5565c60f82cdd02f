"""What lies in the media folder, and whether the rows agree with it."""

from pathlib import Path

import pytest
from django.conf import LazySettings

from backend.cases.models import CaseImage, CaseMask
from backend.cases.paths import media_path


@pytest.fixture
def media(tmp_path: Path, settings: LazySettings) -> Path:
    """A media folder and a key of the test's own."""
    settings.DATA_DIR = tmp_path / "data"
    settings.MEDIA_ROOT = tmp_path / "data" / "media"
    return tmp_path / "data" / "media"


def stored_files(media: Path) -> set[str]:
    """Every file below the media folder but the lock, relative to it."""
    if not media.is_dir():
        return set()
    found = {path.relative_to(media).as_posix() for path in media.rglob("*") if path.is_file()}
    return found - {"staging/lock"}


def assert_files_and_rows_agree(media: Path) -> None:
    """No file without a row, no row without its file, nothing left in staging."""
    rows = set(CaseImage.objects.values_list("file", flat=True)) | set(
        CaseMask.objects.values_list("file", flat=True)
    )
    assert stored_files(media) == rows
    for image in CaseImage.objects.all():
        size = media_path(image.file).stat().st_size
        assert 0 < image.frame_offset < image.frame_offset + image.frame_length <= size
    folders = {path for path in media.rglob("*") if path.is_dir() and not any(path.iterdir())}
    assert folders == set()
