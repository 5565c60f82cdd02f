from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from backend.audit.errors import RuleBroken
from backend.audit.models import AuditEvent
from backend.cases import services
from backend.cases.models import CaseMask, CaseSeries
from backend.cases.paths import media_path
from backend.cases.pixels import read_mask
from backend.cases.services import import_paths, mask_add
from inference.contracts import mask_digest
from tests.factories.cases import center
from tests.factories.dicom_files import write_series
from tests.factories.storage import assert_files_and_rows_agree, media

__all__ = ["media"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def series(tmp_path: Path) -> CaseSeries:
    write_series(tmp_path / "sent", 5)
    import_paths(paths=[tmp_path / "sent"], center=center("A"), by=None, now=NOW)
    return CaseSeries.objects.get()


def node() -> NDArray[np.bool_]:
    array = np.zeros((5, 12, 10), dtype=bool)
    array[2:4, 3:6, 4:8] = True
    return array


def add(series: CaseSeries, array: NDArray[Any], role: str = "index_node") -> CaseMask:
    return mask_add(case=series.case, series=series, role=role, array=array, by=None, now=NOW)


def test_a_mask_comes_back_as_it_was(series: CaseSeries, media: Path) -> None:
    mask = add(series, node())
    np.testing.assert_array_equal(read_mask(mask), node())
    assert read_mask(mask).dtype == np.bool_
    assert mask.voxels == 24
    assert mask.digest == mask_digest(node())
    assert_files_and_rows_agree(media)
    event = AuditEvent.objects.first()
    assert event is not None
    assert (event.event, event.subject_id) == ("mask_added", str(mask.pk))


def test_the_file_says_on_which_grid_it_lies(series: CaseSeries) -> None:
    with np.load(media_path(add(series, node()).file)) as stored:
        np.testing.assert_allclose(stored["spacing_mm"], [3.0, 0.5, 0.75])
        np.testing.assert_allclose(stored["origin_mm"], [-50, -60, 10])
        np.testing.assert_allclose(stored["direction"], np.eye(3), atol=1e-12)
        assert stored["mask"].dtype == np.uint8


@pytest.mark.parametrize(
    ("array", "role", "code"),
    [
        (np.zeros((5, 12, 10), dtype=bool), "index_node", "mask_empty"),
        (np.ones((4, 12, 10), dtype=bool), "index_node", "mask_wrong_shape"),
        (np.ones((5, 10, 12), dtype=bool), "index_node", "mask_wrong_shape"),
        (np.ones((5, 12, 10), dtype=np.uint8), "index_node", "mask_not_boolean"),
        (np.ones((5, 12, 10), dtype=bool), "liver", "mask_role_unknown"),
    ],
)
def test_a_mask_that_fits_nothing_is_refused(
    series: CaseSeries, media: Path, array: NDArray[Any], role: str, code: str
) -> None:
    with pytest.raises(RuleBroken) as caught:
        add(series, array, role)
    assert caught.value.code == code
    assert_files_and_rows_agree(media)


def test_a_mask_of_another_case_is_refused(series: CaseSeries, tmp_path: Path) -> None:
    write_series(tmp_path / "other", 5, patient="P2", study="1.9", series="1.9.1")
    import_paths(paths=[tmp_path / "other"], center=center("A"), by=None, now=NOW)
    other = CaseSeries.objects.exclude(pk=series.pk).get()
    with pytest.raises(RuleBroken, match="mask_other_case"):
        mask_add(case=other.case, series=series, role="index_node", array=node(), by=None, now=NOW)


def test_a_failure_leaves_no_mask(series: CaseSeries, media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**kwargs: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(services, "record", fail)
        with pytest.raises(OSError, match="disk full"):
            add(series, node())
    assert not CaseMask.objects.exists()
    assert_files_and_rows_agree(media)
