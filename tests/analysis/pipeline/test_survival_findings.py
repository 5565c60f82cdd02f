"""Survival by what readers, consensus readings and models found: the same numbers as of a column that says so."""

import csv
import io
import json
from dataclasses import replace
from typing import Any

import pytest

from backend.analysis.errors import NotEstimable
from backend.analysis.formats.cells import csv_text
from backend.analysis.formats.dataset_csv import read_dataset
from backend.analysis.pipeline.figures import figure_files
from backend.analysis.pipeline.method_uses import method_uses
from backend.analysis.pipeline.outcomes import survival
from backend.analysis.pipeline.report_tables import section_tables
from backend.analysis.pipeline.results import Section
from backend.analysis.pipeline.run import run_analysis
from backend.analysis.pipeline.study import study_of
from backend.analysis.pipeline.wording import Wording

CASES = [f"C{n:02d}" for n in range(1, 25)]
REGIONS = ("none", "left", "right")
READERS = ("R1", "R2")
Answer = tuple[int | None, str]


def answers(reader: str) -> dict[str, Answer]:
    """A reader's call and region of every case."""
    shift = READERS.index(reader) if reader in READERS else 2
    return {
        case: (int((5 * number + shift) % 3 == 0), REGIONS[(number + shift) % 3])
        for number, case in enumerate(CASES)
    }


def files(**changed: str) -> dict[str, str]:
    """Two readers, a consensus and a model of 24 cases with follow-up, regions in columns too."""
    reads = [
        (who, "PLAIN", 1, case, question, value)
        for who in (*READERS, "Panel")
        for case, (call, region) in answers(who).items()
        for question, value in (("rating", call), ("region", region))
    ]
    truth = {case: int(number % 4 == 0) for number, case in enumerate(CASES)}
    design: dict[str, Any] = {
        "title": "Findings",
        "readers": list(READERS),
        "arms": ["PLAIN"],
        "consensus": ["Panel"],
        "scale": [0, 1],
        "positive_from": 1,
        "questions": [{"key": "region", "label": "Region", "categories": list(REGIONS)}],
        "analysis": {"survival_groups": ["region", "r1_calls", "r2_region"], "times": [10]},
    }
    columns = [
        (
            case,
            answers("Panel")[case][1],
            ("called negative", "called positive")[answers("R1")[case][0] or 0],
            answers("R2")[case][1],
        )
        for case in CASES
    ]
    return {
        "study.json": json.dumps(design),
        "reads.csv": csv_text(("reader", "arm", "session", "case", "question", "value"), reads),
        "truth.csv": csv_text(("case", "truth"), list(truth.items())),
        "predictions.csv": csv_text(
            ("model", "version", "case", "score", "probability", "positive"),
            [("net", "1", case, n / 30, None, int(n > 12)) for n, case in enumerate(CASES)],
        ),
        "model-answers.csv": csv_text(
            ("model", "case", "question", "value"),
            [("net", case, "region", answers("R2")[case][1]) for case in CASES],
        ),
        "cases.csv": csv_text(("case", "region", "r1_calls", "r2_region"), columns),
        "outcomes.csv": csv_text(
            ("case", "endpoint", "time", "event"),
            [(case, "OS", 2 + (7 * n) % 19, int(n % 3 != 1)) for n, case in enumerate(CASES)],
        ),
        **changed,
    }


def survival_of(**changed: str) -> Section:
    return survival(study_of(read_dataset(files(**changed)), level=0.95, seed=7))


def groups_of(section: Section, key: str) -> dict[str, Any]:
    return {group.label: group.curve for group in section.item(key).result.groups}


@pytest.fixture(scope="module")
def section() -> Section:
    return survival_of()


def test_groups_are_made_by_readers_consensus_and_models(section: Section) -> None:
    keys = [one.key for one in section.items if one.key.startswith("findings/")]
    assert keys == [
        "findings/OS/rating:call/R1, PLAIN",
        "findings/OS/rating:call/R2, PLAIN",
        "findings/OS/rating:call/Panel, PLAIN",
        "findings/OS/question:region/R1, PLAIN",
        "findings/OS/question:region/R2, PLAIN",
        "findings/OS/question:region/Panel, PLAIN",
        "findings/OS/question:region/net",
    ]
    item = section.item("findings/OS/question:region/R2, PLAIN")
    assert item.title == "OS by region, found by R2, PLAIN"
    assert (item.method, item.n, item.dropped) == ("logrank", 24, ())
    assert item.result.found_by == "R2, PLAIN"


@pytest.mark.parametrize(
    ("found", "column"),
    [
        ("rating:call/R1, PLAIN", "r1_calls"),
        ("question:region/R2, PLAIN", "r2_region"),
        ("question:region/net", "r2_region"),
        ("question:region/Panel, PLAIN", "region"),
    ],
)
def test_numbers_are_those_of_a_column_that_says_the_same(section: Section, found: str, column: str) -> None:
    assert groups_of(section, f"findings/OS/{found}") == groups_of(section, f"logrank/OS/{column}")
    own, other = (section.item(key).result.test for key in (f"findings/OS/{found}", f"logrank/OS/{column}"))
    assert (own.df, own.n) == (other.df, other.n)
    assert own.chi_square == pytest.approx(other.chi_square, rel=1e-12)


def test_numbers_are_those_of_r(section: Section) -> None:
    """R 4.2.2, survival 3.5-3: survdiff(Surv(time, event) ~ call)$chisq; summary(survfit(...), times = 10)$surv."""
    calls = section.item("findings/OS/rating:call/R1, PLAIN").result
    regions = section.item("findings/OS/question:region/R2, PLAIN").result
    assert calls.test.chi_square == pytest.approx(5.995932198372925, rel=1e-11)
    assert regions.test.chi_square == pytest.approx(10.097822767553387, rel=1e-11)
    assert [group.curve.at[0].survival for group in calls.groups] == pytest.approx(
        [0.71794871794871795, 0.375], rel=1e-12
    )


def test_answers_stand_in_the_order_of_the_question(section: Section) -> None:
    result = section.item("findings/OS/question:region/R1, PLAIN").result
    assert [group.label for group in result.groups] == list(REGIONS)


def test_a_read_without_an_answer_and_one_that_was_not_made_are_left_out_by_name() -> None:
    lines = files()["reads.csv"].splitlines()
    gone = ("R1,PLAIN,1,C02,rating,", "R1,PLAIN,1,C03,")
    kept = [line for line in lines if not line.startswith(gone)]
    section = survival_of(**{"reads.csv": "\n".join([*kept, "R1,PLAIN,1,C02,rating,", ""])})
    item = section.item("findings/OS/rating:call/R1, PLAIN")
    assert item.n == 22
    assert [(one.case, one.reason) for one in item.dropped] == [
        ("C02", "no answer by R1, PLAIN"),
        ("C03", "no answer by R1, PLAIN"),
    ]


def test_cases_that_nobody_read_are_not_asked_for() -> None:
    lines = [line for line in files()["reads.csv"].splitlines() if ",C01," not in line]
    item = survival_of(**{"reads.csv": "\n".join([*lines, ""])}).item("findings/OS/rating:call/R1, PLAIN")
    assert (item.n, item.dropped) == (23, ())


def test_a_reader_who_calls_everything_positive_has_no_test() -> None:
    reads = files()["reads.csv"].replace("rating,0", "rating,1")
    result = survival_of(**{"reads.csv": reads}).item("findings/OS/rating:call/R1, PLAIN").result
    assert [group.label for group in result.groups] == ["called positive"]
    assert isinstance(result.test.p, NotEstimable)


def test_readers_of_cases_without_follow_up_have_a_reason() -> None:
    rows = [("C24", "OS", 5, 1), ("C23", "OS", 6, 1)]
    reads = [
        line for line in files()["reads.csv"].splitlines() if ",C24," not in line and ",C23," not in line
    ]
    section = survival_of(
        **{
            "reads.csv": "\n".join([*reads, ""]),
            "outcomes.csv": csv_text(("case", "endpoint", "time", "event"), rows),
        }
    )
    assert section.item("findings/OS/rating:call/R1, PLAIN").result == NotEstimable(
        "no case with follow-up was given to R1, PLAIN"
    )


def test_a_question_that_the_plan_does_not_name_makes_no_groups() -> None:
    design = json.loads(files()["study.json"])
    section = survival_of(**{"study.json": json.dumps({**design, "analysis": {"times": [10]}})})
    kinds = {one.key.split("/")[2] for one in section.items if one.key.startswith("findings/")}
    assert kinds == {"rating:call"}


def test_report_methods_and_figures_have_them(section: Section) -> None:
    parts = section_tables(section, 0.95, Wording("months"))
    part = next(one for one in parts if one.title == "Survival by what readers and models found")
    (tabled,) = part.tables
    assert tabled.table.caption == "OS: survival by own calls and answers (Kaplan-Meier) and log-rank tests"
    first = [row[0] for row in tabled.table.rows]
    assert first[0] == "Calls by R1, PLAIN"
    assert "region by net" in first
    assert tabled.table.notes[0] == "Times in months."
    inputs = read_dataset(files())
    results = run_analysis(inputs)
    uses = {one.key: one for one in method_uses(results, inputs.design.analysis)}
    assert uses["logrank"].detail == (
        "Groups were also those that raters' own calls and answers make (R1, PLAIN; R2, PLAIN; Panel, PLAIN; net)."
    )
    kept = tuple(
        replace(one, items=tuple(item for item in one.items if item.key == "findings/OS/question:region/net"))
        for one in results.sections
    )
    drawn = figure_files(replace(results, sections=kept), inputs.study, ["svg"])
    (row,) = csv.DictReader(io.StringIO(drawn["index.csv"].decode()))
    assert (row["item"], row["not_drawn"]) == ("findings/OS/question:region/net", "")
    assert drawn[f"{row['figure']}.svg"].startswith(b"<?xml")
