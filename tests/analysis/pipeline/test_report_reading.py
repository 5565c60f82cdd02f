"""What readers answered, which reads were planned, and what the plan names, in the checklists."""

import json
from dataclasses import replace
from typing import Any

from backend.analysis.formats.dataset_csv import read_dataset
from backend.analysis.pipeline.report_reading import with_reading
from backend.analysis.pipeline.study import study_of
from backend.analysis.reporting.study_facts import PlannedReads, StudyFacts

FACTS = StudyFacts(title="T")


def facts_of(files: dict[str, str], facts: StudyFacts = FACTS, **design: Any) -> StudyFacts:
    study = {**json.loads(files["study.json"]), **design}
    inputs = read_dataset({**files, "study.json": json.dumps(study)})
    return with_reading(facts, inputs, study_of(inputs, level=0.95, seed=1))


def test_the_form_is_told(small_files: dict[str, str]) -> None:
    assert facts_of(small_files).instruments == ("rating on 5 points from 1 to 5",)
    facts = facts_of(
        small_files,
        questions=[{"key": "side", "label": "Side", "categories": ["left", "right"]}],
        measurements=[{"key": "axis", "label": "Short axis", "unit": "mm"}, {"key": "n", "label": "Nodes"}],
    )
    assert facts.instruments[1:] == ("Side (left, right)", "Short axis in mm", "Nodes")


def test_without_reads_nobody_answered_a_form(small_files: dict[str, str]) -> None:
    files = {name: text for name, text in small_files.items() if name != "reads.csv"}
    assert facts_of(files).instruments == ()
    inputs = read_dataset(files)
    assert with_reading(FACTS, inputs, None) == FACTS


def test_planned_reads_are_counted_with_what_was_not_made(small_files: dict[str, str]) -> None:
    assert facts_of(small_files).planned_reads is None
    header, *rows = small_files["reads.csv"].splitlines()
    plan = [",".join(row.split(",")[:4]) for row in rows]
    assigned = "\n".join(["reader,arm,session,case,reason", *(f"{one}," for one in plan), ""])
    made = {**small_files, "assigned.csv": assigned}
    assert facts_of(made).planned_reads == PlannedReads(180, 0)
    lacking = assigned.replace(f"{plan[0]},", f"{plan[0]},fell ill").replace(
        f"{plan[1]},", f"{plan[1]},fell ill"
    )
    reads = "\n".join([header, *rows[3:], ""])
    facts = facts_of({**small_files, "reads.csv": reads, "assigned.csv": lacking})
    assert facts.planned_reads == PlannedReads(180, 3, ("2 fell ill",))
    # A read that was made and is excluded was made; a case that is left out has no planned reads.
    excluded = "case,reader,session,reason,set\nC30,,,no consent,all\nC29,R1,1,read too early,all\n"
    assert facts_of({**made, "exclusions.csv": excluded}).planned_reads == PlannedReads(174, 0)
    # Nothing is said of a plan without a read.
    without = {name: text for name, text in small_files.items() if name != "reads.csv"}
    assert facts_of({**without, "assigned.csv": "reader,arm,session,case,reason\n"}).planned_reads is None


def test_the_plan_names_predictors(small_files: dict[str, str]) -> None:
    cases = "\n".join(["case,age,sex", *(f"C{n:02d},{40 + n},{'fm'[n % 2]}" for n in range(1, 31)), ""])
    plan = {"predictors": ["age", "net"], "covariates": ["age", "sex"], "clinical": ["sex"]}
    facts = facts_of({**small_files, "cases.csv": cases}, analysis=plan)
    assert (facts.predictors, facts.covariates, facts.clinical) == (("age", "net"), ("age", "sex"), ("sex",))


def test_a_consensus_of_the_readers_is_the_reference_standard_unless_another_is_on_record(
    small_files: dict[str, str],
) -> None:
    assert facts_of(small_files).reference_standard is None
    origin = {"truth_source": "readers"}
    assert facts_of(small_files, origin=origin).reference_standard == "consensus of the readers"
    told = replace(FACTS, reference_standard="Pathology")
    assert facts_of(small_files, told, origin=origin).reference_standard == "Pathology"
