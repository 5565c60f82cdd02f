"""The checklists: numbers as published, filled from what is known, and not a word more."""

import re
from dataclasses import fields, replace

import pytest

from backend.analysis.reporting.asks import ASKS
from backend.analysis.reporting.checklists import Checklist, prefilled
from backend.analysis.reporting.claim_2024 import CLAIM_2024
from backend.analysis.reporting.content import FilledItem
from backend.analysis.reporting.grras import GRRAS
from backend.analysis.reporting.stard_ai import STARD_AI
from backend.analysis.reporting.study_facts import (
    ModelFacts,
    PartitionFacts,
    PlannedReads,
    ReaderFacts,
    ResultsPresent,
    SharedUnits,
    StudyFacts,
)
from backend.analysis.reporting.tripod_ai import TRIPOD_AI

ALL = [GRRAS, CLAIM_2024, STARD_AI, TRIPOD_AI]
ASKED = "To be completed by the authors: "
PLAIN = [str(number) for number in range(1, 45)]
# Kottner 2011: 15 items. Tejani 2024: 44. Sounderajah 2025: 40, of which 15, 16, 17, 26 and 40 have parts.
# Collins 2024: 27 items in 52 parts.
NUMBERS = {
    "grras": PLAIN[:15],
    "claim-2024": PLAIN,
    "stard-ai": (
        "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15a 15b 15c 15d 16a 16b 16c 17a 17b 18 19 20 21 22 23 24 25 26a 26b 27 "
        "28 29 30 31 32 33 34 35 36 37 38 39 40a 40b"
    ).split(),
    "tripod-ai": (
        "1 2 3a 3b 3c 4 5a 5b 6a 6b 6c 7 8a 8b 8c 9a 9b 9c 10 11 12a 12b 12c 12d 12e 12f 12g 13 14 15 16 17 18a "
        "18b 18c 18d 18e 18f 19 20a 20b 20c 21 22 23a 23b 24 25 26 27a 27b 27c"
    ).split(),
}

FULL = StudyFacts(
    title="Nodes",
    objective="to compare readers without and with the model",
    design="fully crossed",
    data_collection="retrospective",
    arms=("UNAIDED", "AIDED"),
    n_sessions=2,
    washout_days=28,
    randomisation="each reader had an order of his own, drawn from a stored seed",
    reader_blinding="readers were blinded to pathology",
    reference_blinding="pathologists did not know the reads",
    clinical_information="readers knew whether the MRI was before or after treatment",
    is_independent=True,
    instruments=("rating on 5 points from 1 to 5", "Side (left, right)"),
    n_repeats=10,
    n_read=40,
    n_read_positive=11,
    n_read_negative=29,
    readers=(ReaderFacts("A", 16, "radiologist"), ReaderFacts("B", 10, "radiologist")),
    n_cases=100,
    n_positive=31,
    n_negative=69,
    n_without_truth=0,
    positive_class="metastatic node",
    reader_threshold="a score of 3 or more",
    centers=(("one", 60), ("two", 40)),
    partitions=(PartitionFacts("old", 60, 20, 40, True), PartitionFacts("new", 40, 15, 25, False)),
    shared_units=(SharedUnits("patient", 100, 0),),
    eligibility="rectal cancer with node dissection",
    setting="three hospitals, 2015 to 2020",
    sampling="consecutive",
    acquisition="T2-weighted MRI",
    devices="1.5 T and 3 T",
    deidentification="DICOM tags removed",
    reference_standard="pathology of the dissected node",
    reference_rationale="it is definite",
    annotators="two pathologists",
    reader_sampling="all radiologists of one hospital",
    predictors=("radiomics", "sex"),
    models=(
        ModelFacts(
            "radiomics",
            "1.0",
            "ab" * 32,
            "logistic model",
            "T2",
            "a score",
            "-0.47, Youden",
            "190 cases",
            "N4",
        ),
    ),
    sample_size="100 cases for a power of 80%",
    missing_reads=0,
    planned_reads=PlannedReads(84, 3, ("2 the reader left the study before its end",)),
    exclusions=("3 cases without MRI",),
    deviations=0,
    results=ResultsPresent(
        agreement=("Cohen's kappa",),
        intra_reader=("ICC of repeats",),
        accuracy=("AUC",),
        mrmc=("Obuchowski-Rockette analysis",),
        calibration=("calibration curve",),
        survival=("Kaplan-Meier",),
        change=("change of mind",),
        subgroups=("center",),
        cross_tables=True,
        flow=True,
        table_one=True,
    ),
    level=0.95,
    software=(("Reading Room", "0.1.0"),),
    dataset_sha256="cd" * 32,
    protocol_sha256="ef" * 32,
    protocol_place="in the supplement",
    registration="NCT00000000",
    ethics="approved by the board of hospital one",
    funding="none",
    interests="none declared",
    patient_involvement="none",
    data_availability="on request",
    code_availability="public",
    places=(("agreement", "Agreement"), ("accuracy", "Accuracy"), ("design", "Design")),
)


def filled(checklist: Checklist, facts: StudyFacts) -> dict[str, FilledItem]:
    return {item.number: item for item in prefilled(checklist, facts).items}


@pytest.mark.parametrize("checklist", ALL, ids=lambda one: one.key)
def test_items_have_the_published_numbers(checklist: Checklist) -> None:
    assert [item.number for item in checklist.items] == NUMBERS[checklist.key]
    assert all(item.section and item.content for item in checklist.items)
    assert re.search(r"20\d\d;\d+:", checklist.citation)


@pytest.mark.parametrize("checklist", ALL, ids=lambda one: one.key)
def test_without_facts_nothing_is_said_but_the_title(checklist: Checklist) -> None:
    items = filled(checklist, StudyFacts("Nodes"))
    said = [item for item in items.values() if item.status != "to complete"]
    assert [item.number for item in said] == ["1"]
    assert said[0].status == "partly filled"
    assert said[0].text.startswith("Title: “Nodes”. To be completed by the authors: ")
    assert all(item.text.startswith(ASKED) for item in items.values() if item is not said[0])
    assert {item.where for item in items.values()} == {"Title", ""}


@pytest.mark.parametrize("checklist", ALL, ids=lambda one: one.key)
def test_with_all_facts_every_item_that_can_be_filled_is(checklist: Checklist) -> None:
    items = filled(checklist, FULL)
    for item in checklist.items:
        got = items[item.number]
        assert (got.status == "to complete") == (item.fill is None), item.number
        assert got.where == "" if item.fill is None else got.where
    assert any(item.status == "filled" for item in items.values())


@pytest.mark.parametrize("checklist", ALL, ids=lambda one: one.key)
def test_no_number_is_invented(checklist: Checklist) -> None:
    known = " ".join(str(getattr(FULL, field.name)) for field in fields(StudyFacts))
    counted = {"1", "2", "95"}  # models; readers, centers and sessions; the level in percent
    for item in prefilled(checklist, FULL).items:
        found = re.findall(r"\d+(?:\.\d+)?", re.sub(r"\b[0-9a-f]{64}\b|SHA-256|N4|T2", "", item.text))
        assert all(number in counted or number in known for number in found), item


def test_design_items_hold_the_facts() -> None:
    item = filled(GRRAS, FULL)["8"]
    assert item.status == "filled"
    assert item.where == "Design"
    assert item.text == (
        "Fully crossed. Reading conditions: UNAIDED and AIDED. 2 sessions of each reader. At least 28 days between two "
        "reads of a case by one reader. Each reader had an order of his own, drawn from a stored seed. Readers knew "
        "whether the MRI was before or after treatment. Readers were blinded to pathology."
    )


def test_what_is_known_in_part_names_the_rest() -> None:
    item = filled(GRRAS, replace(FULL, clinical_information=None, reader_blinding=None))["8"]
    assert item.status == "partly filled"
    assert item.text.endswith(
        "To be completed by the authors: what clinical information readers had and blinding."
    )
    reader = filled(GRRAS, replace(FULL, readers=(ReaderFacts("A", 16), ReaderFacts("B"))))["12"]
    assert reader.text == (
        "2 readers: A, 16 years of experience; B. To be completed by the authors: experience of B."
    )
    model = filled(STARD_AI, replace(FULL, models=(ModelFacts("radiomics"),)))
    assert model["15a"].text == (
        "radiomics. To be completed by the authors: inputs of radiomics, kind of model of radiomics, output of "
        "radiomics and version of radiomics."
    )
    assert "training, validation and test data of radiomics" in model["15b"].text
    unknown = replace(FULL, models=(ModelFacts("radiomics"),), partitions=())
    assert filled(STARD_AI, unknown)["15b"].status == "to complete"


def test_missing_reads_are_told_as_they_are() -> None:
    def said(**changes: object) -> str:
        return filled(STARD_AI, replace(unplanned, **changes))["20"].text  # type: ignore[arg-type]

    planned = "To be completed by the authors: which reads were planned and not made"
    unplanned = replace(FULL, planned_reads=None)
    assert said(missing_reads=0) == (
        "No read is lacking from the design that the reads follow. "
        f"{planned} and how missing data were handled."
    )
    assert said(missing_reads=1).startswith("The design that the reads follow lacks 1 read. To be completed")
    assert said(missing_reads=3, missing_excluded=2, missing_handling="left out pair by pair") == (
        "The design that the reads follow lacks 3 reads, of which 2 made and excluded. Left out pair by pair. "
        f"{planned}."
    )
    assert said(missing_reads=None, missing_handling="left out pair by pair") == "Left out pair by pair."
    assert said(missing_reads=None) == f"{ASKED}{ASKS['stard-ai']['20']}."


def test_planned_reads_that_were_not_made_are_told() -> None:
    def said(reads: PlannedReads) -> FilledItem:
        facts = replace(FULL, planned_reads=reads, missing_reads=None, missing_handling="left out")
        return filled(CLAIM_2024, facts)["12"]

    told = said(PlannedReads(84, 3, ("2 left early",)))
    assert (told.status, told.text) == (
        "filled",
        "Planned reads: 84, of which 3 not made: 2 left early. Left out.",
    )
    assert said(PlannedReads(84, 0)).text == "Planned reads: 84, all of them made. Left out."
    assert said(PlannedReads(84, 1)).text == "Planned reads: 84, of which 1 not made. Left out."
    assert said(PlannedReads(1, 0)).text == "Planned reads: 1, all of them made. Left out."


@pytest.mark.parametrize("checklist", ALL, ids=lambda one: one.key)
def test_what_is_not_known_is_asked_for_item_by_item(checklist: Checklist) -> None:
    asks = ASKS[checklist.key]
    assert list(asks) == NUMBERS[checklist.key]
    for item in prefilled(checklist, StudyFacts("Nodes")).items[1:]:
        assert item.text == f"{ASKED}{asks[item.number]}."
        assert not asks[item.number].endswith(".")


def test_what_is_known_of_readers_together_stands_beside_each() -> None:
    unknown = replace(FULL, readers=(ReaderFacts("A"), ReaderFacts("B")))
    assert filled(GRRAS, unknown)["12"].status == "partly filled"
    told = filled(GRRAS, replace(unknown, reader_experience="radiologists of 3 to 15 years"))["12"]
    assert (told.status, told.text) == ("filled", "2 readers: A; B. Radiologists of 3 to 15 years.")


def test_form_samples_and_predictors_are_told_and_the_rest_is_named() -> None:
    grras = filled(GRRAS, FULL)
    assert grras["2"].text == (
        "Form of the reads: rating on 5 points from 1 to 5; Side (left, right). T2-weighted MRI."
    )
    assert grras["4"].text == "All radiologists of one hospital."
    assert grras["7"].text == "Consecutive. All radiologists of one hospital."
    bare = filled(GRRAS, replace(FULL, acquisition=None, reader_sampling=None))
    assert bare["2"].text.endswith(f"{ASKED}the images that it was read from.")
    assert bare["7"].text == f"Consecutive. {ASKED}sampling of the readers."
    assert filled(CLAIM_2024, FULL)["10"].text.startswith("40 cases read, of 100 in the dataset.")
    assert filled(CLAIM_2024, replace(FULL, n_read=100))["10"].status == "to complete"
    cox = replace(FULL, predictors=(), covariates=("age", "stage"), clinical=("stage",))
    assert filled(TRIPOD_AI, cox)["9a"].text.startswith(
        "Planned covariates of the Cox models: age and stage, of which stage always entered."
    )
    assert filled(STARD_AI, FULL)["16c"].text.startswith("Two classes: metastatic node, or not.")


def test_wrong_calls_count_where_the_report_counts_them() -> None:
    told = filled(STARD_AI, FULL)["23"]
    assert told.text == (
        "The wrong calls of every reader and model are counted. What readers changed from one reading condition to "
        "another is told apart by right and wrong. Results apart by center. To be completed by the authors: analysis "
        "of algorithmic bias and of fairness."
    )
    without = replace(FULL, results=ResultsPresent(cross_tables=True))
    assert "changed" not in filled(CLAIM_2024, without)["39"].text


def test_agreement_of_the_readers_is_not_that_of_who_set_the_reference_standard() -> None:
    told = filled(CLAIM_2024, FULL)["18"]
    assert (told.status, told.where) == ("partly filled", filled(GRRAS, FULL)["13"].where)
    assert told.text == (
        "Of the readers: Cohen's kappa and ICC of repeats with 95% confidence intervals. To be completed by the "
        "authors: agreement of those who set the reference standard, unless the readers did."
    )
    without = replace(FULL, results=ResultsPresent())
    assert filled(CLAIM_2024, without)["18"].status == "to complete"


def test_results_count_only_where_the_report_shows_them() -> None:
    assert filled(GRRAS, FULL)["13"].text == "Cohen's kappa and ICC of repeats with 95% confidence intervals."
    assert filled(GRRAS, FULL)["13"].where == "Agreement"
    without = replace(FULL, results=ResultsPresent())
    assert filled(GRRAS, without)["13"].status == "to complete"
    for number in ("24", "25", "30", "31", "21"):
        assert filled(STARD_AI, without)[number].status == "to complete"
    assert filled(TRIPOD_AI, FULL)["23a"].text.startswith("AUC, calibration curve and Kaplan-Meier with")


def test_exclusions_and_flow() -> None:
    assert filled(CLAIM_2024, FULL)["35"].text == (
        "100 cases in the dataset (31 with metastatic node, 69 without it). 3 cases without MRI."
    )
    assert "No case was excluded." in filled(CLAIM_2024, replace(FULL, exclusions=()))["35"].text
    unknown = filled(CLAIM_2024, replace(FULL, exclusions=None))["35"]
    assert unknown.text.endswith("To be completed by the authors: exclusions and their reasons.")
    assert filled(STARD_AI, FULL)["24"].text.startswith("Diagram of cases. 100 cases")


def test_synthetic_data_are_no_patients() -> None:
    item = filled(CLAIM_2024, replace(FULL, is_synthetic=True))["7"]
    assert item.text == "Synthetic demonstration data made by a program; they describe no patient."


def test_places_are_those_of_the_report() -> None:
    items = filled(STARD_AI, FULL)
    assert items["18"].where == "Statistical methods"
    assert items["31"].where == "Accuracy"
    assert items["37"].where == "Where these results come from"
    assert items["16a"].where == "Not in this report"


def test_what_stands_in_several_sections_names_each_that_there_is() -> None:
    places = (
        *(
            ("accuracy", "ROC analysis"),
            ("accuracy", "Free-response analysis"),
            ("cross_tables", "Operating points"),
        ),
        *(("calibration", "Prediction models"), ("survival", "Survival")),
    )
    items = filled(TRIPOD_AI, replace(FULL, places=places))
    assert items["23a"].where == "ROC analysis; Operating points; Prediction models; Survival"
    assert items["11"].where == "Statistical methods"
    assert filled(STARD_AI, replace(FULL, places=places))["30"].where == "Operating points"
    of_survival = replace(FULL, results=ResultsPresent(survival=("Kaplan-Meier",)), places=places)
    assert filled(TRIPOD_AI, of_survival)["23a"].where == "Survival"
