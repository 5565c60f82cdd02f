import pytest
from django.core.management import CommandError, call_command

from backend.audit.errors import InvalidInput, RuleBroken
from backend.audit.models import AuditEvent
from backend.studies.models import ReaderStudy
from backend.studies.services import case_add, study_create
from backend.truth.models import CaseTruth
from backend.truth.selectors import cases_without_truth, latest_truth
from backend.truth.services import truth_enter, truth_import_csv
from tests.factories.bare import T0, make_case, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def study():
    study = study_create(slug="nodes", title="Nodes", template="lpln-radiomics", by=None, now=T0)
    for number in ("A-0001", "A-0002", "B-0001"):
        case_add(study=study, case=make_case(number, center=number[0]), by=None, now=T0)
    return study


def enter_csv(study, text):
    return truth_import_csv(study=study, text=text, source="pathology", by=None, now=T0)


def by_number(study):
    numbers = dict(study.study_cases.values_list("id", "case__number"))
    return {numbers[key]: value for key, value in latest_truth(study).items()}


def lock(study):
    ReaderStudy.objects.filter(pk=study.pk).update(
        phase="LOCKED",
        frozen_at=T0,
        protocol_sha256="x",
        lock_requested_at=T0,
        lock_requested_by=make_user("first"),
        locked_at=T0,
        locked_by=make_user("second"),
    )


def test_truth_enter_corrects_by_a_new_version_and_keeps_the_first(study):
    study_case = study.study_cases.get(case__number="A-0001")
    for value in (True, False):
        truth_enter(study_case=study_case, is_positive=value, source="pathology", by=None, now=T0)
    rows = CaseTruth.objects.values_list("version", "is_positive")
    assert list(rows) == [(1, True), (2, False)]
    assert by_number(study) == {"A-0001": False}
    assert cases_without_truth(study) == ["A-0002", "B-0001"]


def test_the_audit_event_tells_who_and_which_version_but_not_the_value(study):
    study_case = study.study_cases.get(case__number="A-0001")
    truth_enter(study_case=study_case, is_positive=True, source="pathology", by=make_user("stat"), now=T0)
    event = AuditEvent.objects.get(event="truth_entered")
    assert (event.actor_name, event.study_id) == ("stat", study.pk)
    assert event.detail == {"case": "A-0001", "version": 1}


def test_truth_enter_is_refused_after_the_lock(study):
    study_case = study.study_cases.get(case__number="A-0001")
    lock(study)
    with pytest.raises(RuleBroken, match="study_locked"):
        truth_enter(study_case=study_case, is_positive=True, source="pathology", by=None, now=T0)
    assert not CaseTruth.objects.exists()


def test_truth_import_csv_enters_every_row(study):
    entered = enter_csv(study, "\ufeffcase,positive,remark\r\nA-0001,1,x\r\nA-0002, 0 ,\r\nB-0001,1,\r\n")
    assert len(entered) == 3
    assert by_number(study) == {"A-0001": True, "A-0002": False, "B-0001": True}
    assert cases_without_truth(study) == []


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("case,positive\nA-0001,1\nX-9,0\n", "row 3", "no case 'X-9'"),
        ("case,positive\nA-0001,1\nA-0002,0\nA-0001,1\n", "row 4", "A-0001 is given twice"),
        ("case,positive\nA-0001,yes\n", "row 2", "'yes', not 1 or 0"),
        ("case,positive\nA-0001\n", "row 2", "'', not 1 or 0"),
        ("case,positive\n\nA-0001,1\nA-0002,2\n", "row 4", "'2', not 1 or 0"),
        ("case,outcome\nA-0001,1\n", "header", "column positive is missing"),
        ("", "header", "column case is missing"),
        ("case,positive\n", "header", "no rows"),
    ],
)
def test_truth_import_csv_names_the_row_at_fault_and_enters_nothing(study, text, where, what):
    with pytest.raises(InvalidInput) as caught:
        enter_csv(study, text)
    assert what in caught.value.fields[where]
    assert not CaseTruth.objects.exists()
    assert not AuditEvent.objects.filter(event="truth_entered").exists()


def test_import_truth_command_enters_a_file(study, tmp_path, capsys):
    table = tmp_path / "truth.csv"
    table.write_text("case,positive\nA-0001,1\n")
    make_user("stat")
    call_command("import_truth", str(table), study="nodes", source="pathology", by="stat")
    assert capsys.readouterr().out == "Cases entered: 1\n"
    assert CaseTruth.objects.get().entered_by.username == "stat"


@pytest.mark.parametrize(
    ("content", "options", "what"),
    [
        (b"case,positive\nA-0001,7\n", {}, "row 2: The value of case A-0001 is '7'"),
        (b"case,positive\nA-0001,1\n", {"study": "other"}, "no study other"),
        (b"case,positive\nA-0001,1\n", {"by": "nobody"}, "no user nobody"),
        (b"\xff\xfe", {}, "cannot be read as UTF-8"),
        (None, {}, "cannot be read as UTF-8"),
    ],
)
def test_import_truth_command_says_what_is_wrong(study, tmp_path, content, options, what):
    table = tmp_path / "truth.csv"
    if content is not None:
        table.write_bytes(content)
    with pytest.raises(CommandError, match=what):
        call_command("import_truth", str(table), **{"study": "nodes", "source": "pathology", **options})
    assert not CaseTruth.objects.exists()


def test_import_truth_command_is_refused_after_the_lock(study, tmp_path):
    table = tmp_path / "truth.csv"
    table.write_text("case,positive\nA-0001,1\n")
    lock(study)
    with pytest.raises(CommandError, match="locked"):
        call_command("import_truth", str(table), study="nodes", source="pathology")
