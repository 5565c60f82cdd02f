"""Methods of changes of mind, reading times, crossovers, available-case MRMC and localization."""

from backend.analysis.methods_core import FAGERLAND_2013, MCNEMAR_1947, TANGO_1998, Method

MANTEL_1959 = (
    "Mantel N, Haenszel W. Statistical aspects of the analysis of data from retrospective studies of disease. "
    "J Natl Cancer Inst 1959;22:719-748."
)
OBUCHOWSKI_1998 = (
    "Obuchowski NA. On the comparison of correlated proportions for clustered data. "
    "Stat Med 1998;17:1495-1507."
)
CAMERON_2011 = (
    "Cameron AC, Gelbach JB, Miller DL. Robust inference with multiway clustering. J Bus Econ Stat "
    "2011;29:238-249."
)
BATES_2015 = (
    "Bates D, Maechler M, Bolker B, Walker S. Fitting linear mixed-effects models using lme4. J Stat Softw "
    "2015;67(1):1-48."
)
GIESBRECHT_1985 = (
    "Giesbrecht FG, Burns JC. Two-stage analysis based on a mixed model: large-sample asymptotic theory and "
    "small-sample simulation results. Biometrics 1985;41:477-486."
)
HILLS_1979 = "Hills M, Armitage P. The two-period cross-over clinical trial. Br J Clin Pharmacol 1979;8:7-20."
FREEMAN_1989 = (
    "Freeman PR. The performance of the two-stage analysis of two-treatment, two-period crossover trials. "
    "Stat Med 1989;8:1421-1432."
)
GALLAS_2006 = "Gallas BD. One-shot estimate of MRMC variance: AUC. Acad Radiol 2006;13:353-362."
GALLAS_2009 = (
    "Gallas BD, Bandos A, Samuelson FW, Wagner RF. A framework for random-effects ROC analysis: biases with "
    "the bootstrap and other variance estimators. Commun Stat Theory Methods 2009;38:2586-2603."
)
CHAKRABORTY_2004 = (
    "Chakraborty DP, Berbaum KS. Observer studies involving detection and localization: modeling, analysis, "
    "and validation. Med Phys 2004;31:2313-2330."
)
CHAKRABORTY_2016 = (
    "Chakraborty DP, Zhai X. On the meaning of the weighted alternative free-response operating characteristic "
    "figure of merit. Med Phys 2016;43:2548-2557."
)
SWENSSON_1996 = (
    "Swensson RG. Unified measurement of observer performance in detecting and localizing target objects on "
    "images. Med Phys 1996;23:1709-1725."
)

MIXED_TEXT = (
    "Linear mixed model fitted by restricted maximum likelihood; Satterthwaite degrees of freedom, at least the "
    "fewest levels of a random term minus the number of fixed effects."
)
MARKS_TEXT = (
    "Ties count one half; an unmarked lesion and a case without false marks rate minus infinity; of several "
    "marks on one lesion the highest counts."
)

METHODS_DESIGNS: tuple[Method, ...] = (
    Method(
        "change_of_mind",
        "Change of mind",
        "For every reader and case read in both arms and with a known truth, the call at the declared threshold "
        "before and after: moved right, moved wrong, stayed; following the model is counted among the pairs that "
        "disagreed with it before, apart for cases where the model is right and where it is wrong.",
        (),
    ),
    Method(
        "change_mcnemar",
        "McNemar's test of one reader",
        "Exact and mid-p McNemar tests of calls that became right against calls that became wrong, with Tango's "
        "score interval of the difference and the exact conditional interval of the odds ratio.",
        (MCNEMAR_1947, FAGERLAND_2013, TANGO_1998),
    ),
    Method(
        "change_mcnemar_stratified",
        "McNemar's test, readers as strata",
        "McNemar tests combined over readers after Mantel and Haenszel, every pair of reader and case taken as "
        "independent; Pearson's chi-square tests whether readers differ.",
        (MANTEL_1959, MCNEMAR_1947),
    ),
    Method(
        "change_clustered",
        "Cluster-robust test of the mean change",
        "Mean change over readers and cases with a cluster-robust variance: clustered by case (fixed readers, "
        "normal quantile), and by reader and by case (random readers, t with the smaller number of clusters "
        "minus 1 degrees of freedom; never below either one-way variance).",
        (OBUCHOWSKI_1998, CAMERON_2011),
    ),
    Method("mixed_model_reml", "Linear mixed model", MIXED_TEXT, (BATES_2015, GIESBRECHT_1985)),
    Method(
        "time_change_mixed",
        "Change of reading time",
        f"Paired differences of log reading times with random readers and random cases. {MIXED_TEXT} One reader: "
        "paired t test of the logs.",
        (BATES_2015, GIESBRECHT_1985),
    ),
    Method(
        "reading_time",
        "Reading time and the order of reads",
        "Least-squares trend of log reading time on the position in the session, per reader and session; first "
        "and last third against the middle one by Welch's t test of the logs; over readers a linear mixed model "
        f"with random sessions of a reader, cases and trends of a reader. {MIXED_TEXT}",
        (BATES_2015, GIESBRECHT_1985),
    ),
    Method(
        "periods",
        "Order of the arms",
        "The sessions of the reads tell the design: sequential reveal, fixed order, or crossover. Treatment, "
        "period and carry-over are estimated for crossovers only; the carry-over contrast is shown and never "
        "decides how the treatment is analyzed. Readers' areas under the curve and right calls are averaged by period "
        "and order, with Student's interval over readers.",
        (HILLS_1979, FREEMAN_1989),
    ),
    Method(
        "hills_armitage",
        "Two-period crossover between readers",
        "Two-sample t tests with equal variances on differences and sums of the two periods; the value of a "
        "reader and period is the empirical AUC.",
        (HILLS_1979,),
    ),
    Method(
        "crossover_within_readers",
        "Two-period crossover within readers",
        "One-sample t tests of each reader's contrasts of empirical AUCs over the two orders.",
        (HILLS_1979,),
    ),
    Method(
        "crossover_mixed_model",
        "Two-period crossover, right calls",
        "Differences and sums of the two periods' right calls with random readers and cases; in the differences, what "
        f"a reader or a case with both orders gains by the second arm is random as well. {MIXED_TEXT}",
        (HILLS_1979, BATES_2015, GIESBRECHT_1985),
    ),
    Method(
        "mrmc_gallas",
        "Available-case MRMC analysis of AUC",
        "U-statistics over all reads there are, weighted by pairs, random readers and cases; unbiased variance "
        "from eight moments, degrees of freedom from the biased components; the normal quantile above 50.",
        (GALLAS_2006, GALLAS_2009),
    ),
    Method(
        "froc_curve",
        "FROC, AFROC and LROC curves",
        "Empirical operating points of each reader: the share of lesions marked at or above each rating, plain and "
        "with the lesions' weights, against false marks a case (FROC) and against the share of negative cases with a "
        "false mark (AFROC); and against the latter the share of positive cases whose highest mark is on a lesion "
        "(LROC).",
        (CHAKRABORTY_2004, CHAKRABORTY_2016, SWENSSON_1996),
    ),
    Method(
        "fom_hrauc",
        "AUC of the highest mark",
        f"Empirical AUC of the highest mark of each case, wherever it is. {MARKS_TEXT}",
        (CHAKRABORTY_2004,),
    ),
    Method(
        "fom_afroc",
        "AFROC",
        "Area under the AFROC curve: lesions against the highest false mark of each negative case, all lesions "
        f"alike. {MARKS_TEXT}",
        (CHAKRABORTY_2004,),
    ),
    Method(
        "fom_afroc1",
        "AFROC1",
        f"Lesions against the highest false mark of every case, all lesions alike. {MARKS_TEXT}",
        (CHAKRABORTY_2004,),
    ),
    Method(
        "fom_wafroc",
        "Weighted AFROC",
        "Area under the weighted AFROC curve: as AFROC, with lesion weights that sum to 1 in each case. "
        f"{MARKS_TEXT}",
        (CHAKRABORTY_2004, CHAKRABORTY_2016),
    ),
    Method(
        "fom_wafroc1",
        "Weighted AFROC1",
        f"As AFROC1, with lesion weights that sum to 1 in each case. {MARKS_TEXT}",
        (CHAKRABORTY_2004, CHAKRABORTY_2016),
    ),
    Method(
        "fom_lroc",
        "LROC",
        "Area under the LROC curve: the highest mark of a positive case counts when it hits a lesion. "
        f"{MARKS_TEXT}",
        (SWENSSON_1996,),
    ),
    Method(
        "fom_froc",
        "FROC",
        "Area under the FROC curve to its last observed point; it grows with the number of false marks. "
        f"{MARKS_TEXT}",
        (CHAKRABORTY_2004,),
    ),
)
