"""The methods section's entries for Table 1 and tests of difference."""

from backend.analysis.methods_core import Method

FISHER_1935 = "Fisher RA. The logic of inductive inference. J R Stat Soc 1935;98:39-82."
MEHTA_1983 = (
    "Mehta CR, Patel NR. A network algorithm for performing Fisher's exact test in r x c contingency tables. "
    "J Am Stat Assoc 1983;78:427-434."
)
CORNFIELD_1956 = (
    "Cornfield J. A statistical problem arising from retrospective studies. Proc Third Berkeley Symp Math "
    "Stat Probab 1956;4:135-148."
)
PATEFIELD_1981 = (
    "Patefield WM. Algorithm AS 159: an efficient method of generating r x c tables with given row and "
    "column totals. Appl Stat 1981;30:91-97."
)
PEARSON_1900 = (
    "Pearson K. On the criterion that a given system of deviations from the probable can be reasonably "
    "supposed to have arisen from random sampling. Philos Mag 1900;50:157-175."
)
YATES_1934 = (
    "Yates F. Contingency tables involving small numbers and the chi-square test. "
    "J R Stat Soc Suppl 1934;1:217-235."
)
STUDENT_1908 = "Student. The probable error of a mean. Biometrika 1908;6:1-25."
WELCH_1938 = (
    "Welch BL. The significance of the difference between two means when the population variances are "
    "unequal. Biometrika 1938;29:350-362."
)
WELCH_1951 = (
    "Welch BL. On the comparison of several mean values: an alternative approach. Biometrika 1951;38:330-336."
)
FISHER_1925 = "Fisher RA. Statistical methods for research workers. Oliver and Boyd 1925."
MANN_1947 = (
    "Mann HB, Whitney DR. On a test of whether one of two random variables is stochastically larger than "
    "the other. Ann Math Stat 1947;18:50-60."
)
KRUSKAL_1952 = (
    "Kruskal WH, Wallis WA. Use of ranks in one-criterion variance analysis. J Am Stat Assoc 1952;47:583-621."
)
SHAPIRO_1965 = (
    "Shapiro SS, Wilk MB. An analysis of variance test for normality (complete samples). "
    "Biometrika 1965;52:591-611."
)
ROYSTON_1995 = (
    "Royston P. Remark AS R94: a remark on algorithm AS 181: the W-test for normality. "
    "Appl Stat 1995;44:547-551."
)
BROWN_1974 = (
    "Brown MB, Forsythe AB. Robust tests for the equality of variances. J Am Stat Assoc 1974;69:364-367."
)
AUSTIN_2009 = (
    "Austin PC. Balance diagnostics for comparing the distribution of baseline covariates between treatment "
    "groups in propensity-score matched samples. Stat Med 2009;28:3083-3107."
)
YANG_2012 = (
    "Yang D, Dalton JE. A unified approach to measuring the effect size between two groups using SAS. "
    "SAS Global Forum 2012, paper 335."
)
HEDGES_1985 = "Hedges LV, Olkin I. Statistical methods for meta-analysis. Academic Press 1985."
CRAMER_1946 = "Cramer H. Mathematical methods of statistics. Princeton University Press 1946."
BERGSMA_2013 = (
    "Bergsma W. A bias-correction for Cramer's V and Tschuprow's T. J Korean Stat Soc 2013;42:323-328."
)

METHODS_TABLES: tuple[Method, ...] = (
    Method(
        "fisher_exact",
        "Fisher's exact test",
        "Two-sided: the probability, given the margins, of all tables no more probable than the observed one; "
        "enumerated exactly, beyond 2 x 2 by the network algorithm.",
        (FISHER_1935, MEHTA_1983),
    ),
    Method(
        "fisher_monte_carlo",
        "Fisher's exact test, sampled",
        "As Fisher's exact test, from tables drawn with the observed margins at a stated seed; "
        "P = (1 + tables no more probable)/(1 + tables drawn).",
        (FISHER_1935, PATEFIELD_1981),
    ),
    Method(
        "odds_ratio_conditional",
        "Conditional odds ratio",
        "Conditional maximum likelihood estimate of the odds ratio of a 2 x 2 table, with the exact interval.",
        (CORNFIELD_1956,),
    ),
    Method(
        "chi_square",
        "Chi-square test",
        "Pearson's chi-square test without continuity correction.",
        (PEARSON_1900,),
    ),
    Method(
        "chi_square_yates",
        "Chi-square test with continuity correction",
        "Pearson's chi-square test of a 2 x 2 table with Yates's continuity correction.",
        (PEARSON_1900, YATES_1934),
    ),
    Method(
        "student_t",
        "Student's t-test",
        "Two-sided two-sample t-test with one variance for both groups.",
        (STUDENT_1908,),
    ),
    Method(
        "welch_t",
        "Welch's t-test",
        "Two-sided two-sample t-test with unequal variances and Welch-Satterthwaite degrees of freedom.",
        (WELCH_1938,),
    ),
    Method("anova", "Analysis of variance", "One-way analysis of variance, F test.", (FISHER_1925,)),
    Method(
        "welch_anova",
        "Welch's one-way test",
        "One-way comparison of means with a variance for each group.",
        (WELCH_1951,),
    ),
    Method(
        "mann_whitney",
        "Mann-Whitney test",
        "Two-sided Wilcoxon-Mann-Whitney test, normal approximation with tie and continuity correction.",
        (MANN_1947,),
    ),
    Method(
        "mann_whitney_exact",
        "Mann-Whitney test, exact",
        "Two-sided Wilcoxon-Mann-Whitney test from the exact distribution: no ties, fewer than 50 a group.",
        (MANN_1947,),
    ),
    Method(
        "kruskal_wallis",
        "Kruskal-Wallis test",
        "Kruskal-Wallis rank test with tie correction, chi-square approximation.",
        (KRUSKAL_1952,),
    ),
    Method(
        "shapiro_wilk",
        "Shapiro-Wilk test",
        "Test of normality within each group, 3 to 5000 values.",
        (SHAPIRO_1965, ROYSTON_1995),
    ),
    Method(
        "levene_median",
        "Brown-Forsythe test",
        "Levene's test of equal variances with distances from the median.",
        (BROWN_1974,),
    ),
    Method(
        "smd",
        "Standardized mean difference",
        "Difference of means over the root of the mean of the two variances; large-sample interval.",
        (AUSTIN_2009, HEDGES_1985),
    ),
    Method(
        "smd_categories",
        "Standardized mean difference of categories",
        "Mahalanobis distance of the two groups' proportions; large-sample interval.",
        (YANG_2012, HEDGES_1985),
    ),
    Method(
        "cramers_v",
        "Cramer's V",
        "From the chi-square without continuity correction; beside it the bias-corrected value.",
        (CRAMER_1946, BERGSMA_2013),
    ),
)
