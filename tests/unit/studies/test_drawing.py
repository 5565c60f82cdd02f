"""What a freeze draws, design by design: who reads which cases in which arm, against the plan told in plain words."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from backend.accounts.roles import Role
from backend.predictions.selectors import models_for_freeze
from backend.studies.design_patterns import apply_pattern
from backend.studies.drawing import series_of_cases
from backend.studies.models import Assignment, Randomisation, ReaderStudy, StudyMember
from backend.studies.randomisation import is_decorrelated, redraw
from backend.studies.services import case_add, member_enroll, study_create, study_freeze
from backend.studies.session_states import CasePurpose
from backend.studies.templates import TEMPLATES
from tests.factories.adjudication import panel_story
from tests.factories.bare import T0, make_case, make_user, make_version

pytestmark = pytest.mark.django_db
CASES = [f"{center}-{number:04d}" for center in ("A", "B") for number in range(1, 7)]


def frozen(
    pattern: str | None = None,
    *,
    readers: int = 2,
    groups: tuple[str, ...] = ("", "", "", ""),
    options: dict[str, Any] | None = None,
    **changes: Any,
) -> ReaderStudy:
    make_version()
    study = study_create(slug="s", title="S", template="lpln-radiomics", by=None, now=T0)
    for number in CASES:
        case_add(
            study=study,
            case=make_case(number, center=number[0]),
            by=None,
            now=T0,
            cohort="old" if number.endswith(("1", "2", "3")) else "new",
        )
    for reader in range(readers):
        member_enroll(
            study=study,
            user=make_user(f"reader{reader}"),
            role=Role.READER,
            by=None,
            now=T0 + timedelta(minutes=reader),
            group=groups[reader],
        )
    study.protocol = {**study.protocol, **changes}
    if pattern:
        study.protocol = apply_pattern(study.protocol, pattern, **(options or {}))
    study.save()
    return study_freeze(study_id=study.pk, models=models_for_freeze(study), by=None, now=T0)


def readers_of(study: ReaderStudy) -> list[StudyMember]:
    return list(study.members.filter(role=Role.READER).order_by("enrolled_at"))


def reads_of(member: StudyMember, ordinal: int) -> dict[str, list[str]]:
    """Case number to the arms in which the reader reads it in the session."""
    rows = Assignment.objects.filter(
        reading_session__member=member, reading_session__session__ordinal=ordinal, repeat_of=None
    )
    return {row.study_case.case.number: row.arms for row in rows.select_related("study_case__case")}


def order_of(member: StudyMember, ordinal: int) -> list[str]:
    rows = Assignment.objects.filter(
        reading_session__member=member, reading_session__session__ordinal=ordinal, repeat_of=None
    ).order_by("position")
    return [row.study_case.case.number for row in rows.select_related("study_case__case")]


def everybody_in(arms: list[str]) -> dict[str, list[str]]:
    return dict.fromkeys(CASES, arms)


def test_fixed_order_reads_everything_unaided_and_then_aided() -> None:
    study = frozen()
    for member in readers_of(study):
        assert reads_of(member, 1) == everybody_in(["unaided"])
        assert reads_of(member, 2) == everybody_in(["aided"])
        assert is_decorrelated(order_of(member, 2), order_of(member, 1))


def test_crossover_begins_each_arm_with_half_of_the_readers() -> None:
    study = frozen("crossover", readers=4)
    begins = Counter()
    for member in readers_of(study):
        first, second = reads_of(member, 1), reads_of(member, 2)
        (arm,) = {tuple(arms) for arms in first.values()}
        begins[arm] += 1
        other = ["aided"] if arm == ("unaided",) else ["unaided"]
        assert second == everybody_in(other)
        assert first.keys() == set(CASES)
    assert begins == {("unaided",): 2, ("aided",): 2}


def test_readers_without_a_group_fill_what_those_with_one_leave() -> None:
    study = frozen("split_plot_readers", readers=4, groups=("", "", "g1", "g1"))
    assert [member.group for member in readers_of(study)] == ["g2", "g2", "g1", "g1"]


def test_sequential_reads_every_case_in_both_arms_in_one_go() -> None:
    study = frozen("sequential")
    for member in readers_of(study):
        assert reads_of(member, 1) == everybody_in(["unaided", "aided"])
        assert not reads_of(member, 2)


def test_reread_takes_the_same_random_subset_for_every_reader() -> None:
    study = frozen("reread", options={"cases": 5, "washout_days": 60})
    ordinal = max(session.ordinal for session in study.sessions.all())
    subsets = [set(reads_of(member, ordinal)) for member in readers_of(study)]
    assert len(subsets[0]) == 5
    assert subsets[0] == subsets[1] < set(CASES)
    assert study.protocol["design"]["sessions"][-1]["washout_days"] == 60


def test_fully_crossed_reads_every_case_in_every_arm_once() -> None:
    study = frozen("fully_crossed", readers=4)
    for member in readers_of(study):
        seen = Counter(
            (number, arm)
            for session in study.sessions.all()
            for number, arms in reads_of(member, session.ordinal).items()
            for arm in arms
        )
        assert seen == {(number, arm): 1 for number in CASES for arm in ("unaided", "aided")}


def test_readers_nested_in_arms_read_everything_in_their_own_arm() -> None:
    study = frozen("split_plot_readers", readers=4)
    arms = Counter()
    for member in readers_of(study):
        (arm,) = {tuple(arms) for arms in reads_of(member, 1).values()}
        assert reads_of(member, 1).keys() == set(CASES)
        arms[arm] += 1
    assert arms == {("unaided",): 2, ("aided",): 2}


def test_cases_nested_in_groups_are_read_by_their_group_alone() -> None:
    study = frozen("split_plot_cases", readers=4, options={"groups": 2})
    by_group: dict[str, set[str]] = {}
    for member in readers_of(study):
        own = set(reads_of(member, 1))
        assert by_group.setdefault(member.group, own) == own
        assert set(reads_of(member, 2)) == own
    parts = list(by_group.values())
    assert len(parts) == 2
    assert not parts[0] & parts[1]
    assert parts[0] | parts[1] == set(CASES)
    assert {len(part) for part in parts} == {6}


def test_anchor_and_blocks_give_everybody_the_anchor_and_rotate_the_rest() -> None:
    study = frozen("anchor_blocks", readers=4, options={"blocks": 2})
    sessions = [session.ordinal for session in study.sessions.order_by("ordinal")]
    for ordinal in sessions:
        read = [set(reads_of(member, ordinal)) for member in readers_of(study)]
        anchor = set.intersection(*read)
        assert anchor
        assert set.union(*read) == set(CASES)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        ({"how": "list", "cases": ["A-0002", "B-0005"]}, {"A-0002", "B-0005"}),
        ({"how": "center", "centers": ["B"]}, {number for number in CASES if number[0] == "B"}),
        ({"how": "cohort", "cohorts": ["old"]}, {n for n in CASES if n.endswith(("1", "2", "3"))}),
    ],
)
def test_case_sets_are_chosen_by_list_center_or_cohort(one: dict[str, Any], expected: set[str]) -> None:
    design = {
        **TEMPLATES["lpln-radiomics"]()["design"],
        "case_sets": [{"key": "all", "title": "Chosen", **one}],
    }
    study = frozen(design=design)
    for member in readers_of(study):
        assert set(reads_of(member, 1)) == set(reads_of(member, 2)) == expected


def test_hidden_repeats_come_under_another_name_after_their_lag() -> None:
    study = frozen(hidden_repeats={"count": 3, "min_lag": 4, "sessions": [1]})
    for member in readers_of(study):
        rows = list(
            Assignment.objects.filter(
                reading_session__member=member, reading_session__session__ordinal=1
            ).order_by("position")
        )
        again = [row for row in rows if row.repeat_of is not None]
        assert (len(rows), len(again)) == (len(CASES) + 3, 3)
        for row in again:
            assert row.repeat_of is not None
            assert row.study_case_id == row.repeat_of.study_case_id
            assert row.position - row.repeat_of.position > 4
            assert row.alias != row.repeat_of.alias
        assert reads_of(member, 2).keys() == set(CASES)
        assert not Assignment.objects.filter(
            reading_session__member=member, reading_session__session__ordinal=2, repeat_of__isnull=False
        ).exists()


def test_the_names_of_a_case_differ_by_reader_and_session() -> None:
    study = frozen()
    aliases: dict[str, list[str]] = {}
    for row in Assignment.objects.filter(reading_session__member__study=study).select_related(
        "study_case__case"
    ):
        aliases.setdefault(row.study_case.case.number, []).append(row.alias)
    assert all(len(names) == 4 for names in aliases.values())
    together = [name for names in aliases.values() for name in names]
    assert len(set(together)) > 0.9 * len(together)


def test_training_cases_stand_before_and_never_in_a_session() -> None:
    make_version()
    study = study_create(slug="u", title="U", template="lpln-radiomics", by=None, now=T0)
    for number in CASES[:4]:
        purpose = CasePurpose.TRAINING if number == CASES[3] else CasePurpose.STUDY
        case_add(study=study, case=make_case(number, center="A"), by=None, now=T0, purpose=purpose)
    member_enroll(study=study, user=make_user("only"), role=Role.READER, by=None, now=T0)
    study.protocol = {
        **study.protocol,
        "training": {"pass_mark": 0.5, "max_attempts": 2, "questions": ["rating"], "tolerance": {}},
    }
    study.save()
    study = study_freeze(study_id=study.pk, models=models_for_freeze(study), by=None, now=T0)
    (member,) = readers_of(study)
    assert reads_of(member, 0) == {CASES[3]: ["training"]}
    assert set(reads_of(member, 1)) == set(CASES[:3])
    assert study.protocol["training_cases"] == [CASES[3]]


def test_every_draw_of_a_freeze_is_made_again_from_its_row() -> None:
    study = frozen("reread", options={"cases": 5, "washout_days": 60}, readers=3)
    rows = Randomisation.objects.filter(study=study)
    assert {row.kind for row in rows} == {"ALLOCATION", "CASE_SET", "ORDER"}
    for row in rows:
        record = {
            name: getattr(row, name)
            for name in ("kind", "algorithm", "algorithm_version", "seed", "inputs", "drawn")
        }
        assert redraw(record).drawn == row.drawn
        assert redraw(record).sha256 == row.sha256


def test_the_series_of_a_study_are_known_by_role_and_plane(db: None) -> None:
    with_images = panel_story(cases=1, readers=2, with_images=True, name="seen")
    assert series_of_cases(with_images.study) == {("T2W", "axial"), ("ADC", "axial")}
    empty = study_create(slug="empty", title="S", template="blank", by=None, now=T0)
    assert series_of_cases(empty) == frozenset()
