"""Exported files loaded by R itself with the snippet beside them: the same counts, means and labels.

R comes from Debian with `make test-services`, which installs it where it is absent.
"""

import csv
import io
from collections import Counter

import pytest

from backend.analysis.demo import demo_files
from backend.analysis.formats.dataset_csv import read_dataset
from backend.analysis.formats.tidy_csv import TidyQuestion, TidyRead, tidy_files
from backend.analysis.pipeline.exports import export_files
from backend.analysis.pipeline.run import run_analysis
from backend.analysis.pipeline.study import study_of
from tests.analysis.r_program import InR

pytestmark = pytest.mark.services

COUNTS = """
own <- answers_to("rating")
for (arm in unique(own$arm)) for (code in levels(own$value)) {
  cat("count", arm, code, sum(own$arm == arm & own$value == code), "\\n", sep = "|")
}
axis <- answers_to("short_axis")
for (reader in unique(axis$reader)) {
  cat("mean", reader, sprintf("%.10f", mean(axis$value[axis$reader == reader])), "\\n", sep = "|")
}
cat("rows", nrow(reads), sprintf("%.3f", sum(reads$active_s)), "\\n", sep = "|")
"""


def test_r_counts_the_ratings_and_averages_the_measurements_as_they_were_exported(in_r: InR) -> None:
    inputs = read_dataset(demo_files("lpln-radiomics"))
    results = run_analysis(inputs)
    study = study_of(inputs, level=results.level, seed=results.seed, analysis_set="as-read")
    files = export_files(results, inputs, study)
    rows = list(csv.DictReader(io.StringIO(demo_files("lpln-radiomics")["reads.csv"])))

    counts = Counter((row["arm"], row["value"]) for row in rows if row["question"] == "rating")
    expected = {
        f"count|{arm}|{code}|{counts[arm, str(code)]}|"
        for arm in ("UNAIDED", "AIDED")
        for code in range(1, 6)
    }
    for reader in ("Reader 1", "Reader 2"):
        values = [
            float(row["value"]) for row in rows if row["question"] == "short_axis" and row["reader"] == reader
        ]
        expected.add(f"mean|{reader}|{sum(values) / len(values):.10f}|")
    expected.add(f"rows|{len(rows)}|{sum(float(row['active_s']) for row in rows):.3f}|")
    assert set(in_r(files, COUNTS)) == expected


def test_r_reads_labels_formulas_and_booleans_as_they_were_meant(in_r: InR) -> None:
    questions = [
        TidyQuestion("margin", "Margin, 마진", "code", "", (("a", "glatt, weich"), ("b", 'spi"kuliert'))),
        TidyQuestion("sure", "Sure", "boolean"),
        TidyQuestion("remark", "Remark", "text"),
    ]
    reads = [
        TidyRead("R1", "A", 1, "C1", {"margin": "a", "sure": True, "remark": "=1+1"}),
        TidyRead("R1", "A", 1, "C2", {"margin": "b", "sure": False, "remark": "κ = 0.8, fine"}),
        TidyRead("R2", "A", 1, "C1", {"margin": None, "sure": None, "remark": None}),
    ]
    files = {name: text.encode() for name, text in tidy_files(reads, questions).items()}
    said = in_r(
        files,
        """
        cat(levels(answers_to("margin")$value), sep = "|"); cat("\\n")
        cat(as.integer(answers_to("margin")$value), sep = "|"); cat("\\n")
        cat(answers_to("sure")$value, sep = "|"); cat("\\n")
        cat(answers_to("remark")$value, sep = "|"); cat("\\n")
        """,
    )
    assert [line.strip() for line in said] == [
        'glatt, weich|spi"kuliert',
        "1|2|NA",
        "TRUE|FALSE|NA",
        "=1+1|κ = 0.8, fine|NA",
    ]
