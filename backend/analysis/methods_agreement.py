"""The methods section for agreement: what each result was computed with, and the publications to cite."""

from backend.analysis.methods_core import CLOPPER_1934, LANDIS_1977, WILSON_1927, Method

GWET_2014 = "Gwet KL. Handbook of Inter-Rater Reliability, 4th ed. Gaithersburg: Advanced Analytics; 2014."
GWET_2008 = (
    "Gwet KL. Computing inter-rater reliability and its variance in the presence of high agreement. "
    "Br J Math Stat Psychol 2008;61:29-48."
)
FLEISS_1971 = "Fleiss JL. Measuring nominal scale agreement among many raters. Psychol Bull 1971;76:378-382."
FLEISS_1979 = (
    "Fleiss JL, Nee JCM, Landis JR. Large sample variance of kappa in the case of different sets of raters. "
    "Psychol Bull 1979;86:974-977."
)
CONGER_1980 = (
    "Conger AJ. Integration and generalization of kappas for multiple raters. Psychol Bull 1980;88:322-328."
)
BRENNAN_1981 = (
    "Brennan RL, Prediger DJ. Coefficient kappa: some uses, misuses, and alternatives. "
    "Educ Psychol Meas 1981;41:687-699."
)
GRAHAM_1998 = (
    "Graham P, Bull B. Approximate standard errors and confidence intervals for indices of positive and "
    "negative agreement. J Clin Epidemiol 1998;51:763-771."
)
LIGHT_1971 = (
    "Light RJ. Measures of response agreement for qualitative data: some generalizations and alternatives. "
    "Psychol Bull 1971;76:365-377."
)
KRIPPENDORFF_2011 = (
    "Krippendorff K. Computing Krippendorff's alpha-reliability. University of Pennsylvania; 2011."
)
MCGRAW_1996 = (
    "McGraw KO, Wong SP. Forming inferences about some intraclass correlation coefficients. "
    "Psychol Methods 1996;1:30-46."
)
SHROUT_1979 = (
    "Shrout PE, Fleiss JL. Intraclass correlations: uses in assessing rater reliability. "
    "Psychol Bull 1979;86:420-428."
)
KOO_2016 = (
    "Koo TK, Li MY. A guideline of selecting and reporting intraclass correlation coefficients for "
    "reliability research. J Chiropr Med 2016;15:155-163."
)
BLAND_1986 = (
    "Bland JM, Altman DG. Statistical methods for assessing agreement between two methods of clinical "
    "measurement. Lancet 1986;1:307-310."
)
BLAND_1999 = (
    "Bland JM, Altman DG. Measuring agreement in method comparison studies. "
    "Stat Methods Med Res 1999;8:135-160."
)
BLAND_2007 = (
    "Bland JM, Altman DG. Agreement between methods of measurement with multiple observations per "
    "individual. J Biopharm Stat 2007;17:571-582."
)
CARKEET_2015 = (
    "Carkeet A. Exact parametric confidence intervals for Bland-Altman limits of agreement. "
    "Optom Vis Sci 2015;92:e71-e80."
)
ZOU_2013 = (
    "Zou GY. Confidence interval estimation for the Bland-Altman limits of agreement with multiple "
    "observations per individual. Stat Methods Med Res 2013;22:630-642."
)
LIN_1989 = (
    "Lin LI. A concordance correlation coefficient to evaluate reproducibility. Biometrics 1989;45:255-268; "
    "correction 2000;56:324-325."
)
TAHA_2015 = (
    "Taha AA, Hanbury A. Metrics for evaluating 3D medical image segmentation: analysis, selection, and "
    "tool. BMC Med Imaging 2015;15:29."
)
NIKOLOV_2021 = (
    "Nikolov S, et al. Clinically applicable segmentation of head and neck anatomy for radiotherapy. "
    "J Med Internet Res 2021;23:e26151."
)

GWET_TEXT = (
    "over the full declared scale, with Gwet's linearized standard error over cases and a t interval with "
    "n - 1 degrees of freedom. Cases with one rating count in the shares of the categories only."
)
INTRA_TEXT = "Cases that returned to the same reader were compared with that reader's earlier read"

METHODS_AGREEMENT: tuple[Method, ...] = (
    Method(
        "multirater_agreement",
        "Agreement of several raters",
        f"Percent agreement, Brennan-Prediger, Fleiss, Conger and Gwet AC1 or AC2 {GWET_TEXT}",
        (GWET_2014, LANDIS_1977),
    ),
    Method("percent_agreement", "Percent agreement", f"Share of agreeing pairs {GWET_TEXT}", (GWET_2014,)),
    Method(
        "brennan_prediger",
        "Brennan-Prediger coefficient (PABAK for two categories)",
        f"Agreement corrected for chance with all categories alike {GWET_TEXT}",
        (BRENNAN_1981, GWET_2014),
    ),
    Method(
        "fleiss_kappa",
        "Fleiss' kappa",
        f"Fleiss' kappa {GWET_TEXT} The z test of kappa = 0 has the standard error under that hypothesis.",
        (FLEISS_1971, FLEISS_1979, GWET_2014, LANDIS_1977),
    ),
    Method("conger_kappa", "Conger's kappa", f"Conger's kappa {GWET_TEXT}", (CONGER_1980, GWET_2014)),
    Method("gwet_ac", "Gwet's AC1 or AC2", f"Gwet's coefficient {GWET_TEXT}", (GWET_2008, GWET_2014)),
    Method(
        "specific_agreement",
        "Specific agreement",
        "Agreement specific to each category (for two: positive and negative agreement) with delta-method "
        "standard error and Wald interval; unanimity with exact and score intervals.",
        (GRAHAM_1998,),
    ),
    Method(
        "kappa_light",
        "Light's kappa",
        "Mean of Cohen's kappa over the pairs of readers; pairs with a model are averaged apart.",
        (LIGHT_1971, LANDIS_1977),
    ),
    Method(
        "krippendorff_alpha",
        "Krippendorff's alpha",
        "Krippendorff's alpha at the stated level of measurement over cases with two ratings or more; Gwet's "
        "standard error (ordinal: jackknife over cases) and a t interval with n - 1 degrees of freedom.",
        (KRIPPENDORFF_2011, GWET_2014),
    ),
    Method(
        "icc",
        "Intraclass correlation",
        "Intraclass correlations in the forms of McGraw and Wong with F intervals and F tests over the cases "
        "that every rater measured; bands of Koo and Li.",
        (MCGRAW_1996, SHROUT_1979, KOO_2016),
    ),
    Method(
        "bland_altman",
        "Bland-Altman analysis",
        "Mean difference with t interval and limits of agreement with approximate and exact (noncentral t) "
        "intervals; proportional bias by the regression of difference on mean.",
        (BLAND_1986, BLAND_1999, CARKEET_2015),
    ),
    Method(
        "bland_altman_repeated",
        "Bland-Altman analysis with repeated measurements",
        "Limits of agreement from the variance between and within cases, with intervals by recovery of the "
        "variance (MOVER).",
        (BLAND_1999, BLAND_2007, ZOU_2013),
    ),
    Method(
        "ccc_lin",
        "Concordance correlation",
        "Lin's concordance correlation with interval by the inverse hyperbolic tangent.",
        (LIN_1989,),
    ),
    Method(
        "repeatability",
        "Repeatability",
        "Within-case standard deviation with chi-square interval, and the repeatability coefficient, within "
        "which two measurements of a case lie with the stated probability.",
        (BLAND_1986, BLAND_1999),
    ),
    Method(
        "intra_reader_categories",
        "Agreement within a reader",
        f"{INTRA_TEXT} by Cohen's kappa and the coefficients of several raters over the occasions; hidden "
        "repeats within a session and re-reads between sessions are never pooled.",
        (LANDIS_1977, GWET_2014),
    ),
    Method(
        "intra_reader_measurements",
        "Agreement within a reader, measurements",
        f"{INTRA_TEXT} by ICC(A,1), limits of agreement (second minus first) and repeatability; hidden "
        "repeats within a session and re-reads between sessions are never pooled.",
        (MCGRAW_1996, KOO_2016, BLAND_1986),
    ),
    Method(
        "mask_agreement",
        "Agreement of drawn masks",
        "Dice and Jaccard; Hausdorff distance, the larger 95th percentile of both directions, average "
        "symmetric surface distance and surface Dice between surface voxels, in mm. Pairs of empty masks "
        "have no value; one empty mask has Dice 0 and no distance.",
        (TAHA_2015, NIKOLOV_2021),
    ),
    Method(
        "feature_icc",
        "Reproducibility of radiomic features",
        "Intraclass correlation of each feature; a feature is kept if it is above the stated threshold.",
        (MCGRAW_1996, KOO_2016),
    ),
    Method(
        "feature_selection",
        "Features reproducible between and within readers",
        "A feature is kept if its intraclass correlation is above the threshold between readers and within "
        "each reader who drew twice.",
        (MCGRAW_1996, KOO_2016),
    ),
    Method(
        "confusion_matrix",
        "Confusion matrix",
        "Reference standard in rows, rater in columns, with both margins; each class against the rest with "
        "exact (Clopper-Pearson) and score (Wilson) intervals. The positive class is named.",
        (CLOPPER_1934, WILSON_1927),
    ),
)
