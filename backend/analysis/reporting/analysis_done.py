"""What was analyzed and how: the facts that the methods section is written from."""

from dataclasses import dataclass

from backend.analysis.results import Result


@dataclass(frozen=True, slots=True)
class MethodUse(Result):
    """A method that made a result.

    Attributes
    ----------
    key
        As results name their method.
    applied_to
        Noun phrases of what it was applied to, for example ``("the call", "the ordinal score")``; may be empty.
    detail
        Whole sentences on the choices made, for example "The horizon was 36 months."; may be empty.
    is_resampled
        For a partial AUC or a decision curve: whether intervals were drawn by the bootstrap.
    """

    key: str
    applied_to: tuple[str, ...] = ()
    detail: str = ""
    is_resampled: bool = False


@dataclass(frozen=True, slots=True)
class Resampling(Result):
    """One seeded resampling: of what, with which seed, how many times (``None`` where that does not apply)."""

    label: str
    seed: int
    n_resamples: int | None = None


@dataclass(frozen=True, slots=True)
class ArmReads(Result):
    """The first reads of one arm: of how many cases, by how many readers.

    Attributes
    ----------
    n_cases, n_positive, n_negative
        Cases that any reader read there, and those of them with a known reference standard.
    fewest, most
        Cases of the reader who read fewest and of the one who read most.
    """

    arm: str
    n_readers: int
    n_cases: int
    n_positive: int
    n_negative: int
    fewest: int
    most: int


@dataclass(frozen=True, slots=True)
class AnalysisDone(Result):
    """What was analyzed and how. What is ``None`` or empty is not mentioned.

    Attributes
    ----------
    methods
        Every method that made a result that is shown; order and repeats do not matter.
    level
        Confidence level of the intervals.
    n_readers, n_cases, n_positive, n_negative, n_without_truth
        Of the dataset.
    positive_class
        What a positive case has.
    arms, models
        Their names in the order of the design.
    reads
        What was read in each arm; an arm without a read is not among them.
    n_rereads, n_repeats
        Cases that the same reader read again in the same arm: in another session, and unannounced within one.
    choices
        Whole sentences on choices made for all analyses, for example on sets of reads or exclusions.
    multiplicity
        A whole sentence on multiple testing.
    resamplings
        Every seeded resampling.
    software
        Name and version, in the order to be printed.
    dataset_sha256
        Of the frozen dataset.
    has_p_values
        Whether the results hold a P value.
    is_single_arm
        Whether the multi-reader analyses had one reading condition, so that nothing was compared between two.
    """

    methods: tuple[MethodUse, ...]
    level: float
    n_readers: int | None = None
    n_cases: int | None = None
    n_positive: int | None = None
    n_negative: int | None = None
    n_without_truth: int | None = None
    positive_class: str | None = None
    arms: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    reads: tuple[ArmReads, ...] = ()
    n_rereads: int = 0
    n_repeats: int = 0
    choices: tuple[str, ...] = ()
    multiplicity: str | None = None
    resamplings: tuple[Resampling, ...] = ()
    software: tuple[tuple[str, str], ...] = ()
    dataset_sha256: str | None = None
    has_p_values: bool = True
    is_single_arm: bool = False
