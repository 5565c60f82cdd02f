# Reference values for the multi-reader tests: pROC 1.18.0 (AUC, DeLong covariances, partial areas) and stats::aov (mean
# squares of every design), on the simulated study in simulated.csv, made here from a fixed seed.
# Run inside this folder: Rscript mrmc.R
suppressMessages({ library(pROC); library(jsonlite) })
RNGversion("4.2.0"); set.seed(20261121)
modalities <- c("m1", "m2", "m3"); readers <- paste0("r", 1:6); n <- 60
truth <- rep(c(1, 0), c(24, 36)); signal <- rnorm(n) + 1.1 * truth
rows <- do.call(rbind, lapply(modalities, function(m) do.call(rbind, lapply(readers, function(r) {
  latent <- signal + rnorm(1, 0, .3) * truth + rnorm(n, 0, .8)
  data.frame(reader = r, modality = m, case = sprintf("c%02d", 1:n), truth = truth,
             rating = if (r %in% c("r1", "r2", "r3")) pmin(pmax(round(2.5 + latent), 1), 5) else round(latent, 3))
}))))
write.csv(rows, "simulated.csv", row.names = FALSE, quote = FALSE)
roc_of <- function(m, r) {
  part <- rows[rows$modality == m & rows$reader == r, ]
  roc(part$truth, part$rating, levels = c(0, 1), direction = "<", quiet = TRUE)
}
area <- function(curve, range, focus, correct) as.numeric(auc(
  curve, partial.auc = range, partial.auc.focus = focus, partial.auc.correct = correct,
  allow.invalid.partial.auc.correct = TRUE))
cells <- expand.grid(reader = readers, modality = modalities, stringsAsFactors = FALSE)
curves <- lapply(seq_len(nrow(cells)), function(i) roc_of(cells$modality[i], cells$reader[i]))
aucs <- sapply(curves, function(x) as.numeric(auc(x)))
delong <- sapply(curves, function(x) sapply(curves, function(y)
  if (identical(x, y)) var(x, method = "delong") else cov(x, y, method = "delong")))
ranges <- list(c(1, .8), c(.9, .55), c(1, 0))
partial <- do.call(rbind, lapply(seq_len(nrow(cells)), function(i) do.call(rbind, lapply(ranges, function(range)
  do.call(rbind, lapply(c("specificity", "sensitivity"), function(focus) data.frame(
    modality = cells$modality[i], reader = cells$reader[i], axis = focus, low = min(range), high = max(range),
    area = area(curves[[i]], range, focus, FALSE),
    standardized = area(curves[[i]], range, focus, TRUE))))))))
data <- data.frame(auc = aucs, m = factor(cells$modality), r = factor(cells$reader),
                   g = factor(ifelse(cells$reader %in% c("r1", "r2"), "a", "b")))
squares <- function(fit) { s <- summary(fit)[[1]]; setNames(as.list(s[["Mean Sq"]]), trimws(rownames(s))) }
one_each <- data[(data$m == "m1" & data$r %in% c("r1", "r2")) | (data$m == "m2" & data$r %in% c("r3", "r4", "r5")) |
                 (data$m == "m3" & data$r == "r6"), ]
noncentral <- expand.grid(df2 = c(3.7, 15, 200), ncp = c(.5, 5, 25), f = c(.5, 4, 9))
noncentral$p <- pf(noncentral$f, 1, noncentral$df2, noncentral$ncp, lower.tail = FALSE)
write_json(list(
  versions = list(R = R.version.string, pROC = as.character(packageVersion("pROC"))),
  cells = cells, auc = aucs, delong = delong, partial = partial,
  crossed = squares(aov(auc ~ m * r, data)),
  split_plot = squares(aov(auc ~ g + m + g:m + g:r + g:m:r, data)),
  nested = squares(aov(auc ~ m + m:r, one_each)),
  noncentral_f = noncentral
), "expected.json", digits = 15, auto_unbox = TRUE, pretty = TRUE)
