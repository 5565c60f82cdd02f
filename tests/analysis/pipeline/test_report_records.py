"""Records of a study's own documents fill the checklists; nothing is computed from them."""

import json
from typing import Any

import pytest

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.dataset_csv import DatasetFiles, read_dataset
from backend.analysis.formats.dataset_design import Design, read_design, write_design
from backend.analysis.formats.study_records import ModelRecord, ReaderRecord, StudyRecords
from backend.analysis.pipeline.provenance import LATER_RECORDS, dataset_sha256
from backend.analysis.pipeline.report_records import with_records
from backend.analysis.pipeline.study import study_of
from backend.analysis.reporting.study_facts import ModelFacts, ReaderFacts, StudyFacts

RECORDS: dict[str, Any] = {
    "objective": "Whether the model helps",
    "data_collection": "retrospective",
    "washout_days": 14,
    "is_independent": True,
    "reference_standard": "Pathology of the dissected node",
    "readers": [{"name": "R1", "years_experience": 16, "specialty": "radiology"}, {"name": "Nobody"}],
    "models": [
        {"name": "net", "threshold": "a score of 0.5 or more", "development": "190 cases of two centers"}
    ],
}
FACTS = StudyFacts(
    title="T",
    n_cases=30,
    readers=(ReaderFacts("R1"), ReaderFacts("R2")),
    models=(ModelFacts("net", version="1"),),
)


def with_design(files: dict[str, str], records: object, **more: object) -> dict[str, str]:
    design = {**json.loads(files["study.json"]), "records": records, **more}
    return {**files, "study.json": json.dumps(design)}


def facts_of(files: dict[str, str]) -> StudyFacts:
    inputs: DatasetFiles = read_dataset(files)
    return with_records(FACTS, inputs, study_of(inputs, level=0.95, seed=1))


def test_each_record_is_the_fact_of_its_name(small_files: dict[str, str]) -> None:
    facts = facts_of(with_design(small_files, RECORDS))
    for key in ("objective", "data_collection", "washout_days", "is_independent", "reference_standard"):
        assert getattr(facts, key) == RECORDS[key]
    assert facts.readers == (ReaderFacts("R1", 16, "radiology"), ReaderFacts("R2"))
    (model,) = facts.models
    assert (model.name, model.version, model.threshold) == ("net", "1", "a score of 0.5 or more")
    assert (model.development, model.technology) == ("190 cases of two centers", None)
    assert (facts.title, facts.n_cases, facts.ethics) == ("T", 30, None)


def test_without_records_the_facts_stay(small_files: dict[str, str]) -> None:
    assert facts_of(small_files) == FACTS
    assert facts_of(with_design(small_files, {})) == FACTS


def test_centers_are_counted_where_every_case_has_one(small_files: dict[str, str]) -> None:
    cases = [f"C{n:02d},{'A' if n < 11 else 'B'}" for n in range(1, 31)]
    whole = {**small_files, "cases.csv": "\n".join(["case,center", *cases, ""])}
    assert facts_of(whole).centers == (("A", 10), ("B", 20))
    assert facts_of({**whole, "cases.csv": whole["cases.csv"].replace("C07,A", "C07,")}).centers == ()
    assert facts_of({**whole, "cases.csv": whole["cases.csv"].replace("C07,A\n", "")}).centers == ()


def test_centers_that_are_numbers_are_written_so_and_counted_in_the_set(small_files: dict[str, str]) -> None:
    cases = [f"C{n:02d},{1 if n < 11 else 2}" for n in range(1, 31)]
    whole = {**small_files, "cases.csv": "\n".join(["case,center", *cases, ""])}
    assert facts_of(whole).centers == (("1", 10), ("2", 20))
    out = "case,reader,session,reason,set\nC01,,,no consent,all\n"
    assert facts_of({**whole, "exclusions.csv": out}).centers == (("1", 9), ("2", 20))


def test_records_are_written_and_change_no_digest_of_a_dataset_without(small_files: dict[str, str]) -> None:
    records = StudyRecords(
        objective="To see", readers=(ReaderRecord("R1", 9.5),), models=(ModelRecord("net", inputs="T2W"),)
    )
    assert read_design(write_design(Design(records=records))).records == records
    plain = dataset_sha256(read_dataset(small_files))
    assert dataset_sha256(read_dataset(with_design(small_files, {}))) == plain
    assert dataset_sha256(read_dataset(with_design(small_files, RECORDS))) != plain


# Computed before there were records of the readers together, of interests and of the public's part.
OLD_DIGEST = "2e770ba207996c1d9f2b9b6ca1d06364b9962dc4e721a8042d9f7ac005f1d452"


def test_later_records_change_the_digest_of_no_dataset_that_lacks_them(small_files: dict[str, str]) -> None:
    assert dataset_sha256(read_dataset(with_design(small_files, RECORDS))) == OLD_DIGEST
    for name in LATER_RECORDS:
        told = with_design(small_files, {**RECORDS, name: "In words"})
        assert dataset_sha256(read_dataset(told)) != OLD_DIGEST
        assert getattr(facts_of(told), name) == "In words"


@pytest.mark.parametrize(
    ("records", "code", "text"),
    [
        ([], "wrong_type", "it is not an object"),
        ({"aim": "x"}, "unknown_key", "aim is no key of it"),
        ({"objective": 3}, "wrong_type", "objective is not a text"),
        ({"washout_days": -1}, "wrong_type", "washout_days is not"),
        ({"washout_days": True}, "wrong_type", "washout_days is not"),
        ({"is_independent": "yes"}, "wrong_type", "is_independent is not true or false"),
        ({"data_collection": "both"}, "wrong_type", "prospective or retrospective"),
        ({"readers": [{"specialty": "x"}]}, "wrong_type", "name of readers is not a text"),
        ({"readers": [{"name": "a"}, {"name": "a"}]}, "repeated", "readers names one twice"),
        ({"models": [{"name": "net", "cut": 1}]}, "unknown_key", "cut is no key of models"),
    ],
)
def test_what_is_wrong_is_refused(records: object, code: str, text: str) -> None:
    with pytest.raises(AnalysisError, match=text) as refused:
        read_design(json.dumps({"records": records}))
    assert refused.value.code == code
