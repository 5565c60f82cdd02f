"""The methods section of the survival analyses."""

from backend.analysis.methods_core import Method

KAPLAN_1958 = (
    "Kaplan EL, Meier P. Nonparametric estimation from incomplete observations. "
    "J Am Stat Assoc 1958;53:457-481."
)
BROOKMEYER_1982 = (
    "Brookmeyer R, Crowley J. A confidence interval for the median survival time. Biometrics 1982;38:29-41."
)
ROYSTON_2011 = (
    "Royston P, Parmar MKB. The use of restricted mean survival time to estimate the treatment effect in "
    "randomized clinical trials when the proportional hazards assumption is in doubt. "
    "Stat Med 2011;30:2409-2421."
)
MANTEL_1966 = (
    "Mantel N. Evaluation of survival data and two new rank order statistics arising in its consideration. "
    "Cancer Chemother Rep 1966;50:163-170."
)
HARRINGTON_1982 = (
    "Harrington DP, Fleming TR. A class of rank test procedures for censored survival data. "
    "Biometrika 1982;69:553-566."
)
TARONE_1975 = "Tarone RE. Tests for trend in life table analysis. Biometrika 1975;62:679-682."
COX_1972 = "Cox DR. Regression models and life-tables. J R Stat Soc B 1972;34:187-220."
EFRON_1977 = (
    "Efron B. The efficiency of Cox's likelihood function for censored data. J Am Stat Assoc 1977;72:557-565."
)
BRYSON_1981 = (
    "Bryson MC, Johnson ME. The incidence of monotone likelihood in the Cox model. "
    "Technometrics 1981;23:381-383."
)
GRAMBSCH_1994 = (
    "Grambsch PM, Therneau TM. Proportional hazards tests and diagnostics based on weighted residuals. "
    "Biometrika 1994;81:515-526."
)
HARRELL_1996 = (
    "Harrell FE, Lee KL, Mark DB. Multivariable prognostic models: issues in developing models, evaluating "
    "assumptions and adequacy, and measuring and reducing errors. Stat Med 1996;15:361-387."
)
UNO_2011 = (
    "Uno H, Cai T, Pencina MJ, D'Agostino RB, Wei LJ. On the C-statistics for evaluating overall adequacy of "
    "risk prediction procedures with censored survival data. Stat Med 2011;30:1105-1117."
)
KANG_2015 = (
    "Kang L, Chen W, Petrick NA, Gallas BD. Comparing two correlated C indices with right-censored survival "
    "outcome: a one-shot nonparametric approach. Stat Med 2015;34:685-703."
)
BLANCHE_2013 = (
    "Blanche P, Dartigues JF, Jacqmin-Gadda H. Estimating and comparing time-dependent areas under receiver "
    "operating characteristic curves for censored event times with competing risks. "
    "Stat Med 2013;32:5381-5397."
)
UNO_2007 = (
    "Uno H, Cai T, Tian L, Wei LJ. Evaluating prediction rules for t-year survivors with censored regression "
    "models. J Am Stat Assoc 2007;102:527-537."
)
GRAF_1999 = (
    "Graf E, Schmoor C, Sauerbrei W, Schumacher M. Assessment and comparison of prognostic classification "
    "schemes for survival data. Stat Med 1999;18:2529-2545."
)

VAN_HOUWELINGEN_2000 = (
    "Van Houwelingen HC. Validation, calibration, revision and combination of prognostic survival models. "
    "Stat Med 2000;19:3401-3415."
)
CROWSON_2016 = (
    "Crowson CS, Atkinson EJ, Therneau TM. Assessing calibration of prognostic risk scores. "
    "Stat Methods Med Res 2016;25:1692-1706."
)

HARRELL_TEXT = (
    "Harrell's concordance index; a pair counts when the case with the earlier time had the event, tied "
    "scores count one half, and two events at one time are not compared."
)
UNO_TEXT = (
    "Uno's concordance index: each pair weighted by the inverse squared Kaplan-Meier probability of being "
    "uncensored just before the earlier time, events up to and with the stated horizon (declared; else the last "
    "declared time; else until when a tenth of the cases is under observation)."
)
JACKKNIFE_TEXT = "Standard errors by the infinitesimal jackknife, Wald confidence interval"
PAIRED_TEXT = f"{JACKKNIFE_TEXT} and two-sided z test of the difference on the cases that have both scores."

METHODS_SURVIVAL: tuple[Method, ...] = (
    Method(
        "kaplan_meier",
        "Kaplan-Meier",
        "Kaplan-Meier estimate of survival with Greenwood's standard error and log-log (or, where stated, log) "
        "confidence intervals; the interval of the median is where the limits of the curve cross one half.",
        (KAPLAN_1958, BROOKMEYER_1982),
    ),
    Method(
        "rmst",
        "Restricted mean survival time",
        "Area under the Kaplan-Meier curve up to the stated time, with its large-sample standard error. The time is "
        "that of Uno's C; where none was declared, at most the last at which the curve of every group is known.",
        (ROYSTON_2011,),
    ),
    Method(
        "logrank",
        "Log-rank test",
        "Log-rank test with hypergeometric variance, within strata and with Fleming-Harrington weights where "
        "stated.",
        (MANTEL_1966, HARRINGTON_1982),
    ),
    Method(
        "logrank_trend",
        "Log-rank test for trend",
        "Log-rank test for trend over the stated scores of the ordered groups (1, 2, 3 … in the declared order).",
        (TARONE_1975,),
    ),
    Method(
        "cox_efron",
        "Cox model",
        "Cox proportional-hazards regression with Efron's handling of ties; Wald confidence intervals and "
        "P values, likelihood-ratio test of the model. A covariate that separates the events has no finite "
        "hazard ratio and is reported as not estimable. Categories stand against the planned reference level, else "
        "the lowest of their declared order, else the first by alphabet. Fitted on the development cases where the "
        "study names them, else on all; cases that lack a covariate are left out. Where there are other cohorts, "
        "validated on them by Harrell's C, calibration and Brier score.",
        (COX_1972, EFRON_1977, BRYSON_1981),
    ),
    Method(
        "cox_screen",
        "Univariate and multivariate Cox models",
        "Each covariate alone, then together those with a univariate P below the stated threshold or declared "
        "clinically relevant beforehand.",
        (COX_1972, EFRON_1977),
    ),
    Method(
        "cox_zph",
        "Test of proportional hazards",
        "Score test of an interaction of each covariate with the stated function of time, and of all together.",
        (GRAMBSCH_1994,),
    ),
    Method(
        "cox_baseline_efron",
        "Baseline hazard of the Cox model",
        "Cumulative baseline hazard by Efron's estimate, consistent with the fit.",
        (EFRON_1977,),
    ),
    Method(
        "cox_predicted_survival",
        "Survival predicted by the Cox model",
        "Survival from the Cox model and its Efron baseline, a step function of time within the follow-up.",
        (COX_1972, EFRON_1977),
    ),
    Method(
        "survival_calibration",
        "Calibration of predicted survival",
        "On cases that the model was not fitted on: coefficient of its linear predictor in a Cox regression, tested "
        "against 1; mean predicted risk against the share with the event by Kaplan-Meier at each time, in all and in "
        "groups cut at quantiles (type 7) of the predicted risk, with Kaplan-Meier's intervals (log-log "
        "or, where stated, log).",
        (VAN_HOUWELINGEN_2000, CROWSON_2016),
    ),
    Method(
        "concordance_harrell",
        "Harrell's C",
        f"{HARRELL_TEXT} {JACKKNIFE_TEXT} clipped to [0, 1].",
        (HARRELL_1996,),
    ),
    Method("concordance_uno", "Uno's C", f"{UNO_TEXT} {JACKKNIFE_TEXT} clipped to [0, 1].", (UNO_2011,)),
    Method(
        "concordance_harrell_difference",
        "Difference of two Harrell's C",
        f"{HARRELL_TEXT} {PAIRED_TEXT}",
        (HARRELL_1996, KANG_2015),
    ),
    Method(
        "concordance_uno_difference",
        "Difference of two Uno's C",
        f"{UNO_TEXT} {PAIRED_TEXT}",
        (UNO_2011, KANG_2015),
    ),
    Method(
        "time_roc_ipcw",
        "Time-dependent ROC",
        "Cumulative/dynamic ROC at the stated times, weighted by the inverse probability of censoring "
        "(Kaplan-Meier); an event at the stated time is a case. Standard errors from the influence function, "
        "Wald confidence interval clipped to [0, 1].",
        (UNO_2007, BLANCHE_2013),
    ),
    Method(
        "time_auc_difference",
        "Difference of two time-dependent AUCs",
        "Difference of two cumulative/dynamic AUCs on the cases that have both scores, with standard error "
        "from the influence functions and two-sided z test.",
        (BLANCHE_2013,),
    ),
    Method(
        "brier_ipcw",
        "Brier score of predicted survival",
        "Brier score at the stated time, weighted by the inverse probability of censoring (Kaplan-Meier), and "
        "1 minus its ratio to that of the Kaplan-Meier curve.",
        (GRAF_1999,),
    ),
)
