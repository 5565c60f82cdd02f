"""What the results on prediction models were computed with, for the methods section of a paper."""

from backend.analysis.methods_core import Method

COX_1958 = "Cox DR. Two further applications of a model for binary regression. Biometrika 1958;45:562-565."
BRIER_1950 = (
    "Brier GW. Verification of forecasts expressed in terms of probability. Mon Weather Rev 1950;78:1-3."
)
SPIEGELHALTER_1986 = (
    "Spiegelhalter DJ. Probabilistic prediction in patient management and clinical trials. "
    "Stat Med 1986;5:421-433."
)
AUSTIN_2019 = (
    "Austin PC, Steyerberg EW. The integrated calibration index (ICI) and related metrics for quantifying the "
    "calibration of logistic regression models. Stat Med 2019;38:4051-4065."
)
CLEVELAND_1979 = (
    "Cleveland WS. Robust locally weighted regression and smoothing scatterplots. "
    "J Am Stat Assoc 1979;74:829-836."
)
HOSMER_1980 = (
    "Hosmer DW, Lemeshow S. Goodness of fit tests for the multiple logistic regression model. "
    "Commun Stat Theory Methods 1980;9:1043-1069."
)
VICKERS_2006 = (
    "Vickers AJ, Elkin EB. Decision curve analysis: a novel method for evaluating prediction models. "
    "Med Decis Making 2006;26:565-574."
)
VICKERS_2008 = (
    "Vickers AJ, Cronin AM, Elkin EB, Gonen M. Extensions to decision curve analysis, a novel method for "
    "evaluating diagnostic tests, prediction models and molecular markers. BMC Med Inform Decis Mak 2008;8:53."
)
KERR_2016 = (
    "Kerr KF, Brown MD, Zhu K, Janes H. Assessing the clinical impact of risk prediction models with decision "
    "curves: guidance for correct interpretation and appropriate use. J Clin Oncol 2016;34:2534-2540."
)
PENCINA_2008 = (
    "Pencina MJ, D'Agostino RB Sr, D'Agostino RB Jr, Vasan RS. Evaluating the added predictive ability of a "
    "new marker: from area under the ROC curve to reclassification and beyond. Stat Med 2008;27:157-172."
)
PENCINA_2011 = (
    "Pencina MJ, D'Agostino RB Sr, Steyerberg EW. Extensions of net reclassification improvement calculations "
    "to measure usefulness of new biomarkers. Stat Med 2011;30:11-21."
)
KERR_2014 = (
    "Kerr KF, Wang Z, Janes H, McClelland RL, Psaty BM, Pepe MS. Net reclassification indices for evaluating "
    "risk prediction instruments: a critical review. Epidemiology 2014;25:114-121."
)
VENZON_1988 = (
    "Venzon DJ, Moolgavkar SH. A method for computing profile-likelihood-based confidence intervals. "
    "Appl Stat 1988;37:87-94."
)
ALBERT_1984 = (
    "Albert A, Anderson JA. On the existence of maximum likelihood estimates in logistic regression models. "
    "Biometrika 1984;71:1-10."
)
VENABLES_2002 = "Venables WN, Ripley BD. Modern Applied Statistics with S. 4th ed. New York: Springer; 2002."
IASONOS_2008 = (
    "Iasonos A, Schrag D, Raj GV, Panageas KS. How to build and interpret a nomogram for cancer prognosis. "
    "J Clin Oncol 2008;26:1364-1370."
)
HARRELL_2015 = "Harrell FE. Regression Modeling Strategies. 2nd ed. Cham: Springer; 2015."

_BOOTSTRAP = (
    "Pointwise percentile intervals from a seeded bootstrap over cases, the outcome not held fixed unless a "
    "prevalence was given."
)
_DECISION = (
    "A case is treated when its predicted probability is at or above the threshold; treat-all and treat-none "
    "for comparison; standardized by the prevalence; net interventions avoided against treat-all."
)

METHODS_MODELS: tuple[Method, ...] = (
    Method(
        "calibration",
        "Calibration",
        "Calibration curve by lowess (span 2/3, no robustness iterations) and by groups of equal size with "
        "Wilson intervals; integrated calibration index, E50, E90 and Emax from the curve; calibration slope "
        "and intercept fitted together, and calibration-in-the-large with the slope held at 1, with Wald "
        "intervals; Brier score, scaled by that of the prevalence; Spiegelhalter's z.",
        (COX_1958, BRIER_1950, SPIEGELHALTER_1986, CLEVELAND_1979, AUSTIN_2019),
    ),
    Method(
        "hosmer_lemeshow",
        "Hosmer-Lemeshow test",
        "Groups cut at the quantiles (type 7) of the predicted probabilities, equal cut points merged; degrees "
        "of freedom the number of groups less two, or the number of groups for cases the model was not made on.",
        (HOSMER_1980,),
    ),
    Method(
        "decision_curve",
        "Decision curve analysis",
        f"Net benefit over threshold probabilities. {_DECISION} {_BOOTSTRAP}",
        (VICKERS_2006, KERR_2016),
    ),
    Method(
        "decision_curve_survival",
        "Decision curve analysis with censoring",
        "Net benefit for the event by a stated time, event shares by Kaplan-Meier. Risks are those of the endpoint "
        "alone: by the Cox model, or by models declared to predict the event by that time; they are taken as given. "
        f"{_DECISION} {_BOOTSTRAP}",
        (VICKERS_2008, KERR_2016),
    ),
    Method(
        "clinical_impact",
        "Clinical impact curve",
        "Number called high risk (predicted probability at or above the threshold) and number of those with the "
        "outcome, scaled to a population, with Clopper-Pearson and Wilson intervals.",
        (KERR_2016,),
    ),
    Method(
        "roc_components",
        "ROC components",
        "Sensitivity and false-positive rate against the threshold probability, with Clopper-Pearson and Wilson "
        "intervals.",
        (KERR_2016,),
    ),
    Method(
        "nri_categorical",
        "Net reclassification improvement, categories",
        "Net share of cases moved to the right side by the new model over risk categories (closed below), by "
        "events and non-events and in sum, with asymptotic standard errors and Wald intervals.",
        (PENCINA_2008, PENCINA_2011, KERR_2014),
    ),
    Method(
        "nri_continuous",
        "Net reclassification improvement, continuous",
        "Net share of cases whose predicted probability the new model moved to the right side, by events and "
        "non-events and in sum, with asymptotic standard errors and Wald intervals.",
        (PENCINA_2011, KERR_2014),
    ),
    Method(
        "idi",
        "Integrated discrimination improvement",
        "Mean rise of the predicted probability in events less that in non-events, each also by itself, with "
        "Wald intervals from the sample variances of the differences.",
        (PENCINA_2008,),
    ),
    Method(
        "logistic",
        "Logistic regression",
        "Maximum likelihood; odds ratios with Wald and profile-likelihood intervals; separation ruled out by "
        "linear programs. Categories stand against the planned reference level, else the lowest of their declared "
        "order, else the first by alphabet. Fitted on the development cases where the study names them, else on all; "
        "cases that lack a predictor are left out. Where there are other cohorts, validated on them by AUC (DeLong) "
        "and calibration.",
        (ALBERT_1984, VENZON_1988),
    ),
    Method(
        "backward_elimination",
        "Backward elimination",
        "Predictors were removed one at a time, each time the one whose loss lowered AIC most, until none did. "
        "Intervals and p-values take no account of the selection.",
        (VENABLES_2002,),
    ),
    Method(
        "nomogram",
        "Nomogram",
        "Points in proportion to each predictor's effect over its axis, the largest effect being 100 points; "
        "the total gives the model's own probability.",
        (IASONOS_2008, HARRELL_2015),
    ),
)
