"""R's own packages compute the results anew from the files that a report gives away, and find what its tables say.

pROC for the areas of readers and their comparison, survival for Kaplan-Meier, Cox and concordance. Both come from
Debian with `make test-services`, which installs them where they are absent.
"""

import csv
import io
from collections.abc import Callable

import pytest

from backend.analysis.formats.dataset_csv import DatasetFiles
from backend.analysis.pipeline.exports import export_files
from backend.analysis.pipeline.results import AnalysisResults
from backend.analysis.pipeline.study import study_of
from backend.analysis.pipeline.tables import result_tables
from tests.analysis.r_program import InR

pytestmark = pytest.mark.services

Dataset = Callable[[str], DatasetFiles]
Results = Callable[[str], AnalysisResults]

SAY = """
say <- function(name, ...) cat(paste(c(name, sprintf("%.15g", c(...))), collapse = "|"), "\\n", sep = "")
"""
AREAS = """
suppressMessages(library(pROC))
truth <- read.csv("truth.csv")
own <- answers_to("rating")
own <- own[order(own$session, own[["repeat"]]), ]
own <- own[!duplicated(own[c("reader", "arm", "case")]), ]  # the first read; later ones repeat it
own$score <- as.numeric(as.character(own$value))
own$truth <- truth$truth[match(own$case, truth$case)]
curve <- function(reader, arm) {
  one <- own[own$reader == reader & own$arm == arm, ]
  one <- one[order(one$case), ]
  roc(one$truth, one$score, levels = c(0, 1), direction = "<", quiet = TRUE)
}
for (reader in unique(own$reader)) {
  for (arm in unique(own$arm)) {
    interval <- ci.auc(curve(reader, arm), method = "delong")
    say(paste0("curve/", reader, ", ", arm), interval[2], interval[1], interval[3])
  }
  test <- roc.test(curve(reader, "AIDED"), curve(reader, "UNAIDED"), method = "delong", paired = TRUE)
  name <- paste0("delong/", reader, ", AIDED - ", reader, ", UNAIDED")
  say(name, test$estimate, test$statistic, test$p.value, test$conf.int)
}
"""
SURVIVAL = """
suppressMessages(library(survival))
cases <- merge(merge(read.csv("outcomes.csv"), read.csv("cases.csv"), by = "case"), read.csv("truth.csv"), by = "case")
outputs <- read.csv("predictions.csv")
for (model in unique(outputs$model)) {
  one <- outputs[outputs$model == model, ]
  cases[[model]] <- one$score[match(cases$case, one$case)]
}
follow_up <- with(cases, Surv(time, event))
signature <- outputs[outputs$model == "signature", ]
called <- signature$positive[match(cases$case, signature$case)]
median_of <- summary(survfit(follow_up ~ called, conf.type = "log-log"))$table[2, ]
say("median", median_of[c("median", "0.95LCL", "0.95UCL")])
at <- summary(survfit(follow_up ~ 1, conf.type = "log-log"), times = c(12, 24, 36))
for (k in 1:3) say(paste0("at ", at$time[k]), at$n.risk[k], at$surv[k], at$std.err[k], at$lower[k], at$upper[k])
for (model in unique(outputs$model)) {
  found <- concordance(follow_up ~ cases[[model]], reverse = TRUE)
  say(paste0("harrell/DMFS/", model), found$concordance, sqrt(found$var))
}
cases$ypN <- factor(cases$ypN, levels = c("N0", "N+"))
fit <- coxph(Surv(time, event) ~ signature + cT + CEA + ypN, cases, subset = cohort == "primary", ties = "efron",
             control = coxph.control(eps = 1e-12, iter.max = 60))
for (k in seq_along(coef(fit))) {
  say(paste("cox", k), summary(fit)$conf.int[k, c(1, 3, 4)], summary(fit)$coefficients[k, "Pr(>|z|)"])
}
"""


def numbers(lines: list[str]) -> dict[str, list[float]]:
    parts = [line.split("|") for line in lines]
    return {name: [float(value) for value in values] for name, *values in parts}


def table(results: AnalysisResults, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(result_tables(results)[name])))


def close(row: dict[str, str], columns: str, *, rel: float = 1e-8) -> object:
    """The cells of a row of the report's table, as R's numbers must be."""
    return pytest.approx([float(row[column]) for column in columns.split()], rel=rel)


def test_proc_finds_the_areas_and_comparisons_of_the_readers(
    in_r: InR, demo_dataset: Dataset, demo_results: Results
) -> None:
    inputs, results = demo_dataset("lpln-radiomics"), demo_results("lpln-radiomics")
    study = study_of(inputs, level=results.level, seed=results.seed, analysis_set="as-read")
    files = {**export_files(results, inputs, study), "truth.csv": inputs.texts["truth.csv"].encode()}
    found = numbers(in_r(files, SAY + AREAS))
    curves = {row["item"]: row for row in table(results, "roc-curve.csv") if row["curve.kind"] == "reader"}
    tests = {row["item"]: row for row in table(results, "roc-delong.csv")}
    assert set(found) == {*curves, *(name for name in tests if name in found)}
    assert len(found) == 6
    for name, row in curves.items():
        assert found[name] == close(row, "auc.auc auc.ci_low auc.ci_high"), name
    columns = "result.auc_a result.auc_b result.z result.p result.ci_low result.ci_high"
    for name in set(found) - set(curves):
        assert found[name] == close(tests[name], columns), name


def test_survival_finds_the_medians_hazards_and_concordances(
    in_r: InR, demo_dataset: Dataset, demo_results: Results
) -> None:
    inputs, results = demo_dataset("larc-dm"), demo_results("larc-dm")
    named = ("outcomes.csv", "cases.csv", "truth.csv", "predictions.csv")
    found = numbers(in_r({name: inputs.texts[name].encode() for name in named}, SAY + SURVIVAL))
    groups = {
        row["label"]: row
        for row in table(results, "survival-logrank-groups.csv")
        if row["item"] == "logrank/DMFS/signature"
    }
    median = "curve.median.estimate curve.median.low curve.median.high"
    assert found["median"] == close(groups["called positive"], median)
    points = table(results, "survival-kaplan_meier-groups-curve.at.csv")
    for row in (row for row in points if row["item"] == "kaplan_meier/DMFS"):
        assert found[f"at {float(row['time']):g}"] == close(row, "at_risk survival se ci_low ci_high")
    models = {row["item"]: row for row in table(results, "survival-harrell.csv")}
    for model in ("signature", "clinical", "nomogram"):
        assert found[f"harrell/DMFS/{model}"] == close(models[f"harrell/DMFS/{model}"], "c se")
    terms = table(results, "survival-cox-multivariate.terms.csv")
    assert [(row["covariate"], row["level"], row["reference"]) for row in terms] == [
        ("signature", "", ""),
        ("cT", "T4", "T3"),
        ("CEA", "", ""),
        ("ypN", "N+", "N0"),
    ]
    for number, row in enumerate(terms, start=1):
        assert found[f"cox {number}"] == close(row, "hazard_ratio ci_low ci_high p", rel=1e-6)
