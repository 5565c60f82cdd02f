"""Methods that came with the figures: the average curve and the flow of the study."""

from backend.analysis.methods_core import Method

CHEN_2014 = (
    "Chen W, Samuelson FW. The average receiver operating characteristic curve in multireader multicase "
    "imaging studies. Br J Radiol 2014;87:20140016."
)
EFRON_1993 = "Efron B, Tibshirani RJ. An Introduction to the Bootstrap. New York: Chapman & Hall; 1993."
BOSSUYT_2015 = (
    "Bossuyt PM, Reitsma JB, Bruns DE, et al. STARD 2015: an updated list of essential items for reporting "
    "diagnostic accuracy studies. BMJ 2015;351:h5527."
)

METHODS_FIGURES: tuple[Method, ...] = (
    Method(
        "roc_average",
        "Average ROC curve",
        "The readers' empirical ROC curves were averaged over sensitivity at equal specificity, so that the area "
        "under the average is the mean of the readers' areas; pointwise percentile bands come from a bootstrap of "
        "cases stratified by the reference standard, with the readers taken as they are.",
        (CHEN_2014, EFRON_1993),
    ),
    Method(
        "study_flow",
        "Study flow",
        "The flow of cases, readers and reads from enrollment to analysis is shown as a diagram with the reasons for "
        "every exclusion.",
        (BOSSUYT_2015,),
    ),
)
