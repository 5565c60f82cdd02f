from datetime import timedelta

import pytest

from backend.cases.models import CaseSeries
from backend.predictions.question import index_mask, question_for
from tests.factories.bare import GEOMETRY, T0, make_case, make_mask, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def version():
    return make_version()


def ask(case, version, **options):
    return question_for(case=case, version=version, **options)


def test_the_same_images_sent_again_have_the_same_digest_but_their_own_job(version):
    first, second = make_case("A-0001", content="x"), make_case("A-0002", content="x")
    for case in (first, second):
        make_mask(case)
    assert ask(first, version).input_digest == ask(second, version).input_digest
    assert ask(first, version).idempotency_key != ask(second, version).idempotency_key


def test_the_last_digits_of_a_header_do_not_count(version):
    case = make_case("A-0001")
    before = ask(case, version).input_digest
    CaseSeries.objects.update(geometry={**GEOMETRY, "first_position": [-96.00001, -96.0, 12.500004]})
    assert ask(case, version).input_digest == before


@pytest.mark.parametrize(
    "change",
    [
        {"pixel_digest": "0" * 64},
        {"geometry": {**GEOMETRY, "first_position": [-96.0, -96.0, 12.6]}},
        {"role": "ADC"},
    ],
    ids=["pixels", "position", "series gone"],
)
def test_other_pixels_or_geometry_are_another_question(version, change):
    case = make_case("A-0001")
    before = ask(case, version)
    CaseSeries.objects.update(**change)
    after = ask(case, version)
    assert after.input_digest != before.input_digest
    assert after.idempotency_key != before.idempotency_key


def test_another_mask_center_or_version_is_another_question(version):
    case = make_case("A-0001", content="x")
    keys = {ask(case, version).idempotency_key}
    keys.add(ask(make_case("B-0001", center="B", content="x"), version).idempotency_key)
    make_mask(case)
    keys.add(ask(case, version).idempotency_key)
    keys.add(ask(case, make_version(semver="2.0.0")).idempotency_key)
    assert len(keys) == 4


def test_the_index_node_is_the_one_drawn_last(version):
    case = make_case("A-0001")
    first = make_mask(case, content="first")
    second = make_mask(case, content="second", at=T0 + timedelta(hours=1))
    assert index_mask(case) == second
    assert ask(case, version).mask == second
    assert ask(case, version, mask=first).mask == first


def test_the_series_is_the_one_the_mask_was_drawn_on_else_the_axial_one(version):
    case = make_case("A-0001")
    axial = case.series.get()
    sagittal = case.series.get()
    sagittal.pk, sagittal.series_uid, sagittal.folder = None, "2.25.77", "cases/A-0001/1"
    sagittal.position, sagittal.plane = 1, "sagittal"
    sagittal._state.adding = True
    sagittal.save()
    CaseSeries.objects.filter(pk=axial.pk).update(position=2)
    assert ask(case, version).series["T2W"].plane == "axial"
    mask = make_mask_on(case, sagittal)
    assert ask(case, version, mask=mask).series["T2W"] == sagittal


def make_mask_on(case, series):
    mask = case.masks.model(
        case=case, series=series, role="index_node", file="other.npz", voxels=9, digest="d", created_at=T0
    )
    mask.save()
    return mask
