"""Reads of the reference standard, for reports alone."""

from uuid import UUID

from backend.studies.models import ReaderStudy
from backend.studies.session_states import CasePurpose

from .models import CaseTruth


def latest_truth(study: ReaderStudy) -> dict[UUID, bool]:
    """Whether each case is positive, by the study case's id, in the version entered last."""
    rows = CaseTruth.objects.filter(study_case__study=study).order_by("version")
    return dict(rows.values_list("study_case_id", "is_positive"))


def cases_without_truth(study: ReaderStudy) -> list[str]:
    """The numbers of the cases that have no reference standard yet."""
    known = latest_truth(study)
    rows = study.study_cases.filter(purpose=CasePurpose.STUDY).values_list("id", "case__number")
    return sorted(number for study_case_id, number in rows if study_case_id not in known)


def strata_of(study: ReaderStudy) -> dict[UUID, str]:
    """The strata for orders balanced by prevalence; for the draws alone, and shown to nobody before the lock."""
    return {study_case: str(int(is_positive)) for study_case, is_positive in latest_truth(study).items()}
