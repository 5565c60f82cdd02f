import base64
import gzip
from typing import Any

import numpy as np
import pytest
from scipy import ndimage

from backend.analysis.masks import calliper
from backend.analysis.masks.calliper import MaskAxes, mask_axes
from backend.audit.errors import InvalidInput
from backend.cases.models import CaseSeries
from backend.reads.labelmap_bytes import unpacked
from backend.reads.labelmaps import (
    Labelmap,
    Segment,
    check_labelmaps,
    segment_answers,
    segment_values,
)
from tests.factories.dicom import SPACING_MM, STEP_MM
from tests.factories.painting import BRUSHED, NODES, SHAPE, blank, disk, labelmap, segment

from .drawing import Canvas, open_canvas

pytestmark = pytest.mark.django_db

TUMOR = {"key": "tumor", "kind": "mask", "label": "Tumor", "drawn_by": "voxels"}
OUTLINED = {"key": "outlined", "kind": "mask", "label": "Outline"}
FORM: dict[str, Any] = {"questions": [NODES, TUMOR, OUTLINED, {"key": "seen", "kind": "yes_no"}]}
VOXEL_ML = SPACING_MM**2 * STEP_MM / 1000


@pytest.fixture
def canvas() -> Canvas:
    return open_canvas()


def checked(canvas: Canvas, *sent: dict[str, Any]) -> list[Labelmap]:
    return check_labelmaps(canvas.read, FORM, sent)


def refusal(canvas: Canvas, *sent: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(InvalidInput) as refused:
        checked(canvas, *sent)
    return dict(refused.value.fields)


def two_nodes() -> dict[str, Any]:
    """A node of radius 5 on frames 3 and 4 and one of radius 3 on frame 4."""
    voxels = disk(disk(blank(), radius=5, frame=3), radius=5, frame=4)
    disk(voxels, value=9, radius=3, frame=4, at=(5, 26))
    return labelmap(voxels, segment(9, label=None, status="negative", origin=[]), segment(1))


def test_each_segment_is_measured_on_the_grid_of_its_series(canvas: Canvas) -> None:
    (kept,) = checked(canvas, two_nodes())
    assert (kept.index, kept.shape, kept.series) == (0, SHAPE, canvas.image().series)
    large, small = kept.segments
    voxels = unpacked(kept.data, SHAPE)
    assert (large.value, large.slices, large.voxels) == (1, [3, 4], int((voxels == 1).sum()))
    assert (small.value, small.slices, small.frame) == (9, [4], 4)
    assert large.volume_ml == pytest.approx(large.voxels * VOXEL_ML, rel=1e-12)
    for one in kept.segments:
        whole = mask_axes(voxels == one.value, (SPACING_MM, SPACING_MM), STEP_MM)
        assert isinstance(whole, MaskAxes)
        assert (one.short_axis_mm, one.long_axis_mm) == pytest.approx(
            (whole.short_axis_mm, whole.long_axis_mm), abs=1e-9
        )
        assert one.frame == whole.slice + 1
    # A disk of radius 5 pixels of 0.75 mm is 7.5 mm wide, which lies within a pixel of the cut-off of 7 mm.
    assert large.short_axis_mm == pytest.approx(7.5, abs=0.6)
    assert (large.borderline, small.borderline) == (True, False)


def test_how_a_segment_was_drawn_is_kept_as_it_was_said(canvas: Canvas) -> None:
    sent = two_nodes()
    (kept,) = checked(canvas, sent)
    assert kept.as_sent() == {**sent, "segments": sent["segments"][::-1]}
    (bare,) = checked(canvas, labelmap(disk(blank()), {"value": 1, "question": "tumor"}))
    assert bare.as_sent()["segments"] == [
        {"value": 1, "question": "tumor", "label": None, "status": None, "origin": [], "edited_voxels": 0}
    ]
    (terse,) = checked(canvas, labelmap(disk(blank()), segment(origin=[{"tool": "brush"}])))
    assert terse.segments[0].origin == [{**BRUSHED, "version": ""}]


def test_a_segment_survives_its_row(canvas: Canvas) -> None:
    (kept,) = checked(canvas, two_nodes())
    assert [Segment(**one.to_json()) for one in kept.segments] == list(kept.segments)


def test_answers_and_values_of_expressions_come_from_the_segments(canvas: Canvas) -> None:
    labelmaps = checked(canvas, two_nodes())
    large, small = labelmaps[0].segments
    assert segment_answers(FORM, labelmaps) == {
        "nodes": {
            "segments": [
                {"label": "left_obturator", "status": "positive"},
                {"label": None, "status": "negative"},
            ]
        },
        "tumor": None,
    }
    values = segment_values(FORM, labelmaps)
    assert values["nodes_volume_ml"] == pytest.approx((large.voxels + small.voxels) * VOXEL_ML, rel=1e-12)
    assert (values["nodes_slices"], values["nodes_count"]) == (2, 2)
    assert (values["nodes_short_axis_mm"], values["nodes_long_axis_mm"]) == (
        large.short_axis_mm,
        large.long_axis_mm,
    )
    ends = ("volume_ml", "slices", "short_axis_mm", "long_axis_mm", "count")
    assert {key: value for key, value in values.items() if value is None} == dict.fromkeys(
        f"tumor_{end}" for end in ends
    )
    assert not any(key.startswith("outlined") for key in values)


def test_a_single_voxel_has_a_volume_and_no_axes(canvas: Canvas) -> None:
    voxels = blank()
    voxels[2, 5, 5] = 1
    (kept,) = checked(canvas, labelmap(voxels, segment()))
    (dot,) = kept.segments
    assert (dot.short_axis_mm, dot.long_axis_mm, dot.frame, dot.borderline) == (None, None, None, None)
    assert dot.volume_ml == pytest.approx(VOXEL_ML)
    values = segment_values(FORM, [kept])
    assert (values["nodes_short_axis_mm"], values["nodes_count"]) == (None, 1)


def test_slices_that_do_not_lie_evenly_have_no_volume_and_pixels_without_size_no_mask(canvas: Canvas) -> None:
    series = CaseSeries.objects.filter(pk=canvas.image().series_id)
    series.update(slice_step_mm=None, is_uniform=False)
    (kept,) = checked(canvas, two_nodes())
    assert kept.segments[0].volume_ml is None
    assert kept.segments[0].short_axis_mm is not None
    assert segment_values(FORM, [kept])["nodes_volume_ml"] is None
    series.update(row_spacing_mm=None)
    assert "nothing of the distance of its pixels" in refusal(canvas, two_nodes())["labelmaps[0]"]


def test_an_empty_labelmap_is_none(canvas: Canvas) -> None:
    assert checked(canvas, labelmap(blank())) == []
    assert checked(canvas) == []


def test_what_does_not_fit_is_refused_with_its_series_and_question(canvas: Canvas) -> None:
    painted, other = disk(blank()), disk(blank(), value=2)
    title = canvas.image().series.title
    wrong: list[tuple[dict[str, Any], str, str]] = [
        (labelmap(painted, segment(), series=9), "labelmaps[0]", "not part of this case"),
        (labelmap(painted, segment(), series=-1), "labelmaps[0]", "not part of this case"),
        (labelmap(painted, segment(), shape=[6, 32, 31]), "labelmaps[0]", "[6, 32, 31], not [6, 32, 32]"),
        (labelmap(painted, segment(), data="*"), "labelmaps[0]", "base64"),
        (labelmap(painted[:5], segment()), "labelmaps[0]", f"Series 1, {title}: The labelmap holds fewer"),
        (labelmap(painted), "labelmaps[0]", "Voxels have the value 1, which no segment names."),
        (labelmap(painted, segment(2)), "labelmaps[0]", "No voxel has the value 2"),
        (labelmap(other, segment(2), segment(2)), "labelmaps[0]", "Two segments have the same value."),
        (labelmap(painted, segment(question="seen")), "seen", "no mask 'seen' that is drawn by voxels"),
        (labelmap(painted, segment(question="outlined")), "outlined", "drawn by voxels"),
        (
            labelmap(painted, segment(label="hip")),
            "nodes",
            f"Series 1, {title}: The question has no label 'hip'.",
        ),
        (labelmap(painted, segment(status="odd")), "nodes", "The question has no status 'odd'."),
        (labelmap(painted, segment(question="tumor")), "tumor", "no label 'left_obturator'"),
    ]
    for sent, field, words in wrong:
        fields = refusal(canvas, sent)
        assert list(fields) == [field], fields
        assert words in fields[field], fields


def test_a_segment_of_too_many_parts_is_refused_by_its_question(
    canvas: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The images of these tests have no room for the real number.
    monkeypatch.setattr(calliper, "MAX_PARTS", 1)
    voxels = disk(disk(blank(), radius=3, at=(6, 6)), radius=3, at=(24, 24))
    told = refusal(canvas, labelmap(voxels, segment()))
    assert list(told) == ["nodes"]
    assert "separate parts on one slice. Take the specks away." in told["nodes"]
    assert checked(canvas, labelmap(disk(blank(), radius=3), segment()))


@pytest.mark.parametrize(
    "changes",
    [
        {"segments": "none"},
        {"segments": [segment(0)]},
        {"segments": [segment(256)]},
        {"segments": [segment(True)]},
        {"segments": [{"value": 1}]},
        {"segments": [segment(edited_voxels=-1)]},
        {"segments": [segment(origin=[{"tool": "Grow!"}])]},
        {"segments": [segment(origin=[{"tool": "grow", "seed_ijk": [1, 2]}])]},
        {"segments": [segment(origin=[{"tool": "grow", "parameters": {"a": [1]}}])]},
        {"segments": [segment(origin=[{"tool": "grow", "parameters": {"a": float("nan")}}])]},
        {"segments": [segment(origin=[{"tool": "grow", "who": "me"}])]},
        {"segments": [segment(origin=[{"tool": "grow", "parameters": {"a": "\0"}}])]},
        {"segments": [segment(name="mine")]},
        {"series": "0"},
        {"shape": [6, 32]},
        {"data": 7},
        {"name": "mine"},
    ],
)
def test_what_is_no_labelmap_is_refused(changes: dict[str, Any], canvas: Canvas) -> None:
    assert list(refusal(canvas, labelmap(disk(blank()), segment(), **changes))) == ["labelmaps[0]"]


def test_a_mask_lies_in_one_series_of_its_role(canvas: Canvas) -> None:
    adc = canvas.image(series=1, frame=1).series
    shape = (adc.slices, adc.rows, adc.columns)
    voxels = np.zeros(shape, np.uint8)
    voxels[1, 4:12, 4:12] = 1

    def on_adc(question: str) -> dict[str, Any]:
        words = {"label": None, "status": None}
        return labelmap(voxels, segment(question=question, **words), series=1, shape=list(shape))

    assert "T2W images only" in refusal(canvas, on_adc("nodes"))["nodes"]
    first = labelmap(disk(blank()), segment(question="tumor", label=None, status=None))
    assert "lies in one" in refusal(canvas, first, on_adc("tumor"))["tumor"]
    assert refusal(canvas, first, first) == {
        "labelmaps[1]": f"Series 1, {canvas.image().series.title}: A series has one labelmap."
    }
    both = checked(canvas, two_nodes(), on_adc("tumor"))
    assert [(one.index, {own.question for own in one.segments}) for one in both] == [
        (0, {"nodes"}),
        (1, {"tumor"}),
    ]


def test_the_masks_of_a_case_have_a_largest_size(canvas: Canvas) -> None:
    noise = np.random.default_rng(1).bytes(1_600_000)
    too_long = base64.b64encode(gzip.compress(noise)).decode()
    assert list(refusal(canvas, labelmap(blank(), data=too_long))) == ["labelmaps"]


def test_a_slow_second_reading_of_the_sizes_agrees(canvas: Canvas) -> None:
    """Voxels counted one by one, and the part of a segment that lies apart on the same slice."""
    voxels = disk(disk(blank(), radius=4), radius=2, at=(4, 4))
    (kept,) = checked(canvas, labelmap(voxels, segment()))
    (own,) = kept.segments
    count = sum(int(value) == 1 for value in voxels.tobytes())
    assert own.voxels == count
    assert own.volume_ml == pytest.approx(count * SPACING_MM * SPACING_MM * STEP_MM / 1000)
    assert ndimage.label(voxels[2])[1] == 2
    assert own.short_axis_mm == pytest.approx(2 * 4 * SPACING_MM, abs=0.7)
