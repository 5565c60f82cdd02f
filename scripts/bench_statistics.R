# Rscript bench_statistics.R delong|bootstrap SCORES.csv ROUNDS REPLICATES
# pROC's version, then the seconds of each round, from vectors to the interval; nothing where pROC is not installed.
arguments <- commandArgs(trailingOnly = TRUE)
if (requireNamespace("pROC", quietly = TRUE)) {
  data <- read.csv(arguments[2])
  replicates <- as.integer(arguments[4])
  interval <- function() {
    curve <- pROC::roc(data$truth, data$score, levels = c(0, 1), direction = "<", quiet = TRUE)
    if (arguments[1] == "delong") {
      pROC::ci.auc(curve, method = "delong")
    } else {
      pROC::ci.auc(curve, method = "bootstrap", boot.n = replicates, boot.stratified = TRUE, progress = "none")
    }
  }
  cat(as.character(packageVersion("pROC")), "\n")
  set.seed(1)
  for (round in seq_len(as.integer(arguments[3]))) cat(system.time(interval())[["elapsed"]], "\n")
}
