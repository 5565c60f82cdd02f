"""What the front end's tests draw has the keys and the shape of results as they are now."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from backend.analysis.formats.dataset_csv import DatasetFiles
from backend.analysis.pipeline.results import AnalysisResults
from scripts.chart_fixture import (
    FIXTURE,
    REPORT_FIXTURE,
    REPORTED,
    fixture_of,
    report_fixture_of,
    thinned,
)

Results = Callable[[str], AnalysisResults]


def shape(value: Any) -> Any:
    """Names and lengths without the numbers; what is not estimable here may be a number there."""
    if isinstance(value, dict):
        return "a value" if "not_estimable" in value else {key: shape(one) for key, one in value.items()}
    if isinstance(value, list):
        return [shape(one) for one in value]
    return "a value"


def test_the_fixture_is_that_of_the_demonstrations(demo_results: Results) -> None:
    made = fixture_of({name: demo_results(name) for name in ("lpln-radiomics", "larc-dm")})
    stored = json.loads(FIXTURE.read_text())
    assert [section["key"] for section in stored["sections"]] == [one["key"] for one in made["sections"]]
    assert stored["units"] == made["units"]
    for here, there in zip(stored["sections"], made["sections"], strict=True):
        assert [(one["key"], one["title"]) for one in here["items"]] == [
            (one["key"], one["title"]) for one in there["items"]
        ]
        for mine, own in zip(here["items"], there["items"], strict=True):
            assert shape(mine["result"]) == shape(own["result"]), mine["key"]


def words(section: Mapping[str, Any]) -> Any:
    """What stands over the section, its parts and their tables."""
    tables = [(table["caption"], table["header"], len(table["rows"])) for table in section["tables"]]
    return section["key"], section["title"], tables, [words(part) for part in section["sections"]]


def test_the_report_is_that_of_the_demonstration(
    demo_results: Results, demo_dataset: Callable[[str], DatasetFiles]
) -> None:
    made = report_fixture_of(demo_results(REPORTED), demo_dataset(REPORTED))
    stored = json.loads(REPORT_FIXTURE.read_text())
    assert [words(section) for section in stored["sections"]] == [
        words(section) for section in made["sections"]
    ]
    assert shape(stored) == shape(made)


def test_thinning_keeps_both_ends_and_short_lists() -> None:
    rows = [{"n": n} for n in range(100)]
    assert [thinned(rows)[0], thinned(rows)[-1]] == [{"n": 0}, {"n": 99}]
    assert len(thinned(rows)) == 6
    assert thinned({"a": rows[:5], "b": list(range(50))}) == {"a": rows[:5], "b": list(range(50))}
