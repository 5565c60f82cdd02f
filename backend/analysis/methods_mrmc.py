"""The methods section of the multi-reader analyses by Obuchowski-Rockette and its relatives."""

from backend.analysis.methods_core import DELONG_1988, MCCLISH_1989, SUN_2014, Method

DORFMAN_1992 = (
    "Dorfman DD, Berbaum KS, Metz CE. Receiver operating characteristic rating analysis: generalization to the "
    "population of readers and patients with the jackknife method. Invest Radiol 1992;27:723-731."
)
OBUCHOWSKI_1995 = (
    "Obuchowski NA, Rockette HE. Hypothesis testing of diagnostic accuracy for multiple readers and multiple tests: "
    "an ANOVA approach with dependent observations. Commun Stat Simul Comput 1995;24:285-308."
)
HILLIS_2004 = (
    "Hillis SL, Berbaum KS. Power estimation for the Dorfman-Berbaum-Metz method. "
    "Acad Radiol 2004;11:1260-1273."
)
HILLIS_2005 = (
    "Hillis SL, Obuchowski NA, Schartz KM, Berbaum KS. A comparison of the Dorfman-Berbaum-Metz and "
    "Obuchowski-Rockette methods for receiver operating characteristic (ROC) data. Stat Med 2005;24:1579-1607."
)
HILLIS_2007 = (
    "Hillis SL. A comparison of denominator degrees of freedom methods for multiple observer ROC analysis. "
    "Stat Med 2007;26:596-619."
)
HILLIS_2008 = (
    "Hillis SL, Berbaum KS, Metz CE. Recent developments in the Dorfman-Berbaum-Metz procedure for multireader ROC "
    "study analysis. Acad Radiol 2008;15:647-661."
)
HILLIS_2011 = (
    "Hillis SL, Obuchowski NA, Berbaum KS. Power estimation for multireader ROC methods: an updated and unified "
    "approach. Acad Radiol 2011;18:129-142."
)
HILLIS_2014 = (
    "Hillis SL. A marginal-mean ANOVA approach for analyzing multireader multicase radiological imaging data. "
    "Stat Med 2014;33:330-360."
)
OBUCHOWSKI_2012 = (
    "Obuchowski NA, Gallas BD, Hillis SL. Multi-reader ROC studies with split-plot designs: a comparison of "
    "statistical methods. Acad Radiol 2012;19:1508-1517."
)
GALLAS_2007 = (
    "Gallas BD, Pennello GA, Myers KJ. Multireader multicase variance analysis for binary data. "
    "J Opt Soc Am A 2007;24:B70-B80."
)
OBUCHOWSKI_1997_AJR = (
    "Obuchowski NA. Testing for equivalence of diagnostic tests. AJR Am J Roentgenol 1997;168:13-17."
)
CHEN_2012 = (
    "Chen W, Petrick NA, Sahiner B. Hypothesis testing in noninferiority and equivalence MRMC ROC studies. "
    "Acad Radiol 2012;19:1158-1165."
)
EFRON_1982 = "Efron B. The jackknife, the bootstrap and other resampling plans. Philadelphia: SIAM; 1982."

METHODS_MRMC: tuple[Method, ...] = (
    Method(
        "obuchowski_rockette",
        "Obuchowski-Rockette analysis",
        "Figures of merit of every reader under every modality were compared by the Obuchowski-Rockette method with "
        "Hillis's degrees of freedom, for random readers and random cases, and besides for fixed readers and for "
        "fixed cases. A negative difference Cov2 - Cov3 counts as 0 in every error term; negative variance components "
        "are reported as estimated. Nested and split-plot designs follow the marginal-mean analysis of variance.",
        (OBUCHOWSKI_1995, HILLIS_2007, HILLIS_2008, HILLIS_2014, OBUCHOWSKI_2012),
    ),
    Method(
        "dbm",
        "Dorfman-Berbaum-Metz analysis",
        "Analysis of variance of normalized jackknife pseudovalues with Hillis's degrees of freedom; for random "
        "readers and random cases it is the Obuchowski-Rockette analysis with jackknife covariance.",
        (DORFMAN_1992, HILLIS_2005, HILLIS_2008),
    ),
    Method(
        "model_against_readers",
        "Model alone against the panel of readers",
        "The model's figure of merit was compared with the readers' mean on the same cases (areas by its scores, "
        "sensitivity and specificity by its own calls) by the one-modality "
        "random-reader random-case test; non-inferiority and superiority are judged by the lower bound of the "
        "confidence interval of the difference, model minus readers.",
        (HILLIS_2005, HILLIS_2007),
    ),
    Method(
        "mrmc_margin",
        "Non-inferiority and superiority of modalities",
        "One-sided tests of the difference of two modalities against minus the margin and against 0, with the standard "
        "error and degrees of freedom of the Obuchowski-Rockette analysis; each at half of 1 minus the confidence "
        "level, which is the lower bound of the two-sided interval above minus the margin, or above 0.",
        (OBUCHOWSKI_1997_AJR, CHEN_2012, HILLIS_2007),
    ),
    Method(
        "dbm_equivalence",
        "Equivalence of DBM and Obuchowski-Rockette",
        "Obuchowski-Rockette components with the jackknife covariance, turned into those of "
        "Dorfman-Berbaum-Metz, beside the components of the pseudovalues.",
        (HILLIS_2005,),
    ),
    Method(
        "mrmc_power",
        "Power of a multi-reader study",
        "Power of a crossed study of two modalities from the components of a pilot study, by the noncentral F "
        "distribution (noncentral chi-square for fixed readers), at the pilot's share of diseased cases.",
        (HILLIS_2011, HILLIS_2004),
    ),
    Method(
        "mrmc_sample_size",
        "Sample size of a multi-reader study",
        "The fewest cases for given readers, or readers for given cases, with which the power reaches the one wanted.",
        (HILLIS_2011, HILLIS_2004),
    ),
    Method(
        "covariance_jackknife",
        "Jackknife covariance",
        "Covariance of the figures of merit over cases by leaving out each case in turn; a case that a reader did not "
        "read leaves that reader's figure as it is.",
        (EFRON_1982,),
    ),
    Method(
        "covariance_delong",
        "DeLong covariance",
        "Covariance of the AUCs over cases by DeLong's placement values.",
        (DELONG_1988, SUN_2014),
    ),
    Method(
        "covariance_unbiased",
        "Unbiased covariance",
        "Covariance of the AUCs over cases by the unbiased U-statistic estimate over the cases available.",
        (GALLAS_2007,),
    ),
    Method(
        "covariance_bootstrap",
        "Bootstrap covariance",
        "Covariance of the figures of merit over seeded resamples of cases within their class, all reads and marks of "
        "a case together.",
        (EFRON_1982,),
    ),
    Method(
        "fom_auc",
        "AUC",
        "Area under the empirical (trapezoidal) ROC curve of each reader, ties counted one half.",
        (DELONG_1988,),
    ),
    Method(
        "fom_partial_auc",
        "Partial AUC",
        "Area under the empirical curve over a range of specificity or of sensitivity, standardized by McClish's "
        "correction where so named.",
        (MCCLISH_1989,),
    ),
    Method(
        "fom_sensitivity",
        "Sensitivity",
        "Share of diseased cases rated at or above the cut-off named.",
        (),
    ),
    Method(
        "fom_specificity",
        "Specificity",
        "Share of cases without disease rated below the cut-off named.",
        (),
    ),
)
