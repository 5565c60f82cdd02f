"""Every item names the cases that it could not use, and why."""

import json

import pytest

from backend.analysis.formats.dataset_csv import read_dataset
from backend.analysis.pipeline.agreement import agreement
from backend.analysis.pipeline.curves import roc
from backend.analysis.pipeline.operating import operating
from backend.analysis.pipeline.results import Item, Section
from backend.analysis.pipeline.study import Study, study_of


@pytest.fixture
def study(small_files: dict[str, str]) -> Study:
    """R1 left C04 open, R2 never read C05 unaided, the model has no output for C06, C07 no truth, C08 no center."""
    reads = small_files["reads.csv"].splitlines()
    reads = [line for line in reads if not line.startswith("R2,UNAIDED,1,C05,")]
    reads = ["R1,UNAIDED,1,C04,rating," if line.startswith("R1,UNAIDED,1,C04,") else line for line in reads]
    outputs = [
        line for line in small_files["predictions.csv"].splitlines() if not line.startswith("net,1,C06,")
    ]
    truth = ["C07," if line.startswith("C07,") else line for line in small_files["truth.csv"].splitlines()]
    cases = [f"C{n:02d},{'' if n == 8 else 'east' if n % 2 else 'west'}" for n in range(1, 31)]
    design = {**json.loads(small_files["study.json"]), "analysis": {"subgroups": ["center"]}}
    files = {
        "study.json": json.dumps(design),
        "reads.csv": "\n".join([*reads, ""]),
        "predictions.csv": "\n".join([*outputs, ""]),
        "truth.csv": "\n".join([*truth, ""]),
        "cases.csv": "\n".join(["case,center", *cases, ""]),
    }
    return study_of(read_dataset(files), level=0.95, seed=1)


def reasons(item: Item) -> dict[str, str]:
    assert len({one.case for one in item.dropped}) == len(item.dropped)
    return {one.case: one.reason for one in item.dropped}


def of_r1(section: Section, kind: str) -> dict[str, str]:
    return reasons(section.item(f"{kind}/R1, UNAIDED"))


def test_a_curve_names_what_was_left_open_not_read_or_without_truth(study: Study) -> None:
    section = roc(study)
    for kind in ("curve", "intervals", "bootstrap", "partial", "binormal"):
        assert of_r1(section, kind) == {"C04": "no score by R1, UNAIDED", "C07": "no truth"}
        assert section.item(f"{kind}/R1, UNAIDED").n in (28, None)
    assert reasons(section.item("curve/R2, UNAIDED")) == {"C05": "no score by R2, UNAIDED", "C07": "no truth"}
    assert reasons(section.item("curve/net")) == {"C06": "no score by net", "C07": "no truth"}
    assert reasons(section.item("delong/net - R1, UNAIDED")) == {
        "C04": "no score by R1, UNAIDED",
        "C06": "no score by net",
        "C07": "no truth",
    }
    average = {one.case: one.reason for one in section.item("average").dropped}
    assert average["C05"] == "no score by R2, UNAIDED"


def test_a_group_names_the_cases_that_are_of_none(study: Study) -> None:
    section = roc(study)
    for kind in ("groups", "within"):
        found = reasons(section.item(f"{kind}/center"))
        assert found["C08"] == "no center"
        assert found["C04"] == "no score by R1, UNAIDED"
        assert set(found) == {"C04", "C05", "C06", "C07", "C08"}
    west = operating(study).item("at_cutoff/R1, UNAIDED/center/west")
    # C04 is of the west, C07 of the east, C08 of nowhere.
    assert reasons(west) == {"C04": "no score by R1, UNAIDED", "C08": "no center"}
    assert west.n == 13


def test_calls_name_them_too(study: Study) -> None:
    section = operating(study)
    for kind in ("at_cutoff", "all_cutoffs", "confusion"):
        assert of_r1(section, kind) == {"C04": "no score by R1, UNAIDED", "C07": "no truth"}


def test_agreement_names_who_left_a_case_open(study: Study) -> None:
    section = agreement(study)
    found = reasons(section.item("kappa_unweighted/rating:call/UNAIDED"))
    assert found == {"C04": "no answer by R1", "C05": "no answer by R2", "C06": "no answer by net"}
    assert reasons(section.item("fleiss/rating:call/UNAIDED")) == {}
