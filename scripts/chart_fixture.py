"""Cut from real results the few that the front end's tests draw, and from a real report a few of its sections.

    .venv/bin/python -m scripts.chart_fixture

Analyzes two of the synthetic demonstrations, takes the items and sections named here, and thins their long lists.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from backend.analysis.demo import demo_files
from backend.analysis.formats.dataset_csv import DatasetFiles, read_dataset
from backend.analysis.pipeline.output import results_json
from backend.analysis.pipeline.report import report_content
from backend.analysis.pipeline.report_figures import FigureRow
from backend.analysis.pipeline.report_files import report_json
from backend.analysis.pipeline.results import AnalysisResults
from backend.analysis.pipeline.run import run_analysis
from scripts.prepare import ROOT

FRONTEND = ROOT / "frontend"
API = FRONTEND / "src" / "features" / "results" / "api"
FIXTURE = API / "analysis-results.fixture.json"
REPORT_FIXTURE = API / "analysis-report.fixture.json"
# Longer lists are thinned to about so many.
LONGEST = 6
# Demonstration, section and item; the sections stand in this order.
ITEMS = (
    ("lpln-radiomics", "flow", "flow"),
    ("lpln-radiomics", "agreement", "grid_unweighted/rating:call/UNAIDED"),
    ("lpln-radiomics", "agreement", "bland_altman/short_axis/UNAIDED/Reader 1/Reader 2"),
    ("lpln-radiomics", "intra_reader", "between/rating:score/linear/UNAIDED"),
    ("lpln-radiomics", "intra_reader", "between/rating:score/quadratic/UNAIDED"),
    ("lpln-radiomics", "intra_reader", "between/measurement:short_axis/UNAIDED"),
    ("lpln-radiomics", "roc", "curve/Reader 1, UNAIDED"),
    ("lpln-radiomics", "roc", "curve/Reader 1, AIDED"),
    ("lpln-radiomics", "roc", "curve/Reader 2, UNAIDED"),
    ("lpln-radiomics", "roc", "curve/Reader 2, AIDED"),
    ("lpln-radiomics", "roc", "curve/clinical-radiomics"),
    ("lpln-radiomics", "roc", "youden/clinical-radiomics"),
    ("lpln-radiomics", "roc", "closest/clinical-radiomics"),
    ("lpln-radiomics", "roc", "sensitivity/clinical-radiomics"),
    ("lpln-radiomics", "roc", "groups/cohort"),
    ("lpln-radiomics", "roc", "average"),
    ("lpln-radiomics", "operating_points", "confusion/Reader 1, UNAIDED"),
    ("lpln-radiomics", "mrmc", "or_jackknife/AUC"),
    ("lpln-radiomics", "change_of_mind", "UNAIDED to AIDED, radiomics"),
    ("lpln-radiomics", "reading_time", "times"),
    ("lpln-radiomics", "periods", "UNAIDED and AIDED"),
    ("lpln-radiomics", "models", "calibration/clinical-radiomics/all cases"),
    ("lpln-radiomics", "models", "fitted_calibration/logistic/validation"),
    ("lpln-radiomics", "models", "decision_curve/all cases"),
    ("lpln-radiomics", "models", "impact/clinical-radiomics/all cases"),
    ("lpln-radiomics", "models", "components/clinical-radiomics/all cases"),
    ("larc-dm", "survival", "logrank/DMFS/signature"),
    ("larc-dm", "survival", "cox/DMFS"),
    ("larc-dm", "survival", "time_roc/DMFS/clinical"),
)
REPORTED = "lpln-radiomics"
REPORT_SECTIONS = ("agreement", "features", "roc", "reading-time", "per-protocol")
# Of each section of the report so many parts, of each part one table with so many rows.
PARTS, ROWS = 2, 4
# Of each checklist so many items; of the methods so many paragraphs and references.
CHECKED, PARAGRAPHS, REFERENCES = 6, 2, 3


def fixture_of(results: Mapping[str, AnalysisResults]) -> dict[str, Any]:
    """The fixture, from the results of the demonstrations that it is cut from."""
    given = {name: json.loads(results_json(one)) for name, one in results.items()}
    sections: dict[str, list[dict[str, Any]]] = {}
    for demonstration, section, key in ITEMS:
        items = next(one["items"] for one in given[demonstration]["sections"] if one["key"] == section)
        item = next(one for one in items if one["key"] == key)
        taken = {"key": key, "title": item["title"], "result": thinned(item["result"])}
        sections.setdefault(section, []).append(taken)
    return {
        "schema_version": 1,
        "is_synthetic": True,
        "level": 0.95,
        "labels": {name: label for one in given.values() for name, label in one["labels"].items()},
        "units": {key: unit for one in given.values() for key, unit in one["units"].items()},
        "sections": [{"key": key, "items": items} for key, items in sections.items()],
    }


def report_fixture_of(results: AnalysisResults, inputs: DatasetFiles) -> dict[str, Any]:
    """The report's fixture, from the results of :data:`REPORTED` and the dataset that they were computed from."""
    # The page's report names figures and does not hold them.
    index = (FigureRow("roc", "roc", "curve", "ROC curves", "", ""),)
    content = report_content(results, inputs, {"roc.svg": b"", "roc.png": b""}, index)
    report: dict[str, Any] = json.loads(report_json(content, results, index))
    methods = report["methods"]
    return {
        **report,
        "sections": [_cut(one) for one in report["sections"] if one["key"] in REPORT_SECTIONS],
        "methods": {
            "paragraphs": methods["paragraphs"][:PARAGRAPHS],
            "references": methods["references"][:REFERENCES],
        },
        "checklists": [{**one, "items": one["items"][:CHECKED]} for one in report["checklists"]],
    }


def _cut(section: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **section,
        "tables": [{**table, "rows": table["rows"][:ROWS]} for table in section["tables"][:1]],
        "sections": [_cut(part) for part in section["sections"][:PARTS]],
    }


def thinned(value: Any) -> Any:
    """The value with long lists of objects cut to some that are spread evenly, first and last among them."""
    if isinstance(value, dict):
        return {key: thinned(one) for key, one in value.items()}
    if not isinstance(value, list):
        return value
    return [thinned(one) for one in _spread(value)]


def _spread(values: Sequence[Any]) -> Sequence[Any]:
    if len(values) <= LONGEST or not isinstance(values[0], dict):
        return values
    last = len(values) - 1
    return [values[round(step * last / (LONGEST - 1))] for step in range(LONGEST)]


def main() -> int:
    """Analyze, cut, and write the files as the front end's formatter wants them."""
    inputs = {name: read_dataset(demo_files(name)) for name in dict.fromkeys(name for name, _, _ in ITEMS)}
    results = {name: run_analysis(one) for name, one in inputs.items()}
    made = {
        FIXTURE: fixture_of(results),
        REPORT_FIXTURE: report_fixture_of(results[REPORTED], inputs[REPORTED]),
    }
    formatter = FRONTEND / "node_modules" / ".bin" / "biome"
    for path, value in made.items():
        path.write_text(json.dumps(value, ensure_ascii=False))
        subprocess.run([formatter, "format", "--write", path], cwd=FRONTEND, check=True)
        sys.stdout.write(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1000:.0f} kB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
