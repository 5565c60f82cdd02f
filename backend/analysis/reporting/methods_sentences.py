"""What a journal's methods section says of each method: agreement, accuracy, comparisons of accuracy.

One entry a method key, in the order the section follows. The references are those of the registered
:class:`backend.analysis.methods.Method`; the words here only put its text into sentences.
"""

FLOW: dict[str, str] = {
    "study_flow": "The flow of cases, readers and reads from enrollment to analysis is shown as a diagram "
    "with the reasons for exclusions.",
}

AGREEMENT: dict[str, str] = {
    "kappa_light": "Agreement of all readers together was summarized as the mean of Cohen's kappa over "
    "the pairs of readers (Light's kappa); pairs with a model were averaged apart.",
    "percent_agreement": "Observed agreement is the share of agreeing pairs of ratings.",
    "multirater_agreement": "Agreement of several raters was measured by percent agreement, the "
    "Brennan-Prediger coefficient, Fleiss' and Conger's kappa and Gwet's coefficient over the full "
    "declared scale, with Gwet's linearized standard error over cases and a t interval with n - 1 degrees "
    "of freedom. Cases with one rating count in the shares of the categories only.",
    "fleiss_kappa": "Fleiss' kappa was computed over the full declared scale with Gwet's linearized "
    "standard error; the z test of a kappa of 0 uses the standard error under that hypothesis.",
    "conger_kappa": "Conger's kappa was computed over the full declared scale with Gwet's linearized "
    "standard error.",
    "gwet_ac": "Gwet's coefficient was computed over the full declared scale with its linearized standard "
    "error over cases.",
    "brennan_prediger": "The Brennan-Prediger coefficient, for which chance makes all categories alike, "
    "was computed over the full declared scale with Gwet's linearized standard error.",
    "krippendorff_alpha": "Krippendorff's alpha was computed over the cases with two ratings or more, "
    "with Gwet's standard error (for ordinal data, the jackknife over cases) and a t interval with n - 1 "
    "degrees of freedom.",
    "specific_agreement": "Agreement specific to each category has a delta-method standard error and a "
    "Wald interval; unanimity has exact and score intervals.",
    "icc": "Agreement of measurements was expressed by intraclass correlation coefficients in the forms "
    "of McGraw and Wong, with F intervals and F tests, over the cases that every rater measured; values "
    "were classed after Koo and Li.",
    "bland_altman": "Differences between measurements were described after Bland and Altman by the mean "
    "difference with a t interval and the limits of agreement with approximate and exact intervals; "
    "proportional bias was sought by regression of the difference on the mean.",
    "bland_altman_repeated": "With repeated measurements, limits of agreement were built from the "
    "variance between and within cases, with intervals by recovery of the variance.",
    "ccc_lin": "Concordance was measured by Lin's coefficient with an interval by the inverse hyperbolic "
    "tangent.",
    "repeatability": "Repeatability was expressed by the within-case standard deviation with a chi-square "
    "interval and by the repeatability coefficient.",
    "intra_reader_categories": "Cases that returned to the same reader were compared with that reader's "
    "first read by Cohen's kappa and by the coefficients for several raters over the occasions.",
    "intra_reader_measurements": "Measurements of cases that returned to the same reader were compared "
    "with that reader's first ones by the intraclass correlation for absolute agreement, limits of "
    "agreement and repeatability.",
    "mask_agreement": "Drawn outlines were compared by the Dice and Jaccard coefficients, the Hausdorff "
    "distance and its 95th percentile, the average symmetric surface distance and the surface Dice "
    "coefficient. Pairs of empty outlines have no value.",
    "feature_icc": "The reproducibility of each radiomic feature was expressed by its intraclass "
    "correlation; features above the stated threshold were kept.",
    "feature_selection": "Radiomic features were kept when their intraclass correlation was above the "
    "threshold between readers and within each reader who drew twice.",
    "confusion_matrix": "Answers were cross-tabulated with the reference standard; overall accuracy, and each class "
    "against the rest, are given with exact (Clopper-Pearson) and score (Wilson) intervals.",
}

ACCURACY: dict[str, str] = {
    "auc_delong": "The area under the receiver operating characteristic curve (AUC) was estimated "
    "empirically, ties counting one half, with DeLong's variance and a Wald interval clipped to [0, 1].",
    "auc_delong_scales": "The empirical AUC has DeLong's standard error and two intervals: a Wald "
    "interval clipped to [0, 1], and one built on the log-odds of the area.",
    "auc_delong_logit": "The interval of the empirical AUC was built on the log-odds of the area from "
    "DeLong's variance.",
    "auc_bootstrap": "The AUC was resampled by a bootstrap stratified by class, with percentile intervals "
    "and bias-corrected and accelerated intervals.",
    "auc_clustered": "Where several units came from one patient, the empirical AUC over all units has the "
    "variance between clusters of Obuchowski.",
    "partial_auc": "The partial AUC over the stated range is given raw and with McClish's correction.",
    "binormal_ml": "A binormal curve was fitted to the ratings by maximum likelihood, with standard "
    "errors from the observed information.",
    "roc_hull": "The convex hull of the empirical curve is shown; its area is biased upward.",
    "roc_band_bootstrap": "The band of the curve is the percentile interval of the sensitivity at each "
    "specificity by a stratified bootstrap, pointwise.",
    "roc_average": "The readers' curves were averaged over sensitivity at equal specificity, so that the "
    "area under the average curve is the mean of the readers' areas; its bands come from a bootstrap of "
    "cases with the readers as they are.",
    "operating_point": "Sensitivity and specificity at the declared threshold are observed proportions "
    "with exact (Clopper-Pearson) and score (Wilson) intervals.",
    "operating_table": "Operating points are given with exact and score intervals of proportions, "
    "likelihood ratios with intervals on the log scale, and predictive values by Bayes' theorem with "
    "logit intervals where a prevalence is stated.",
    "clustered_proportion": "Proportions over several units of a patient are ratio estimates with the "
    "variance between clusters and an interval on the log-odds.",
    "youden": "The cut-offs with the largest Youden index were found on the same data and are therefore "
    "optimistic; ties are all listed.",
    "closest_top_left": "The cut-offs closest to the top left corner of the ROC plot were found on the "
    "same data and are therefore optimistic; ties are all listed.",
    "weighted_youden": "The cut-offs of least cost at the stated prevalence and cost ratio were found on "
    "the same data and are therefore optimistic; ties are all listed.",
    "fixed_sensitivity": "The cut-offs of highest specificity that reach the target sensitivity were "
    "found on the same data and are therefore optimistic; ties are all listed.",
    "carried_cutoffs": "Cut-offs of models were found on the development cases alone and applied unchanged to each "
    "other cohort; sensitivity, specificity, accuracy and predictive values there have exact and score intervals "
    "that take the cut-off as given.",
    "fixed_specificity": "The cut-offs of highest sensitivity that reach the target specificity were "
    "found on the same data and are therefore optimistic; ties are all listed.",
}

COMPARISONS: dict[str, str] = {
    "delong_paired": "Two AUCs on the same cases were compared by DeLong's paired z test; cases that lack "
    "either score or the reference standard were left out of that comparison.",
    "delong_unpaired": "AUCs of different cases were compared by a t test on the sum of the two DeLong "
    "variances with Welch's degrees of freedom.",
    "delong_k_curves": "The equality of several AUCs on the same cases was tested by a chi-square test "
    "with DeLong's covariance matrix.",
    "delong_k_samples": "The equality of AUCs of several samples was tested by a chi-square test with "
    "DeLong's variances.",
    "roc_by_group": "AUCs were estimated in each group; groups that share cases were compared by DeLong's "
    "paired test, others by the unpaired test, with P values adjusted by Holm's method over all pairs.",
    "auc_difference_bootstrap": "Differences of AUCs on the same cases were resampled by a stratified "
    "bootstrap of whole cases, with percentile and bias-corrected and accelerated intervals.",
    "partial_auc_difference": "Differences of raw partial AUCs on the same cases were tested against the "
    "standard deviation of their stratified bootstrap replicates.",
    "auc_clustered_paired": "Differences of AUCs of the same clustered units were tested with the "
    "variance between clusters of Obuchowski.",
    "paired_accuracy": "Sensitivity and specificity of two calls on the same cases were compared with the "
    "intervals of Newcombe and of Tango and McNemar's tests, positive and negative cases apart.",
    "paired_proportions": "Paired proportions were compared with the intervals of Newcombe and of Tango "
    "and McNemar's tests.",
    "mcnemar": "McNemar's test (exact, mid-p, plain and with continuity correction) was done on the cases "
    "on which two calls differ.",
    "unpaired_proportions": "Proportions of different cases were compared with Newcombe's hybrid score "
    "interval, Fisher's exact test and Pearson's chi-square test without continuity correction.",
    "cochran_q": "Whether several calls on the same cases are positive equally often was tested by "
    "Cochran's Q.",
    "paired_predictive_values": "Predictive values of two calls on the same cases were compared by the "
    "weighted generalized score test, their ratio with the delta method on the log scale.",
    "predictive_value_wgs": "One predictive value of two calls was compared by the weighted generalized "
    "score test, its ratio with the delta method on the log scale.",
}
