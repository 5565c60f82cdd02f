"""Methods that are named together in one sentence: three sentences that differ in one word are no journal's text."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Merged:
    """Methods that share a sentence.

    Attributes
    ----------
    area
        Title of the part of the methods section in which it stands.
    after
        Key of the method whose sentence it follows, also where that method was not used; empty: it stands first.
    phrases
        Method key to its noun phrase, in the order of the sentence.
    one, several
        The sentence, with ``{}`` for the phrases.
    notes
        Whole sentences that follow where one of the methods named was used.
    """

    area: str
    after: str
    phrases: Mapping[str, str]
    one: str
    several: str
    notes: tuple[tuple[frozenset[str], str], ...] = ()


_KAPPA_SENTENCE = (
    "Agreement between two raters was measured by {} over the full declared scale, with large-sample standard errors "
    "and Wald intervals; the P value tests a kappa of 0 with the standard error under that hypothesis. Values were "
    "classed after Landis and Koch. Cases that either rater did not read were left out of that pair."
)
_MARKED = {
    "fom_wafroc": "the area under the weighted AFROC curve with lesion weights that sum to 1 in each case",
    "fom_wafroc1": "the area under the weighted AFROC1 curve with lesion weights that sum to 1 in each case",
    "fom_afroc": "the area under the AFROC curve of all lesions alike against the highest false mark of each "
    "negative case",
    "fom_afroc1": "the area under the AFROC1 curve of all lesions alike against the highest false mark of every case",
    "fom_lroc": "the area under the LROC curve with the highest mark of a positive case counting when it hits a lesion",
    "fom_hrauc": "the AUC of the highest mark of each case wherever it lies",
    "fom_froc": "the area under the FROC curve to its last observed point (it grows with the number of false marks)",
}

MERGED: tuple[Merged, ...] = (
    Merged(
        "Agreement",
        "",
        {
            "kappa_unweighted": "Cohen's kappa",
            "kappa_linear": "linearly weighted kappa",
            "kappa_quadratic": "quadratically weighted kappa",
        },
        _KAPPA_SENTENCE,
        _KAPPA_SENTENCE,
    ),
    Merged(
        "Multi-reader multi-case analysis",
        "obuchowski_rockette",
        {
            "fom_auc": "the empirical AUC with ties counting one half",
            "fom_partial_auc": "the area under a part of the empirical curve",
            "fom_sensitivity": "the sensitivity at a cut-off",
            "fom_specificity": "the specificity at a cut-off",
            **_MARKED,
        },
        "The figure of merit was {}.",
        "Figures of merit were {}.",
        (
            (
                frozenset(_MARKED),
                "Of marks, ties count one half; an unmarked lesion and a case without false marks rate minus infinity.",
            ),
        ),
    ),
    Merged(
        "Multi-reader multi-case analysis",
        "obuchowski_rockette",
        {
            "covariance_jackknife": "the jackknife",
            "covariance_delong": "DeLong's placement values",
            "covariance_unbiased": "the unbiased U-statistic over the cases available",
            "covariance_bootstrap": "a seeded bootstrap of cases within their class with all reads of a case together",
        },
        "Variances and covariances over cases were estimated by {}.",
        "Variances and covariances over cases were estimated by {}.",
    ),
)
