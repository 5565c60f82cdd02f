"""Which cases a model was made on decides the degrees of freedom of Hosmer and Lemeshow's test, and it is said."""

import json

import pytest

from backend.analysis.formats.dataset_csv import read_dataset
from backend.analysis.pipeline.predictions import MADE_HERE, MADE_ON_OTHERS, MADE_ON_SOME, NOT_STATED
from backend.analysis.pipeline.results import Section
from backend.analysis.pipeline.run import run_analysis


def models_of(files: dict[str, str], analysis: dict[str, object]) -> Section:
    cohort = [f"C{n:02d},{'old' if n <= 15 else 'new'}" for n in range(1, 31)]
    design = json.loads(files["study.json"]) | {"analysis": analysis}
    added = {"study.json": json.dumps(design), "cases.csv": "\n".join(["case,cohort", *cohort, ""])}
    return run_analysis(read_dataset({**files, **added})).section("models")


@pytest.mark.parametrize(
    ("development", "expected"),
    [
        ([], {"all cases": (0, NOT_STATED), "old": (0, NOT_STATED), "new": (0, NOT_STATED)}),
        (
            ["old"],
            {
                "all cases": (2, MADE_ON_SOME.format(groups="old")),
                "old": (2, MADE_HERE),
                "new": (0, MADE_ON_OTHERS),
            },
        ),
        (["all cases", "old", "new"], {"all cases": (2, MADE_HERE), "old": (2, MADE_HERE)}),
        *(
            (everyone, dict.fromkeys(("all cases", "old", "new"), (2, MADE_HERE)))
            for everyone in (["all cases"], ["old", "new"])
        ),
    ],
)
def test_the_design_says_where_the_model_was_made(
    small_files: dict[str, str], development: list[str], expected: dict[str, tuple[int, str]]
) -> None:
    section = models_of(small_files, {"cohort": "cohort", "development": development})
    for group, (fewer, told) in expected.items():
        found = section.item(f"hosmer_lemeshow/net/{group}")
        assert found.result.df == len(found.result.groups) - fewer
        assert found.warnings[-1] == told


def test_without_cohorts_all_cases_may_be_the_models_own(small_files: dict[str, str]) -> None:
    section = models_of(small_files, {"development": ["all cases"]})
    assert section.item("hosmer_lemeshow/net/all cases").warnings[-1] == MADE_HERE


def test_a_group_that_is_not_of_the_cohort_is_refused_and_the_rest_stays(small_files: dict[str, str]) -> None:
    section = models_of(small_files, {"cohort": "cohort", "development": ["older"]})
    assert {one.code for one in section.failures} == {"unknown_group"}
    assert {one.key.split("/")[0] for one in section.failures} == {"hosmer_lemeshow"}
    assert section.item("calibration/net/old").result.n == 15


def test_a_case_without_a_probability_is_named_in_its_cohort_too(small_files: dict[str, str]) -> None:
    rows = small_files["predictions.csv"].splitlines()
    small_files["predictions.csv"] = "\n".join([*(row for row in rows if ",C03," not in row), ""])
    section = models_of(small_files, {"cohort": "cohort"})
    for kind in ("calibration/net", "hosmer_lemeshow/net", "impact/net", "components/net", "decision_curve"):
        dropped = {
            group: [(one.case, one.reason) for one in section.item(f"{kind}/{group}").dropped]
            for group in ("all cases", "old", "new")
        }
        lost = [("C03", "no probability")]
        assert dropped == {"all cases": lost, "old": lost, "new": []}
