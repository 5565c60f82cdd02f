"""Methods of the ROC family beyond those of ``methods``: sentences for a paper and what to cite."""

from backend.analysis.methods_core import (
    CLOPPER_1934,
    DELONG_1988,
    FAGERLAND_2013,
    MCCLISH_1989,
    MCNEMAR_1947,
    SUN_2014,
    TANGO_1998,
    WILSON_1927,
    YOUDEN_1950,
    Method,
)

PEPE_2003 = (
    "Pepe MS. The statistical evaluation of medical tests for classification and prediction. Oxford 2003."
)
QIN_2008 = (
    "Qin G, Hotilovac L. Comparison of non-parametric confidence intervals for the area under the ROC curve "
    "of a continuous-scale diagnostic test. Stat Methods Med Res 2008;17:207-221."
)
ROBIN_2011 = (
    "Robin X, Turck N, Hainard A, et al. pROC: an open-source package for R and S+ to analyze and compare "
    "ROC curves. BMC Bioinformatics 2011;12:77."
)
PERKINS_2006 = (
    'Perkins NJ, Schisterman EF. The inconsistency of "optimal" cutpoints obtained using two criteria based '
    "on the receiver operating characteristic curve. Am J Epidemiol 2006;163:670-675."
)
LEEFLANG_2008 = (
    "Leeflang MM, Moons KG, Reitsma JB, Zwinderman AH. Bias in sensitivity and specificity caused by data-driven "
    "selection of optimal cutoff values: mechanisms, magnitude, and solutions. Clin Chem 2008;54:729-737."
)
SIMEL_1991 = (
    "Simel DL, Samsa GP, Matchar DB. Likelihood ratios with confidence: sample size estimation for "
    "diagnostic test studies. J Clin Epidemiol 1991;44:763-770."
)
MERCALDO_2007 = (
    "Mercaldo ND, Lau KF, Zhou XH. Confidence intervals for predictive values with an emphasis to "
    "case-control studies. Stat Med 2007;26:2170-2183."
)
NEWCOMBE_1998 = (
    "Newcombe RG. Improved confidence intervals for the difference between binomial proportions based on "
    "paired data. Stat Med 1998;17:2635-2650."
)
NEWCOMBE_1998_UNPAIRED = (
    "Newcombe RG. Interval estimation for the difference between independent proportions: comparison of "
    "eleven methods. Stat Med 1998;17:873-890."
)
FISHER_1934 = "Fisher RA. Statistical methods for research workers. 5th ed. Edinburgh 1934."
COCHRAN_1950 = "Cochran WG. The comparison of percentages in matched samples. Biometrika 1950;37:256-266."
KOSINSKI_2013 = (
    "Kosinski AS. A weighted generalized score statistic for comparison of predictive values of diagnostic "
    "tests. Stat Med 2013;32:964-977."
)
MOSKOWITZ_2006 = (
    "Moskowitz CS, Pepe MS. Comparing the predictive values of diagnostic tests: sample size and analysis "
    "for paired study designs. Clin Trials 2006;3:272-279."
)
EFRON_1987 = "Efron B. Better bootstrap confidence intervals. J Am Stat Assoc 1987;82:171-185."
DORFMAN_1969 = (
    "Dorfman DD, Alf E. Maximum-likelihood estimation of parameters of signal-detection theory and "
    "determination of confidence intervals: rating-method data. J Math Psychol 1969;6:487-496."
)
METZ_1998 = (
    "Metz CE, Herman BA, Shen JH. Maximum likelihood estimation of receiver operating characteristic (ROC) "
    "curves from continuously-distributed data. Stat Med 1998;17:1033-1053."
)
PROVOST_2001 = (
    "Provost F, Fawcett T. Robust classification for imprecise environments. Mach Learn 2001;42:203-231."
)
HOLM_1979 = "Holm S. A simple sequentially rejective multiple test procedure. Scand J Stat 1979;6:65-70."
OBUCHOWSKI_1997 = (
    "Obuchowski NA. Nonparametric analysis of clustered ROC curve data. Biometrics 1997;53:567-578."
)
RAO_1992 = "Rao JNK, Scott AJ. A simple method for the analysis of clustered binary data. Biometrics 1992;48:577-585."

SAME_DATA = "Chosen on these same data, therefore optimistic; every tie is listed."

_AREAS = (
    Method(
        "auc_delong_scales",
        "Empirical AUC, DeLong, on both scales",
        "Area under the empirical ROC curve with DeLong's standard error; Wald interval clipped to [0, 1] and "
        "interval built on the log-odds of the area.",
        (DELONG_1988, SUN_2014, PEPE_2003, QIN_2008),
    ),
    Method(
        "auc_delong_logit",
        "Empirical AUC, DeLong, logit interval",
        "Area under the empirical ROC curve; DeLong's variance carried to the log-odds of the area by the "
        "delta method, interval transformed back.",
        (DELONG_1988, SUN_2014, PEPE_2003, QIN_2008),
    ),
    Method(
        "delong_unpaired",
        "Unpaired DeLong test",
        "Difference of two AUCs of different cases over the root of the summed DeLong variances, two-sided t "
        "test and interval with Welch's degrees of freedom.",
        (DELONG_1988, ROBIN_2011),
    ),
    Method(
        "delong_k_curves",
        "DeLong test of several curves",
        "Chi-square test that all areas of curves on the same cases are equal, with DeLong's covariance "
        "matrix; the degrees of freedom are the rank of the covariance of the contrasts.",
        (DELONG_1988,),
    ),
    Method(
        "delong_k_samples",
        "DeLong test of several samples",
        "Chi-square test that the areas of curves on different cases are equal, each with DeLong's variance.",
        (DELONG_1988,),
    ),
    Method(
        "roc_by_group",
        "ROC by group",
        "Areas of every group; groups that share cases are compared by DeLong's paired test on those cases, "
        "groups that share none by the unpaired test; p-values adjusted by Holm's method over all pairs.",
        (DELONG_1988, HOLM_1979),
    ),
    Method(
        "auc_clustered",
        "AUC of clustered units",
        "Empirical area over all units with the variance between clusters of Obuchowski; Wald interval "
        "clipped to [0, 1] and interval on the log-odds of the area.",
        (OBUCHOWSKI_1997,),
    ),
    Method(
        "auc_clustered_paired",
        "Difference of AUCs of clustered units",
        "Difference of two areas of the same clustered units, two-sided z test and Wald interval with the "
        "variance between clusters of Obuchowski.",
        (OBUCHOWSKI_1997,),
    ),
    Method(
        "clustered_proportion",
        "Proportion of clustered units",
        "Ratio estimator with the variance between clusters, interval on the log-odds.",
        (RAO_1992,),
    ),
    Method(
        "binormal_ml",
        "Binormal curve, maximum likelihood",
        "Binormal curve fitted to the ratings by maximum likelihood; scores in runs of one class share a "
        "category; standard errors from the observed information; Wald interval of the area.",
        (DORFMAN_1969, METZ_1998),
    ),
    Method(
        "roc_hull",
        "Convex hull of the ROC curve",
        "Smallest concave curve above the empirical one; its area is biased upwards.",
        (PROVOST_2001,),
    ),
)
_RESAMPLED = (
    Method(
        "partial_auc",
        "Partial AUC",
        "Area under the empirical curve over a stated range of specificity or sensitivity, raw and with "
        "McClish's correction; percentile interval of a stratified bootstrap.",
        (MCCLISH_1989, ROBIN_2011),
    ),
    Method(
        "partial_auc_difference",
        "Difference of partial AUCs",
        "Difference of two raw partial areas on the same cases over the standard deviation of its stratified "
        "bootstrap replicates, two-sided z test, percentile interval.",
        (MCCLISH_1989, ROBIN_2011),
    ),
    Method(
        "auc_bootstrap",
        "Bootstrap of the AUC",
        "Stratified bootstrap of the empirical area: percentile interval and bias-corrected and accelerated "
        "interval with the acceleration from DeLong's placement values.",
        (EFRON_1987, ROBIN_2011),
    ),
    Method(
        "auc_difference_bootstrap",
        "Bootstrap of a paired difference of AUCs",
        "Stratified bootstrap of whole cases: z is the difference over the standard deviation of its "
        "replicates; percentile and BCa interval.",
        (EFRON_1987, ROBIN_2011),
    ),
    Method(
        "roc_band_bootstrap",
        "Pointwise band of the ROC curve",
        "Percentile interval of the sensitivity at each specificity by a stratified bootstrap; pointwise, not "
        "for the whole curve at once.",
        (ROBIN_2011,),
    ),
)
_CUTOFFS = (
    Method(
        "carried_cutoffs",
        "Cut-offs of the development cases in other cohorts",
        "Cut-offs of a model are found on its development cases alone and applied unchanged to each other cohort; "
        "exact (Clopper-Pearson) and score (Wilson) intervals take the cut-off as given.",
        (LEEFLANG_2008, CLOPPER_1934, WILSON_1927),
    ),
    Method(
        "closest_top_left",
        "Cut-off closest to the top left corner",
        f"Every observed score at which (1 - sensitivity)^2 + (1 - specificity)^2 is smallest. {SAME_DATA}",
        (PERKINS_2006,),
    ),
    Method(
        "weighted_youden",
        "Cut-off of least cost",
        "Every observed score at which sensitivity + r specificity is largest, r = (1 - prevalence) / "
        f"(cost ratio x prevalence). {SAME_DATA}",
        (YOUDEN_1950, PERKINS_2006),
    ),
    Method(
        "fixed_sensitivity",
        "Cut-off at a fixed sensitivity",
        f"Every observed score of highest specificity whose sensitivity reaches the target. {SAME_DATA}",
        (),
    ),
    Method(
        "fixed_specificity",
        "Cut-off at a fixed specificity",
        f"Every observed score of highest sensitivity whose specificity reaches the target. {SAME_DATA}",
        (),
    ),
    Method(
        "operating_table",
        "Operating table",
        "Observed proportions with Clopper-Pearson and Wilson intervals; likelihood ratios with intervals on "
        "the log scale; predictive values at a stated prevalence by Bayes' theorem with logit intervals.",
        (CLOPPER_1934, WILSON_1927, SIMEL_1991, MERCALDO_2007),
    ),
)
_BINARY = (
    Method(
        "mcnemar",
        "McNemar's test",
        "Exact binomial, mid-p, plain and continuity corrected test on the cases on which two calls differ.",
        (MCNEMAR_1947, FAGERLAND_2013),
    ),
    Method(
        "paired_proportions",
        "Difference of two paired proportions",
        "Newcombe's square-and-add interval (method 10) and Tango's score interval; McNemar's tests.",
        (NEWCOMBE_1998, TANGO_1998, MCNEMAR_1947),
    ),
    Method(
        "unpaired_proportions",
        "Difference of two proportions of different cases",
        "Newcombe's hybrid score interval (method 10), Fisher's exact test, Pearson's chi-square without "
        "continuity correction.",
        (NEWCOMBE_1998_UNPAIRED, FISHER_1934),
    ),
    Method(
        "paired_accuracy",
        "Sensitivity and specificity of two calls",
        "Compared on the same cases, positive and negative cases apart: Newcombe's and Tango's interval, "
        "McNemar's tests.",
        (NEWCOMBE_1998, TANGO_1998, MCNEMAR_1947, FAGERLAND_2013),
    ),
    Method(
        "cochran_q",
        "Cochran's Q",
        "Chi-square test that several calls on the same cases are positive equally often.",
        (COCHRAN_1950,),
    ),
    Method(
        "predictive_value_wgs",
        "Predictive values of two calls, one kind",
        "Weighted generalized score test; ratio with the delta method on the log scale.",
        (KOSINSKI_2013, MOSKOWITZ_2006),
    ),
    Method(
        "paired_predictive_values",
        "Predictive values of two calls",
        "Positive and negative predictive value of two calls on the same cases: weighted generalized score "
        "test, ratio with the delta method on the log scale.",
        (KOSINSKI_2013, MOSKOWITZ_2006),
    ),
)

METHODS_ROC: tuple[Method, ...] = (*_AREAS, *_RESAMPLED, *_CUTOFFS, *_BINARY)
