"""Emergency unblinding: one case to one coordinator, on the record, and marked in the data."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from backend.accounts.roles import Role
from backend.audit.errors import NotFound, RuleBroken
from backend.audit.models import AuditEvent
from backend.cases.models import Case
from backend.reads.models import Read, ReadStatus
from backend.reports.content import study_content
from backend.reports.deviations_csv import deviations_csv
from backend.reports.selectors import result_file, study_results
from backend.reports.unblinding import MEANING, case_unblind, own_unblindings, unblinded_case
from backend.studies.models import Deviation, Signature, Unblinding
from backend.studies.services import member_enroll
from tests.factories.cases import person
from tests.factories.studies import Stage, StudyStory, aid_numbers, lock, study_in

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-password"


@pytest.fixture
def story() -> StudyStory:
    return with_password(study_in(Stage.SESSION_2))


def with_password(story: StudyStory) -> StudyStory:
    coordinator = story.people["coordinator"]
    coordinator.set_password(PASSWORD)
    coordinator.save()
    return story


def unblind(story: StudyStory, **options: Any) -> Unblinding:
    by = options.get("by", story.people["coordinator"])
    given = {
        "study": story.study,
        "number": story.cases[0].number,
        "reason": "The patient has a fever of unknown origin.",
        "typed_name": by.shown_name,
        "password": PASSWORD,
        "by": by,
        "now": story.clock.tick(),
        **options,
    }
    return case_unblind(**given)


def read_twice(story: StudyStory) -> Case:
    """A case that was read in the second session too; the order of the cases is drawn anew for each study."""
    read = Read.objects.filter(
        assignment__reading_session__session__ordinal=2, status=ReadStatus.SUBMITTED
    ).first()
    assert read is not None
    return read.assignment.study_case.case


def test_it_shows_truth_outputs_and_committed_answers_of_that_case(story: StudyStory) -> None:
    case = read_twice(story)
    unblind(story, number=case.number)
    shown = unblinded_case(study=story.study, number=case.number, by=story.people["coordinator"])
    rank = story.cases.index(case)
    score, probability = aid_numbers("ALFA", rank)
    assert shown.truth is (rank % 2 == 0)
    assert [(one["model"], one["score"], one["probability"]) for one in shown.outputs] == [
        ("lpln-radiomics", score, probability)
    ]
    said = {answer["answer"] for read in shown.reads for answer in read["answers"]}
    sizes = [one for read in shown.reads for one in read["answers"] if one["label"] == "Short axis"]
    assert sizes
    assert all(one["answer"].endswith(" mm") and one["section"] == "" for one in sizes)
    committed = {
        row["answers"]["comment"] for row in study_content(story.study)["reads"] if row["case"] == case.number
    }
    assert committed
    assert committed <= said
    assert {read["reader"] for read in shown.reads} == {"R1", "R2"}
    assert {read["arm"] for read in shown.reads} == {"Without the model", "With the radiomics score"}
    assert not any(
        person.shown_name in str(shown)
        for person in story.people.values()
        if person.username.startswith("reader")
    )


def test_it_stands_in_every_record_by_name_and_reason(story: StudyStory) -> None:
    unblinding = unblind(story)
    coordinator, number = story.people["coordinator"], story.cases[0].number
    assert (unblinding.unblinded_by, unblinding.study_case.case.number) == (coordinator, number)
    deviation = Deviation.objects.get()
    assert (deviation.kind, deviation.recorded_by, deviation.detail) == (
        "CASE_UNBLINDED", coordinator, {"case": number},
    )  # fmt: skip
    signature = Signature.objects.get(subject_type="studies.unblinding", subject_id=str(unblinding.pk))
    assert (signature.meaning, signature.document_sha256) == (MEANING, story.study.protocol_sha256)
    event = AuditEvent.objects.get(event="case_unblinded")
    assert (event.actor_name, event.detail) == (coordinator.username, {"case": number})


def test_nobody_else_is_shown_it_and_no_other_case(story: StudyStory) -> None:
    unblind(story)
    second = person("second-coordinator", password=PASSWORD)
    member_enroll(study=story.study, user=second, role=Role.COORDINATOR, by=None, now=story.clock.tick())
    number, other = story.cases[0].number, story.cases[1].number
    for by, asked in (
        (second, number),
        (story.people["statistician"], number),
        (story.people["coordinator"], other),
    ):
        with pytest.raises(NotFound):
            unblinded_case(study=story.study, number=asked, by=by)
    assert own_unblindings(study=story.study, by=second) == []
    assert own_unblindings(study=story.study, by=story.people["coordinator"]) == [number]
    unblind(story, by=second, password=PASSWORD)
    assert unblinded_case(study=story.study, number=number, by=second).truth is True


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"password": "guessed"}, "wrong_password"),
        ({"typed_name": "somebody"}, "wrong_name"),
        ({"typed_name": ""}, "wrong_name"),
        ({"reason": " \n"}, "reason_missing"),
    ],
)
def test_a_refused_unblinding_leaves_nothing(story: StudyStory, options: dict[str, str], code: str) -> None:
    with pytest.raises(RuleBroken, match=code):
        unblind(story, **options)
    assert not Unblinding.objects.exists()
    assert not Deviation.objects.exists()
    assert not Signature.objects.exists()


def test_a_case_is_unblinded_once_by_a_person_and_only_while_the_study_is_read(story: StudyStory) -> None:
    unblind(story)
    with pytest.raises(RuleBroken, match="already_unblinded"):
        unblind(story)
    with pytest.raises(NotFound):
        unblind(story, number="X-9999")
    for stage in (Stage.DESIGN, Stage.LOCKED):
        other = with_password(study_in(stage, name=stage.name[:4]))
        with pytest.raises(RuleBroken, match="study_not_reading"):
            unblind(other)


def test_the_reads_from_then_on_are_marked_and_the_report_says_so() -> None:
    story = with_password(study_in(Stage.WASHOUT))
    number = story.cases[0].number
    unblind(story)
    story.clock.pass_washout()
    for part in ("reader1", "reader2"):
        story.read_cases(part, 3)
    lock(story)
    content = study_content(story.study)
    marked = {(row["reader"], row["session"], row["case"]) for row in content["reads"] if row["is_unblinded"]}
    assert marked == {("R1", 2, number), ("R2", 2, number)}, "what was read before the unblinding stays blind"
    table, _ = result_file(story.study, "reads.csv")
    rows = list(csv.DictReader(io.StringIO(table.decode())))
    assert {
        (row["reader"], int(row["session"]), row["case"]) for row in rows if row["is_unblinded"] == "true"
    } == marked
    washouts = {row["washout_s"] for row in rows if row["session"] == "2"}
    assert min(map(float, washouts)) >= timedelta(days=28).total_seconds()
    assert {row["washout_s"] for row in rows if row["session"] == "1"} == {""}
    (listed,) = study_results(story.study)["provenance"]["deviations"]
    assert (listed["kind"], listed["case"], listed["reason"]) == (
        "CASE_UNBLINDED", number, "The patient has a fever of unknown origin.",
    )  # fmt: skip
    body, content_type = result_file(story.study, "deviations.csv")
    assert content_type.startswith("text/csv")
    assert body.decode().splitlines()[1] == (
        f"1,CASE_UNBLINDED,0,,,,,{number},,,The patient has a fever of unknown origin."
    )


def test_a_reason_that_a_spreadsheet_would_run_is_text() -> None:
    row = {
        "number": 1, "kind": "READ_REOPENED", "day": -1, "reader": "R1", "replaced_by": None, "session": 1,
        "position": 2, "case": "A-0001", "missing_reads": None, "unsettled_items": None,
        "reason": "=1+1",
    }  # fmt: skip
    assert (
        deviations_csv({"deviations": [row]}).splitlines()[1] == "1,READ_REOPENED,-1,R1,,1,2,A-0001,,,'=1+1"
    )
