"""Studies made by the services, so that a test begins in the browser where it has something to see."""

from datetime import datetime
from pathlib import Path
from typing import Any

from backend.accounts.roles import Role
from backend.cases.models import Case
from backend.cases.services import import_paths
from backend.predictions.selectors import models_for_freeze
from backend.predictions.services import models_register
from backend.studies.models import ReaderStudy
from backend.studies.services import case_add, member_enroll, protocol_save, study_create, study_freeze
from tests.factories.cases import center, person

PASSWORD = "a-long-enough-password"
SLUG = "nodes"
READER = "reader1"
COORDINATOR = "coordinator"


def study_in_reading(
    *folders: Path,
    now: datetime,
    template: str = "lpln-radiomics",
    form: dict[str, Any] | None = None,
    hanging: dict[str, Any] | None = None,
) -> ReaderStudy:
    """A frozen study of the examinations in the folders, each of a center of its own; first session open.

    `form` stands in for the template's own; cases open in one pane where `hanging` does not say otherwise.
    """
    study = study_in_design(now=now, template=template)
    document = {**study.protocol, "form": form or study.protocol["form"], "hanging": hanging}
    study = protocol_save(study_id=study.pk, document=document, revision=study.revision, by=None, now=now)
    for number, folder in enumerate(folders, start=1):
        _take_in(study, folder, f"C{number}", now)
    return freeze(study, now=now)


def study_in_design(*, now: datetime, template: str = "lpln-radiomics") -> ReaderStudy:
    """A study with a reader and a coordinator, and no case yet."""
    options = {"washout_days": 28} if template == "lpln-radiomics" else {}
    study = study_create(
        slug=SLUG, title="Lateral pelvic nodes", template=template, by=None, now=now, **options
    )
    for username, role in ((READER, Role.READER), (COORDINATOR, Role.COORDINATOR)):
        member_enroll(study=study, user=person(username, password=PASSWORD), role=role, by=None, now=now)
    return study


def freeze(study: ReaderStudy, *, now: datetime) -> ReaderStudy:
    models_register(by=None, now=now)
    return study_freeze(study_id=study.pk, models=models_for_freeze(study), by=None, now=now)


def _take_in(study: ReaderStudy, folder: Path, code: str, now: datetime) -> None:
    cases: list[Case] = []
    report = import_paths(
        paths=[folder],
        center=center(code),
        by=None,
        now=now,
        each_case=lambda case, added: cases.append(case),
    )
    assert report.refused == []
    for case in cases:
        case_add(study=study, case=case, by=None, now=now)
