"""The methods text of a dataset names the parameters of what was done, and how much was read."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from backend.analysis.formats.dataset_csv import DatasetFiles, read_dataset
from backend.analysis.pipeline.output import results_json
from backend.analysis.pipeline.report import all_tables, report_content
from backend.analysis.pipeline.report_facts import provenance_rows, study_facts
from backend.analysis.pipeline.report_methods import methods_of
from backend.analysis.pipeline.results import AnalysisResults
from backend.analysis.pipeline.run import run_analysis
from backend.analysis.pipeline.study import AnalysisSet, study_of
from backend.analysis.reporting.checklists import prefilled
from backend.analysis.reporting.grras import GRRAS
from backend.analysis.reporting.study_facts import StudyFacts
from tests.analysis.pipeline.test_free_response import small

Datasets = Callable[[str], DatasetFiles]
Results = Callable[[str], AnalysisResults]


def said_of(results: AnalysisResults, inputs: DatasetFiles) -> str:
    """The methods.txt without the list of references, on one line a paragraph."""
    study = None
    if inputs.study is not None:
        study = study_of(inputs, level=results.level, seed=results.seed)
    return methods_of(results, inputs, study).plain.split("\nReferences")[0]


def facts_of(results: AnalysisResults, inputs: DatasetFiles) -> StudyFacts:
    return study_facts(results, inputs, study_of(inputs, level=results.level, seed=results.seed), ())


WANTED = {
    "lpln-radiomics": (
        (
            "The analysis covers 336 cases (113 with metastatic node, 223 without). 2 readers read 100 cases (31 "
            "with metastatic node, 69 without) in each of 2 arms (UNAIDED and AIDED). The same reader read again, in "
            "the same arm, 20 cases in a further session (re-reads)."
        ),
        "Exclusions: 2 reads from the per-protocol set (read 12 days after the first session, 14 were required).",
        "nothing was imputed.",
        "Readers are positive from a score of 4 on. Models are positive where their own cut-off called.",
        "Cohen's kappa (for the call, margin and side), linearly weighted kappa (for the score)",
        "The range was specificity 0.8 to 1. Resamples drawn: 2000.",
        "The stated prevalence was 0.3.",
        "The target was 0.9.",
        "Groups were those of cohort and neoadjuvant therapy.",
        (
            "Figures of merit were the empirical AUC with ties counting one half, the area under a part of the "
            "empirical curve (for specificity 0.8 to 1), the sensitivity at a cut-off (for a rating at or above 4) and "
            "the specificity at a cut-off (for a rating below 4)"
        ),
        (
            "Variances and covariances over cases were estimated by the jackknife, DeLong's placement values (for the "
            "AUC), the unbiased U-statistic over the cases available (for the AUC) and a seeded bootstrap"
        ),
        "The margin was 0.1 in AUC.",
        (
            "It was computed for a difference in AUC of 0.05, a power of 0.8 and a two-sided level of 0.05, "
            "generalized to readers and cases."
        ),
        "The conditions were UNAIDED then AIDED, with the model radiomics.",
        "Threshold probabilities ran from 0.01 to 0.99 in steps of 0.01. Resamples drawn: 500.",
        "Compared were radiomics (old) with clinical-radiomics (new). Risk categories were divided at 0.2 and 0.5.",
        "Predictors were radiomics, sex and neoadjuvant therapy. The development cohort was development.",
        (
            "categories by Pearson's chi-square test, or by Fisher's exact test where an expected count is below 5. "
            "Declared otherwise: dissection by Fisher's exact test; sex by Fisher's exact test."
        ),
    ),
    "lln-segmentation": (
        (
            "The analysis covers 480 cases (61 with positive lateral node, 419 without) read by 3 readers in 1 arm "
            "(INDEPENDENT)."
        ),
        "The mean figures of merit of the readers were given intervals",
        "the area under the weighted AFROC curve with lesion weights that sum to 1 in each case",
        "Of marks, ties count one half",
        "There is one reading condition, so no two were compared.",
        "The function of time was 1 minus the Kaplan-Meier estimate.",
        "The horizon was 60 months, the last of the declared times.",
    ),
    "cervix-dlrc": (
        "Kept were features with ICC(A,1) above 0.75 by its estimate.",
        "Risk categories were divided at 0.2 and 0.4.",
        "No margin was declared, so non-inferiority was not tested.",
        "read 410 cases",
    ),
    "larc-dm": (
        "Intervals of the curves are on the log-log scale. Survival is given at 12, 24 and 36 months.",
        "The stratified test took cohort as strata.",
        "Covariates were signature, age (years), sex, clinical T stage, CEA (ng/mL) and ypN stage.",
        "The threshold was P < 0.1. Declared clinically relevant: clinical T stage.",
        "The horizon was 36 months, the last of the declared times.",
        "The stated times were 12, 24 and 36 months.",
        "Compared were clinical (old) with nomogram (new) and signature (old) with nomogram (new).",
        "numbers by Welch's t test, or by rank tests where a group departs from normal (Shapiro-Wilk test at 0.05)",
    ),
}


@pytest.mark.parametrize("name", list(WANTED))
def test_the_methods_text_names_what_was_chosen(
    name: str, demo_dataset: Datasets, demo_results: Results
) -> None:
    results, inputs = demo_results(name), demo_dataset(name)
    said = said_of(results, inputs)
    assert [one for one in WANTED[name] if one not in said] == []
    assert not re.search(r"\bnan\b|None|\binf\b|\{|\}|\.\.", said)
    assert said.count("The figure of merit was") + said.count("Figures of merit were") <= 1
    # A second way to the same facts: what the results themselves hold as JSON.
    written = json.loads(results_json(results))
    drawn = {n for one in _walk(written) for slot in ("replicates", "resamples", "n_resamples")
             if one.get("seed") is not None and "overrides" not in one
             and isinstance(n := one.get(slot), int)}  # fmt: skip
    assert {n for n in drawn if f"Resamples drawn: {n}." not in said} == set()
    held = {
        one[slot] for one in _walk(written) for slot in ("figure_method", "covariance_method") if slot in one
    }
    assert held <= {method.key for method in results.methods}


def _walk(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _walk(one)


def test_one_arm_is_nowhere_compared_by_analysis_of_variance(
    demo_dataset: Datasets, demo_results: Results
) -> None:
    for name in ("lln-segmentation", "cervix-dlrc"):
        said = said_of(demo_results(name), demo_dataset(name))
        assert "were compared by the Obuchowski-Rockette" not in said
        assert "were compared by U-statistics" not in said


def test_reads_are_counted_where_they_were_made(demo_dataset: Datasets, demo_results: Results) -> None:
    facts = facts_of(demo_results("lpln-radiomics"), demo_dataset("lpln-radiomics"))
    items = {one.number: one for one in prefilled(GRRAS, facts).items}
    assert items["11"].text == (
        "2 readers. 100 cases read (31 with metastatic node, 69 without it), of 336 in the dataset. 20 cases read "
        "again by the same reader in another session. No case returned to the same reader unannounced."
    )
    assert "3 sessions of each reader." in items["8"].text
    rows = {one.label: one.value for one in provenance_rows(demo_results("lpln-radiomics"))}
    excluded = "Excluded from the per-protocol set: read 12 days after the first session, 14 were required"
    assert rows[excluded] == "2 reads"


def test_exclusions_count_cases_or_reads(small_files: dict[str, str]) -> None:
    """A case of three readers and two arms that is left out in one session is as many reads as were made of it."""
    inputs = read_dataset(
        {
            **small_files,
            "exclusions.csv": "case,reader,session,reason,set\nC01,,,no contrast,all\nC02,,1,late,per-protocol\n"
            "C03,R1,2,late,per-protocol\n",
        }
    )
    assert inputs.study is not None
    of_session = sum(read.case == "C02" and read.session == 1 for read in inputs.study.reads)
    found = {(one.reason, one.what): one.n for one in run_analysis(inputs).provenance.exclusion_counts}
    assert found == {("no contrast", "case"): 1, ("late", "read"): of_session + 1}
    said = said_of(run_analysis(inputs), inputs)
    assert (
        f"Exclusions: 1 case from all sets (no contrast); {of_session + 1} reads from the per-protocol set"
        in said
    )


def test_exclusions_that_overlap_count_each_read_once(small_files: dict[str, str]) -> None:
    """As many as the flow lost; a read of a case that is itself left out is no further one."""
    rows = (
        "C02,R1,,late,all\nC02,,1,late,all\nC03,,,no contrast,all\nC03,R1,,late,all\nC04,,,no contrast,all\n"
        "C02,R1,1,interrupted,per-protocol\nC04,,,no contrast,per-protocol\nC05,R3,2,late,per-protocol\n"
        "C05,,2,late,per-protocol\n"
    )
    inputs = read_dataset({**small_files, "exclusions.csv": f"case,reader,session,reason,set\n{rows}"})
    sets: tuple[tuple[AnalysisSet, int], ...] = (("as-read", 4), ("per-protocol", 7))
    for name, n_lost in sets:
        results = run_analysis(inputs, analysis_set=name)
        flow = results.section("flow").item("flow").result
        lost = [reason.n for group in flow.groups for reason in group.not_analyzed]
        found = {(one.excluded_from, one.reason): one.n for one in results.provenance.exclusion_counts}
        assert found == {
            ("all", "late"): 4,
            ("all", "no contrast"): 2,
            ("per-protocol", "interrupted"): 0,
            ("per-protocol", "late"): 3,
        }
        assert sum(lost) == n_lost
        assert sum(reason.n for reason in flow.cases_excluded) == 2


def test_reads_of_marks_alone_are_counted_as_they_are_taken_to_have_been_made() -> None:
    """R3 marked nothing on C6, in either arm; of C1 only the read of the first session is left out."""
    rows = "C6,R3,,late,per-protocol\nC1,R3,1,late,per-protocol\nC1,R3,9,never made,per-protocol\n"
    inputs = read_dataset(
        {**small(with_reads=False), "exclusions.csv": f"case,reader,session,reason,set\n{rows}"}
    )
    results = run_analysis(inputs)
    found = {one.reason: one.n for one in results.provenance.exclusion_counts}
    assert found == {"late": 3, "never made": 0}
    assert "3 reads from the per-protocol set (late)" in said_of(results, inputs)


def test_the_primary_comparison_is_the_declared_one(small_files: dict[str, str]) -> None:
    """No plan says which comparison counts unless it does; what it declares and nothing gave is said."""
    design = json.loads(small_files["study.json"])
    plain = read_dataset(small_files)
    results = run_analysis(plain)
    assert (
        "P values were not corrected for the number of comparisons; no comparison is declared as the primary one."
    ) in said_of(results, plain)
    analysis = {**design.get("analysis", {}), "primary": ["mrmc/or_jackknife/AUC", "mrmc/none"]}
    declared = read_dataset({**small_files, "study.json": json.dumps({**design, "analysis": analysis})})
    assert (
        "P values were not corrected for the number of comparisons. Declared as primary: Obuchowski-Rockette, AUC, "
        "jackknife covariance (Multi-reader multi-case analysis). Declared as primary, and no result of this "
        "analysis: mrmc/none."
    ) in said_of(run_analysis(declared), declared)


def test_reads_that_are_excluded_are_not_said_to_lack(small_files: dict[str, str]) -> None:
    """Two of the reads are left out of the per-protocol set, and one was never made."""
    rows = small_files["reads.csv"].split("\n")
    made = [row for row in rows if not re.match(r"R3,AIDED,\d+,C05,", row)]
    assert len(rows) - len(made) == 1
    out = "case,reader,session,reason,set\nC02,R1,1,late,per-protocol\nC03,R1,1,late,per-protocol\n"
    inputs = read_dataset({**small_files, "reads.csv": "\n".join(made), "exclusions.csv": out})
    results = run_analysis(inputs, analysis_set="per-protocol")
    content = report_content(results, inputs, {}, ())
    checklist = next(one for one in content.checklists if one.key == "tripod-ai")
    item = next(one for one in checklist.items if one.number == "11")
    assert item.text.startswith(
        "The design that the reads follow lacks 3 reads, of which 2 made and excluded. Each"
    )
    assert item.where == "Statistical methods"
    notes = [note for table in all_tables(content.sections) for note in table.notes]
    assert "Reads that this design asks for and that are not among those analyzed: 3." in notes


def test_a_study_without_readers_has_no_checklist_of_reader_agreement(
    demo_dataset: Datasets, demo_results: Results
) -> None:
    content = report_content(demo_results("larc-dm"), demo_dataset("larc-dm"), {}, ())
    assert [one.key for one in content.checklists] == ["claim-2024", "stard-ai", "tripod-ai"]
    assert [one.analysis for one in content.not_applicable] == ["GRRAS"]
    places = {one.number: one.where for one in content.checklists[-1].items}
    assert places["11"] == "Statistical methods"
    assert places["23a"] == "ROC analysis; Operating points; Prediction models; Survival"
