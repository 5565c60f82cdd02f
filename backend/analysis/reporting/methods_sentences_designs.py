"""What a journal's methods section says of each method: multi-reader, change of mind, models, survival, tables."""

MRMC: dict[str, str] = {
    "obuchowski_rockette": "Figures of merit of all readers under all reading conditions were compared by "
    "the Obuchowski-Rockette method with Hillis's degrees of freedom, for random readers and random "
    "cases, and besides for fixed readers and for fixed cases. A negative difference of the covariances "
    "Cov2 and Cov3 counts as 0 in every error term.",
    "mrmc_margin": "Non-inferiority with the declared margin, and superiority, were tested one-sided with the "
    "standard errors and degrees of freedom of the Obuchowski-Rockette analysis.",
    "dbm": "The analysis was repeated by the Dorfman-Berbaum-Metz method on normalized jackknife "
    "pseudovalues with Hillis's degrees of freedom.",
    "dbm_equivalence": "The components of variance of the Obuchowski-Rockette analysis were compared with those of "
    "the Dorfman-Berbaum-Metz pseudovalues.",
    "mrmc_gallas": "AUCs over all reads there are were compared by U-statistics weighted by pairs for "
    "random readers and random cases, with the unbiased variance from eight moments.",
    "froc_curve": "Empirical FROC and AFROC curves show the share of lesions marked against false marks a "
    "case and against the share of negative cases with a false mark; LROC curves show, against the latter, the share "
    "of positive cases whose highest mark is on a lesion.",
    "model_against_readers": "The model alone was compared with the mean of the readers on the same cases, areas by "
    "its scores, sensitivity and specificity by its own calls, by the one-modality random-reader random-case test; "
    "superiority and non-inferiority were judged by the lower bound of the interval of the difference.",
    "mrmc_power": "Power was computed from the variance components of the pilot study by the noncentral F "
    "distribution (noncentral chi-square for fixed readers), at the pilot's share of diseased cases.",
    "mrmc_sample_size": "The sample size is the smallest number at which the power so computed reaches "
    "the one wanted.",
}

# In place of the sentences above where there is one reading condition.
SINGLE_ARM: dict[str, str] = {
    "obuchowski_rockette": "The mean figures of merit of the readers were given intervals by the "
    "Obuchowski-Rockette method with Hillis's degrees of freedom, for random readers and random cases, and besides "
    "for fixed readers and for fixed cases. There is one reading condition, so no two were compared. A negative "
    "difference of the covariances Cov2 and Cov3 counts as 0 in every error term.",
    "mrmc_gallas": "The mean AUC over all reads there are was estimated by U-statistics weighted by pairs for random "
    "readers and random cases, with the unbiased variance from eight moments.",
}

CHANGE: dict[str, str] = {
    "change_of_mind": "For every reader and case read in both conditions and with a known reference "
    "standard, the call at the declared threshold before and after was compared with the reference and, "
    "where there is one, with the model's call.",
    "change_mcnemar": "Each reader's calls that became right and that became wrong were compared by the "
    "exact and the mid-p McNemar test, with Tango's interval of the difference.",
    "change_mcnemar_stratified": "McNemar tests were combined over readers after Mantel and Haenszel, "
    "every pair of reader and case taken as independent; a chi-square test asked whether readers differ.",
    "change_clustered": "The mean change over readers and cases was tested with cluster-robust variances: "
    "by case (fixed readers) and by reader and case (random readers).",
    "time_change_mixed": "Paired differences of the logarithm of reading time were analyzed by a linear "
    "mixed model with random readers and random cases (for one reader, by a paired t test).",
    "reading_time": "The trend of log reading time over the position in the session was estimated for "
    "each reader and session, and over all readers by a linear mixed model; the first and the last third "
    "of a session were compared with the middle one by Welch's t test.",
    "mixed_model_reml": "Linear mixed models were fitted by restricted maximum likelihood with "
    "Satterthwaite degrees of freedom.",
    "periods": "The order of the reading conditions was read from the sessions of the reads; treatment, "
    "period and carry-over were estimated for crossovers only, and the carry-over contrast never decided "
    "how the treatment was analyzed.",
    "hills_armitage": "The two-period crossover between readers was analyzed after Hills and Armitage by "
    "t tests on the differences and sums of the two periods' AUCs.",
    "crossover_within_readers": "The two-period crossover within readers was analyzed by one-sample t "
    "tests of each reader's contrasts of AUCs over the two orders.",
    "crossover_mixed_model": "Right calls in the two periods of the crossover were analyzed by a linear "
    "mixed model with random readers and cases, and with random gains of readers and of cases that had both orders.",
}

MODELS: dict[str, str] = {
    "calibration": "Calibration was shown by a lowess curve and by groups of equal size, and summarized "
    "by the integrated calibration index, E50, E90 and Emax, the calibration slope and intercept, "
    "calibration-in-the-large, the Brier score, also scaled, and Spiegelhalter's z.",
    "hosmer_lemeshow": "Goodness of fit was tested by the Hosmer-Lemeshow test over groups cut at "
    "quantiles of the predicted probabilities.",
    "decision_curve": "Net benefit over threshold probabilities was compared with treating all and "
    "treating none, also standardized by the prevalence.",
    "decision_curve_survival": "Net benefit for the event by the stated time used event shares by "
    "Kaplan-Meier and predicted risks of that event alone, and was compared with treating all and treating none.",
    "clinical_impact": "The clinical impact curve gives the number called high risk, and of those the "
    "number with the outcome, scaled to a population, with exact and score intervals.",
    "roc_components": "Sensitivity and false-positive rate are shown against the threshold probability "
    "with exact and score intervals.",
    "nri_categorical": "Net reclassification over risk categories is given for events, for non-events and "
    "in sum, with asymptotic standard errors and Wald intervals.",
    "nri_continuous": "Continuous net reclassification is given for events, for non-events and in sum, "
    "with asymptotic standard errors and Wald intervals.",
    "idi": "The integrated discrimination improvement is the mean rise of the predicted probability in "
    "events less that in non-events, with Wald intervals.",
    "logistic": "Logistic regression was fitted by maximum likelihood, with Wald and profile-likelihood "
    "intervals of the odds ratios, on the development cases where the study names them and else on all; "
    "separation was ruled out by linear programs, and cases that lack a predictor were left out. Where there are other "
    "cohorts, the fitted model was validated on them. Categories were set against the planned reference level, else "
    "the lowest of their declared order, else the first by alphabet.",
    "backward_elimination": "Predictors were removed one at a time, each time the one whose loss lowered "
    "the Akaike information criterion most; intervals and P values take no account of the selection.",
    "nomogram": "The nomogram gives points in proportion to each predictor's effect over its axis, the "
    "largest effect being 100 points.",
}

SURVIVAL: dict[str, str] = {
    "kaplan_meier": "Survival was estimated by the Kaplan-Meier method with Greenwood's standard error; "
    "the interval of the median is where the limits of the curve cross one half.",
    "rmst": "Restricted mean survival time is the area under the Kaplan-Meier curve up to the stated time.",
    "logrank": "Groups were compared by the log-rank test with hypergeometric variance.",
    "logrank_trend": "A trend over ordered groups was tested by the log-rank test for trend.",
    "cox_efron": "Cox proportional-hazards models were fitted with Efron's handling of ties, with Wald "
    "intervals, on the development cases where the study names them and else on all; cases that lack a covariate "
    "were left out, and a covariate that separates the events is reported as not estimable. Where there are other "
    "cohorts, the fitted model was validated on them. Categories were set against the planned reference level, else "
    "the lowest of their declared order, else the first by alphabet.",
    "cox_screen": "Each covariate was fitted alone, then those with a univariate P below the stated "
    "threshold, or declared clinically relevant beforehand, together.",
    "cox_zph": "Proportional hazards were tested by the score test of an interaction of each covariate "
    "with a function of time, and of all together.",
    "cox_baseline_efron": "The cumulative baseline hazard is Efron's estimate.",
    "cox_predicted_survival": "Survival predicted by the Cox model is a step function of time from its "
    "Efron baseline.",
    "survival_calibration": "Calibration of predicted survival was summarized by the coefficient of the linear "
    "predictor in a Cox regression on the validated cases and by the ratio of the Kaplan-Meier risk to the mean "
    "predicted risk.",
    "concordance_harrell": "Discrimination was measured by Harrell's concordance index with the "
    "infinitesimal jackknife.",
    "concordance_uno": "Discrimination was measured by Uno's concordance index, pairs weighted by the "
    "inverse squared probability of being uncensored, with the infinitesimal jackknife.",
    "concordance_harrell_difference": "Two Harrell indices on the same cases were compared by a z test "
    "with the infinitesimal jackknife.",
    "concordance_uno_difference": "Two Uno indices on the same cases were compared by a z test with the "
    "infinitesimal jackknife.",
    "time_roc_ipcw": "Cumulative/dynamic ROC curves at the stated times were weighted by the inverse "
    "probability of censoring, with standard errors from the influence function.",
    "time_auc_difference": "Two time-dependent AUCs on the same cases were compared by a z test from "
    "their influence functions.",
    "brier_ipcw": "The Brier score at the stated time was weighted by the inverse probability of "
    "censoring and set in relation to that of the Kaplan-Meier curve.",
}

TABLES: dict[str, str] = {
    "table_one": "Groups are described by mean and standard deviation or by median and quartiles, and by counts "
    "and shares of those without a missing value; each row is compared by the test that its stated rule chose. "
    "Between cohorts the reference standard is compared too.",
    "chi_square": "Categories were compared by Pearson's chi-square test without continuity correction.",
    "chi_square_yates": "Two-by-two tables were compared by the chi-square test with Yates's continuity "
    "correction.",
    "fisher_exact": "Fisher's exact test, two-sided, was enumerated exactly, also beyond two-by-two tables.",
    "fisher_monte_carlo": "Fisher's test was sampled from tables drawn with the observed margins at a "
    "stated seed.",
    "odds_ratio_conditional": "The conditional odds ratio has an exact interval.",
    "student_t": "Means were compared by Student's t test with one variance.",
    "welch_t": "Means were compared by Welch's t test.",
    "anova": "Means of several groups were compared by one-way analysis of variance.",
    "welch_anova": "Means of several groups were compared by Welch's one-way test.",
    "mann_whitney": "Ranks of two groups were compared by the Wilcoxon-Mann-Whitney test, normal "
    "approximation with tie and continuity correction.",
    "mann_whitney_exact": "Ranks of two small groups without ties were compared by the exact "
    "Wilcoxon-Mann-Whitney test.",
    "kruskal_wallis": "Ranks of several groups were compared by the Kruskal-Wallis test with tie correction.",
    "shapiro_wilk": "Normality within groups was examined by the Shapiro-Wilk test.",
    "levene_median": "Equality of variances was examined by Levene's test about the median.",
    "smd": "Differences of means are also given as standardized mean differences.",
    "smd_categories": "Differences of proportions are also given as standardized mean differences "
    "(Mahalanobis distance).",
    "cramers_v": "The strength of association of categories is given by Cramer's V, also corrected for bias.",
}

# Said only where the resampling was done: these methods give their estimate without one too.
RESAMPLED: dict[str, str] = {
    "partial_auc": "Its intervals are percentile intervals of a seeded bootstrap stratified by class.",
    "decision_curve": "Its intervals are pointwise percentile intervals of a seeded bootstrap over cases.",
    "decision_curve_survival": "Its intervals are pointwise percentile intervals of a seeded bootstrap "
    "over cases.",
}
