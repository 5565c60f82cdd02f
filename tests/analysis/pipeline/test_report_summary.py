"""The head of the report: the numbers of the results themselves, links that lead somewhere, counts that add up."""

import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from backend.analysis import VERSION
from backend.analysis.errors import NotEstimable
from backend.analysis.formats.dataset_csv import DatasetFiles, read_dataset
from backend.analysis.pipeline.report_files import report_files
from backend.analysis.pipeline.report_summary import section_counts, summary_section
from backend.analysis.pipeline.results import AnalysisResults
from backend.analysis.pipeline.run import run_analysis
from backend.analysis.reporting.content import ReportTable

Results = Callable[[str], AnalysisResults]
Dataset = Callable[[str], DatasetFiles]


def tables(results: AnalysisResults, cohort: str = "") -> dict[str, ReportTable]:
    return {table.key: table for table in summary_section(results, cohort).tables}


def test_the_means_and_differences_are_those_of_the_multi_reader_analysis(demo_results: Results) -> None:
    results = demo_results("lpln-radiomics")
    analysis = results.section("mrmc").item("or_jackknife/AUC").result.random_readers_random_cases
    rows = tables(results)["main-readers"].rows
    assert [row[0] for row in rows] == ["AUC, AIDED", "AUC, UNAIDED", "AUC, AIDED minus UNAIDED"]
    for row, one in zip(rows, (*analysis.means, *analysis.differences), strict=True):
        value = one.mean if hasattr(one, "mean") else one.difference
        assert row[1] == f"{value:.3f} ({one.ci.low:.3f}, {one.ci.high:.3f})".replace("-", "\N{MINUS SIGN}")


def test_the_areas_of_models_are_given_for_all_cases_and_by_cohort(demo_results: Results) -> None:
    results = demo_results("lpln-radiomics")
    rows = tables(results, "cohort")["main-models"].rows
    found = {(row[0], row[1]): row[2:] for row in rows}
    groups = results.section("roc").item("groups/cohort").result.groups
    for model in ("radiomics", "clinical-radiomics"):
        assert found[model, "all"][0] == "113 / 223"
        area = results.section("roc").item(f"curve/{model}").result.auc
        assert found[model, "all"][1].startswith(f"{area.auc:.3f} ({area.ci.low:.3f}")
        for group in groups:
            if group.labels["curve"] == model:
                own = group.result
                said = (f"{own.n_positive} / {own.n_negative}", f"{own.auc:.3f}")
                assert (
                    found[model, group.labels["cohort"]][0],
                    found[model, group.labels["cohort"]][1][:5],
                ) == said
    assert len(rows) == 2 + 4


def test_calls_agreement_and_survival_stand_in_tables_of_their_own(demo_results: Results) -> None:
    readers = tables(demo_results("lpln-radiomics"))
    assert len(readers["main-calls"].rows) == 6
    assert [row[1:3] for row in readers["main-agreement"].rows] == [("2", "100"), ("2", "100")]
    assert "main-survival" not in readers
    results = demo_results("larc-dm")
    followed = tables(results)
    assert not {"main-readers", "main-agreement"} & set(followed)
    concordances = [
        item.result for item in results.section("survival").items if item.key.startswith("harrell/")
    ]
    assert [row[1][:5] for row in followed["main-survival"].rows] == [f"{one.c:.3f}" for one in concordances]


@pytest.mark.parametrize("name", ["lpln-radiomics", "larc-dm"])
def test_every_result_is_counted_once(demo_results: Results, name: str) -> None:
    results = demo_results(name)
    counts = section_counts(results)
    assert [one.section for one in counts] == [section.key for section in results.sections]
    assert sum(one.results for one in counts) == sum(len(section.items) for section in results.sections)
    assert sum(one.not_estimable for one in counts) == sum(
        isinstance(item.result, NotEstimable) for section in results.sections for item in section.items
    )
    assert sum(one.refused for one in counts) == sum(len(section.failures) for section in results.sections)
    shown = tables(results)["main-counts"].rows
    assert [row[2:] for row in shown] == [
        (str(one.results), str(one.not_estimable), str(one.refused)) for one in counts
    ]


def test_the_summary_stands_first_in_html_and_json_and_leads_to_the_sections(
    small_files: dict[str, str],
) -> None:
    inputs = read_dataset(small_files)
    results = run_analysis(inputs)
    files = report_files(results, inputs, {})
    value = json.loads(files["report.json"])
    assert value["summary"] == [one.to_json() for one in section_counts(results)]
    first = value["sections"][0]
    assert (first["key"], first["title"]) == ("main-results", "Main results")
    assert set(first["see"]) < {section["key"] for section in value["sections"]}
    html = files["report.html"].decode()
    for key in first["see"]:
        assert html.count(f'href="#section-{key}"') == 2
        assert html.count(f'id="section-{key}"') == 1


def test_the_results_name_the_version_of_this_software(small_files: dict[str, str]) -> None:
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["project"]
    versions = run_analysis(read_dataset(small_files)).provenance.versions
    assert versions[project["name"]] == VERSION == project["version"]


def test_what_is_not_estimable_says_so_with_its_reason(small_files: dict[str, str]) -> None:
    """Two readers of three rate every case alike: their kappa has no spread, yet the table stands."""
    rows = small_files["reads.csv"].splitlines()
    small_files["reads.csv"] = "\n".join([rows[0], *(f"{row.rpartition(',')[0]},1" for row in rows[1:]), ""])
    results = run_analysis(read_dataset(small_files))
    table = tables(results)["main-agreement"]
    assert all(row[-1].startswith("not estimable (a)") for row in table.rows)
    assert any(note.startswith("(a)") for note in table.notes)
