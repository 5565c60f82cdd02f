"""The head of the report: the numbers of the results themselves, links that lead somewhere, counts that add up."""

import json
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from backend.analysis import VERSION
from backend.analysis.errors import NotEstimable
from backend.analysis.formats.dataset_csv import DatasetFiles, read_dataset
from backend.analysis.pipeline.incorporation import READERS_TOLD
from backend.analysis.pipeline.report_cells import printed
from backend.analysis.pipeline.report_files import report_files
from backend.analysis.pipeline.report_summary import section_counts, summary_section
from backend.analysis.pipeline.results import AnalysisResults
from backend.analysis.pipeline.run import run_analysis
from backend.analysis.reporting.content import ReportTable
from tests.analysis.pipeline.test_free_response import small

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
        assert found[model, "all"][0] == "113/223"
        area = results.section("roc").item(f"curve/{model}").result.auc
        assert found[model, "all"][1].startswith(f"{area.auc:.3f} ({area.ci.low:.3f}")
        for group in groups:
            if group.labels["curve"] == model:
                own = group.result
                said = (f"{own.n_positive}/{own.n_negative}", f"{own.auc:.3f}")
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


def test_models_are_told_beside_each_reader_with_whom_they_agree(demo_results: Results) -> None:
    results = demo_results("lpln-radiomics")
    rows = tables(results)["main-agreement-models"].rows
    assert len(rows) == len({row[:3] for row in rows}) == 2 * 2 * 2
    pairs = results.section("agreement").item("kappa_unweighted/rating:call/AIDED").result.matrix.pairs
    pair = next(one for one in pairs if {one.rater_a, one.rater_b} == {"radiomics", "Reader 1"}).result
    row = next(row for row in rows if row[:3] == ("radiomics", "Reader 1", "AIDED"))
    kappa = f"{pair.kappa:.2f} ({pair.ci.low:.2f}, {pair.ci.high:.2f})".replace("-", "\N{MINUS SIGN}")
    assert row[3:] == (str(pair.n), kappa, pair.band)
    assert "main-agreement-models" not in tables(demo_results("larc-dm"))


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


@pytest.mark.parametrize("with_model", [True, False])
def test_a_kappa_matrix_that_is_not_estimable_is_told_where_there_are_models(
    small_files: dict[str, str], *, with_model: bool
) -> None:
    if not with_model:
        del small_files["predictions.csv"]
    results = run_analysis(read_dataset(small_files))
    none = NotEstimable("no two raters share a case")
    sections = tuple(
        replace(
            section,
            items=tuple(
                replace(item, result=none) if item.key == "grid_unweighted/rating:call/AIDED" else item
                for item in section.items
            ),
        )
        for section in results.sections
    )
    found = tables(replace(results, sections=sections))
    if not with_model:
        assert "main-agreement-models" not in found
        return
    table = found["main-agreement-models"]
    told = [row for row in table.rows if row[1].startswith("not estimable")]
    titles = [
        item.title
        for item in results.section("agreement").items
        if item.key.endswith("grid_unweighted/rating:call/AIDED")
    ]
    assert [row[0] for row in told] == list(map(printed, titles))
    assert "(a) Not estimable: no two raters share a case." in table.notes
    assert {row[2] for row in table.rows if row not in told} == {"UNAIDED"}


def test_a_slash_in_the_name_of_a_model_hides_nothing(small_files: dict[str, str]) -> None:
    files = {
        **small_files,
        "predictions.csv": small_files["predictions.csv"].replace("net,", "org/net,"),
        "cases.csv": "case,center\n" + "".join(f"C{n:02d},{'AB'[n % 2]}\n" for n in range(1, 31)),
        "study.json": json.dumps(
            {**json.loads(small_files["study.json"]), "analysis": {"subgroups": ["center"]}}
        ),
    }
    results = run_analysis(read_dataset(files))
    kept = [f"at_cutoff/{r}, {arm}" for r in ("R1", "R2", "R3") for arm in ("UNAIDED", "AIDED")]
    titles = {item.key: printed(item.title) for item in results.section("operating_points").items}
    assert "at_cutoff/org/net/center/A" in titles
    rows = tables(results)["main-calls"].rows
    assert [row[0] for row in rows] == [titles[key] for key in (*kept, "at_cutoff/org/net")]


def test_agreement_is_that_of_the_calls_wherever_they_stand(small_files: dict[str, str]) -> None:
    """Also where the results of a declared question come before those of the rating."""
    lines = small_files["reads.csv"].splitlines(keepends=True)
    asked = [line.replace(",rating,", ",side,") for line in lines if ",rating," in line]
    questions = [{"key": "side", "label": "Side", "categories": [1, 2, 3, 4, 5]}]
    design = {**json.loads(small_files["study.json"]), "questions": questions}
    files = {**small_files, "study.json": json.dumps(design), "reads.csv": "".join([*lines, *asked])}
    results = run_analysis(read_dataset(files))
    sections = tuple(replace(one, items=one.items[::-1]) for one in results.sections)
    items = replace(results, sections=sections).section("agreement").items
    fleiss = [item for item in items if item.key.startswith("fleiss/")]
    assert fleiss[0].key == "fleiss/question:side/AIDED"
    titles = [item.title.removesuffix(": Fleiss' kappa") for item in fleiss if "/rating:call/" in item.key]
    rows = tables(replace(results, sections=sections))["main-agreement"].rows
    assert [row[0] for row in rows] == list(map(printed, titles))
    assert all("score ≥ 3" in row[0] for row in rows)
    assert len(titles) == 2


def test_readers_left_out_and_the_sections_warning_stand_below_the_tables(
    small_files: dict[str, str],
) -> None:
    plain = tables(run_analysis(read_dataset(small_files)))
    assert not any("left out" in note or "Incorporation" in note for note in plain["main-readers"].notes)
    rows = small_files["reads.csv"].splitlines(keepends=True)
    design = {**json.loads(small_files["study.json"]), "origin": {"truth_source": "readers"}}
    files = {
        **small_files,
        "study.json": json.dumps(design),
        "reads.csv": "".join(row for row in rows if not row.startswith("R2,AIDED")),
    }
    found = tables(run_analysis(read_dataset(files)))
    assert "Readers left out: R2 (no read under AIDED)." in found["main-readers"].notes
    for key in ("main-readers", "main-models", "main-calls"):
        assert READERS_TOLD in found[key].notes
    assert READERS_TOLD not in found["main-agreement"].notes


def test_marks_stand_for_the_readers_where_no_rating_was_analyzed() -> None:
    results = run_analysis(read_dataset(small()))
    first = results.section("free_response").item("or_jackknife/wAFROC").result.random_readers_random_cases
    rows = tables(results)["main-readers"].rows
    assert [row[0] for row in rows] == ["wAFROC, AIDED", "wAFROC, PLAIN", "wAFROC, AIDED minus PLAIN"]
    for row, mean in zip(rows, first.means, strict=False):
        assert row[1].startswith(f"{mean.mean:.3f} (")
