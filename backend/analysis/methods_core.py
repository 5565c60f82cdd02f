"""What every entry of the methods section is, the sources that several areas cite, and the first entries."""

from dataclasses import dataclass

from backend.analysis.results import Result

COHEN_1960 = "Cohen J. A coefficient of agreement for nominal scales. Educ Psychol Meas 1960;20:37-46."
COHEN_1968 = "Cohen J. Weighted kappa. Psychol Bull 1968;70:213-220."
FLEISS_1969 = (
    "Fleiss JL, Cohen J, Everitt BS. Large sample standard errors of kappa and weighted kappa. "
    "Psychol Bull 1969;72:323-327."
)
LANDIS_1977 = (
    "Landis JR, Koch GG. The measurement of observer agreement for categorical data. "
    "Biometrics 1977;33:159-174."
)
DELONG_1988 = (
    "DeLong ER, DeLong DM, Clarke-Pearson DL. Comparing the areas under two or more correlated receiver "
    "operating characteristic curves: a nonparametric approach. Biometrics 1988;44:837-845."
)
SUN_2014 = (
    "Sun X, Xu W. Fast implementation of DeLong's algorithm for comparing the areas under correlated "
    "receiver operating characteristic curves. IEEE Signal Process Lett 2014;21:1389-1393."
)
CLOPPER_1934 = (
    "Clopper CJ, Pearson ES. The use of confidence or fiducial limits illustrated in the case of the "
    "binomial. Biometrika 1934;26:404-413."
)
WILSON_1927 = (
    "Wilson EB. Probable inference, the law of succession, and statistical inference. "
    "J Am Stat Assoc 1927;22:209-212."
)
YOUDEN_1950 = "Youden WJ. Index for rating diagnostic tests. Cancer 1950;3:32-35."
MCNEMAR_1947 = (
    "McNemar Q. Note on the sampling error of the difference between correlated proportions or percentages. "
    "Psychometrika 1947;12:153-157."
)
FAGERLAND_2013 = (
    "Fagerland MW, Lydersen S, Laake P. The McNemar test for binary matched-pairs data: mid-p and asymptotic "
    "are better than exact conditional. BMC Med Res Methodol 2013;13:91."
)
TANGO_1998 = (
    "Tango T. Equivalence test and confidence interval for the difference in proportions for the "
    "paired-sample design. Stat Med 1998;17:891-908."
)
MCCLISH_1989 = "McClish DK. Analyzing a portion of the ROC curve. Med Decis Making 1989;9:190-195."


@dataclass(frozen=True, slots=True)
class Method(Result):
    """One method: the key by which results name it, the sentence for a paper, the sources."""

    key: str
    name: str
    text: str
    references: tuple[str, ...]


KAPPA_TEXT = (
    "over the full declared scale, with large-sample standard error and Wald confidence interval; the "
    "p-value tests kappa = 0 with the standard error under that hypothesis; bands of Landis and Koch. "
    "Cases that either rater did not read are left out of that pair."
)

METHODS_CORE: tuple[Method, ...] = (
    Method(
        "kappa_unweighted",
        "Cohen's kappa",
        f"Cohen's kappa {KAPPA_TEXT}",
        (COHEN_1960, FLEISS_1969, LANDIS_1977),
    ),
    Method(
        "kappa_linear",
        "Linearly weighted kappa",
        f"Weighted kappa with linear weights 1 - |i - j|/(k - 1) {KAPPA_TEXT}",
        (COHEN_1968, FLEISS_1969, LANDIS_1977),
    ),
    Method(
        "kappa_quadratic",
        "Quadratically weighted kappa",
        f"Weighted kappa with quadratic weights 1 - (i - j)^2/(k - 1)^2 {KAPPA_TEXT}",
        (COHEN_1968, FLEISS_1969, LANDIS_1977),
    ),
    Method(
        "auc_delong",
        "Empirical AUC, DeLong",
        "Area under the empirical (trapezoidal) ROC curve, ties counted one half; a higher score means "
        "more suspicious. Variance by DeLong, Wald confidence interval clipped to [0, 1].",
        (DELONG_1988, SUN_2014),
    ),
    Method(
        "delong_paired",
        "Paired DeLong test",
        "Difference of two AUCs on the same cases, two-sided z test and Wald confidence interval with "
        "DeLong's variance of the difference; of a model and a reader it is the model minus the reader. Cases that "
        "lack either score or the truth are left out.",
        (DELONG_1988, SUN_2014),
    ),
    Method(
        "operating_point",
        "Sensitivity and specificity",
        "Observed proportions with exact (Clopper-Pearson) and score (Wilson) confidence intervals.",
        (CLOPPER_1934, WILSON_1927),
    ),
    Method(
        "youden",
        "Youden cut-off",
        "Every observed score at which sensitivity + specificity - 1 is largest, for the rule "
        "'positive when the score is at or above the cut-off'. Chosen on these same data, therefore "
        "optimistic.",
        (YOUDEN_1950,),
    ),
)
