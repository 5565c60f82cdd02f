"""What a study's own records know of it, for the checklists: plain facts, each of which may be unknown.

``None`` or an empty tuple means that the records do not say; nothing is then written but that the authors complete
the item. Texts are short phrases or sentences that can stand in an article as they are.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from backend.analysis.reporting.content import (
    DEVIATIONS_TITLE,
    METHODS_TITLE,
    PROVENANCE_TITLE,
)
from backend.analysis.results import Result

Topic: TypeAlias = Literal[
    "title", "provenance", "design", "cases", "readers", "reference", "model", "methods", "flow",
    "deviations", "agreement", "intra_reader", "accuracy", "cross_tables", "mrmc", "change", "calibration",
    "survival", "subgroups", "table_one",
]  # fmt: skip

# The places that every report has; the others are the report's own sections, named in ``StudyFacts.places``.
FIXED_PLACES: dict[Topic, str] = {
    "title": "Title",
    "provenance": PROVENANCE_TITLE,
    "methods": METHODS_TITLE,
    "deviations": DEVIATIONS_TITLE,
}
NO_PLACE = "Not in this report"


@dataclass(frozen=True, slots=True)
class ReaderFacts(Result):
    """One reader: the name that the report uses, years of experience, specialty."""

    name: str
    years_experience: float | None = None
    specialty: str | None = None


@dataclass(frozen=True, slots=True)
class ModelFacts(Result):
    """One model.

    Attributes
    ----------
    technology
        For example ``"logistic model on radiomic features"``.
    inputs, output
        What it takes and what it gives, for example ``"a score (log-odds)"``.
    threshold
        Its own cut-off and where that comes from.
    weights_sha256
        Digest of its weights or definition.
    development
        Where it was developed and on how many cases.
    """

    name: str
    version: str | None = None
    weights_sha256: str | None = None
    technology: str | None = None
    inputs: str | None = None
    output: str | None = None
    threshold: str | None = None
    development: str | None = None
    preprocessing: str | None = None


@dataclass(frozen=True, slots=True)
class PartitionFacts(Result):
    """One cohort of the dataset.

    Attributes
    ----------
    is_development
        Whether models were made on it; ``None`` where that is not declared of any.
    """

    name: str
    n_cases: int
    n_positive: int
    n_negative: int
    is_development: bool | None


@dataclass(frozen=True, slots=True)
class SharedUnits(Result):
    """Patients or centers (``what``): how many there are, and how many have cases in several cohorts."""

    what: str
    n: int
    n_shared: int


@dataclass(frozen=True, slots=True)
class PlannedReads(Result):
    """Reads that were planned, how many of them were not made, and number and reason of those whose reason is told."""

    n: int
    n_not_made: int
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResultsPresent(Result):
    """Which results the report holds: the measures of each kind, for example ``("kappa", "AC1")``.

    ``cross_tables`` says whether the calls are cross-tabulated with the reference standard, ``flow`` whether the
    diagram of cases stands there, ``table_one`` whether the cases are described.
    """

    agreement: tuple[str, ...] = ()
    intra_reader: tuple[str, ...] = ()
    accuracy: tuple[str, ...] = ()
    mrmc: tuple[str, ...] = ()
    change: tuple[str, ...] = ()
    calibration: tuple[str, ...] = ()
    survival: tuple[str, ...] = ()
    subgroups: tuple[str, ...] = ()
    cross_tables: bool = False
    flow: bool = False
    table_one: bool = False


@dataclass(frozen=True, slots=True)
class StudyFacts(Result):
    """The facts of one study.

    Attributes
    ----------
    objective
        As the protocol states it.
    design
        For example ``"fully crossed, each case first without and then with the model"``.
    data_collection
        Whether the cases were collected for the study or existed before it.
    arms, n_sessions, washout_days
        Reading conditions; sessions of a reader; least days between two reads of a case by one reader.
    randomisation
        How the order of cases was drawn.
    reader_blinding, reference_blinding
        What readers did not know; what those who set the reference standard did not know.
    clinical_information
        What readers were told of the patient.
    is_independent
        Whether no reader saw another's reads.
    instruments
        What the form of the reads holds: scale, questions with their categories, measurements with their unit;
        values that it derives from others among them.
    n_rereads, n_repeats
        Cases that the same reader read again in another session, and that returned unannounced within one.
    n_read, n_read_positive, n_read_negative
        Cases of the dataset that any reader read.
    n_cases, n_positive, n_negative, n_without_truth
        Of the dataset.
    positive_class
        What a positive case has.
    reader_threshold
        From when a reader's score counts as positive.
    centers
        Name and number of cases.
    partitions, shared_units
        The cohorts, and the patients and centers that have cases in several of them.
    eligibility, setting, sampling, acquisition, devices, deidentification
        Of the cases and their images.
    reference_standard, reference_rationale, annotators
        How truth was set, why so, and by whom.
    reader_experience, reader_sampling
        Of the readers together, in words; how they were chosen, and whom they stand for.
    models
        Whose outputs were read or compared.
    predictors, covariates, clinical
        That the plan names: of the reference standard, of the Cox models, and those that always enter these.
    sample_size
        How many cases and readers were intended, and why.
    planned_reads
        Where the dataset holds the plan of the reads.
    missing_reads, missing_excluded, missing_handling
        Reads that the recognized design asks for and that are not among those analyzed; how many of them were made
        and are excluded; what the analyses did about them.
    exclusions
        One text an exclusion with number and reason; ``None`` where unknown, empty where there was none.
    deviations
        Number of departures from the protocol on record.
    results
        What the report shows.
    level
        Confidence level of the intervals.
    software
        Name and version.
    dataset_sha256, protocol_sha256, protocol_place
        Digests of what the results come from; where the protocol can be read.
    registration, ethics, funding, interests, patient_involvement, data_availability, code_availability
        As the study states them.
    is_synthetic
        True for demonstration data: nothing is then said of patients.
    places
        Where a topic stands: topic and the title of the report's section.
    """

    title: str
    objective: str | None = None
    design: str | None = None
    data_collection: Literal["prospective", "retrospective"] | None = None
    arms: tuple[str, ...] = ()
    n_sessions: int | None = None
    washout_days: int | None = None
    randomisation: str | None = None
    reader_blinding: str | None = None
    reference_blinding: str | None = None
    clinical_information: str | None = None
    is_independent: bool | None = None
    instruments: tuple[str, ...] = ()
    n_rereads: int | None = None
    n_repeats: int | None = None
    n_read: int | None = None
    n_read_positive: int = 0
    n_read_negative: int = 0
    readers: tuple[ReaderFacts, ...] = ()
    n_cases: int | None = None
    n_positive: int | None = None
    n_negative: int | None = None
    n_without_truth: int | None = None
    positive_class: str | None = None
    reader_threshold: str | None = None
    centers: tuple[tuple[str, int], ...] = ()
    partitions: tuple[PartitionFacts, ...] = ()
    shared_units: tuple[SharedUnits, ...] = ()
    eligibility: str | None = None
    setting: str | None = None
    sampling: str | None = None
    acquisition: str | None = None
    devices: str | None = None
    deidentification: str | None = None
    reference_standard: str | None = None
    reference_rationale: str | None = None
    annotators: str | None = None
    reader_experience: str | None = None
    reader_sampling: str | None = None
    models: tuple[ModelFacts, ...] = ()
    predictors: tuple[str, ...] = ()
    covariates: tuple[str, ...] = ()
    clinical: tuple[str, ...] = ()
    sample_size: str | None = None
    planned_reads: PlannedReads | None = None
    missing_reads: int | None = None
    missing_excluded: int = 0
    missing_handling: str | None = None
    exclusions: tuple[str, ...] | None = None
    deviations: int | None = None
    results: ResultsPresent = ResultsPresent()
    level: float | None = None
    software: tuple[tuple[str, str], ...] = ()
    dataset_sha256: str | None = None
    protocol_sha256: str | None = None
    protocol_place: str | None = None
    registration: str | None = None
    ethics: str | None = None
    funding: str | None = None
    interests: str | None = None
    patient_involvement: str | None = None
    data_availability: str | None = None
    code_availability: str | None = None
    is_synthetic: bool = False
    places: tuple[tuple[Topic, str], ...] = ()

    def place(self, topic: Topic) -> str:
        """The title of the first section that holds the topic, or that the report does not hold it."""
        titles: dict[Topic, str] = {**FIXED_PLACES, **dict(reversed(self.places))}
        return titles.get(topic, NO_PLACE)
