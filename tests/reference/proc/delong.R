# Reference values of DeLong's AUC interval and paired test by pROC.
# Usage: Rscript delong.R TABLES_DIR   (TABLES_DIR holds multireader/rjafroc_dataset*.csv)
# Writes, beside this script: simulated.csv (input, made here from the seed) and expected.json.
suppressMessages({library(pROC); library(jsonlite)})
options(digits = 17)
tables <- commandArgs(trailingOnly = TRUE)[1]

analyse <- function(truth, a, b) {
  ra <- roc(truth, a, levels = c(0, 1), direction = "<", quiet = TRUE)
  rb <- roc(truth, b, levels = c(0, 1), direction = "<", quiet = TRUE)
  test <- roc.test(ra, rb, method = "delong", paired = TRUE)
  youden <- coords(ra, "best", best.method = "youden", transpose = FALSE)
  list(auc_a = as.numeric(auc(ra)), auc_b = as.numeric(auc(rb)),
       var_a = var(ra, method = "delong"), var_b = var(rb, method = "delong"),
       cov = cov(ra, rb, method = "delong"),
       ci_a = as.numeric(ci.auc(ra, method = "delong"))[c(1, 3)],
       ci_a_90 = as.numeric(ci.auc(ra, method = "delong", conf.level = .9))[c(1, 3)],
       z = as.numeric(test$statistic), p = test$p.value,
       difference_ci = as.numeric(test$conf.int),
       youden = data.frame(sensitivity = youden$sensitivity, specificity = youden$specificity))
}

set.seed(20260301)
n <- 90
truth <- rbinom(n, 1, .35)
latent <- rnorm(n)
simulated <- data.frame(case = sprintf("S-%03d", seq_len(n)), truth = truth,
                        continuous_a = round(1.2 * truth + .6 * latent + rnorm(n), 6),
                        continuous_b = round(.7 * truth + .6 * latent + rnorm(n), 6))
five <- function(x) as.integer(cut(x, c(-Inf, -.5, .3, 1, 1.8, Inf)))
simulated$five_point_a <- five(simulated$continuous_a)
simulated$five_point_b <- five(simulated$continuous_b)
write.csv(simulated, "simulated.csv", row.names = FALSE, quote = FALSE)

expected <- list(versions = list(R = R.version.string, pROC = as.character(packageVersion("pROC"))))
expected$simulated <- list(
  continuous = analyse(simulated$truth, simulated$continuous_a, simulated$continuous_b),
  five_point = analyse(simulated$truth, simulated$five_point_a, simulated$five_point_b),
  mixed = analyse(simulated$truth, simulated$five_point_a, simulated$continuous_b),
  identical = analyse(simulated$truth, simulated$five_point_a, simulated$five_point_a))
# One entry a reader: the first two modalities of each table, as they stand in the file.
for (name in c("dataset08_PENEDO", "dataset10_RUSCHIN", "dataset14_FEDERICA")) {
  table <- read.csv(file.path(tables, "multireader", paste0("rjafroc_", name, "_roc.csv")))
  modalities <- unique(table$modality)[1:2]
  for (reader in unique(table$reader)) {
    rows <- lapply(modalities, function(m) table[table$modality == m & table$reader == reader, ])
    rows <- lapply(rows, function(d) d[order(d$case), ])
    stopifnot(identical(rows[[1]]$case, rows[[2]]$case))
    entry <- analyse(rows[[1]]$truth, rows[[1]]$rating, rows[[2]]$rating)
    expected$rjafroc[[name]][[as.character(reader)]] <- c(list(modalities = as.character(modalities)), entry)
  }
}
write_json(expected, "expected.json", digits = I(17), auto_unbox = TRUE, pretty = TRUE)
