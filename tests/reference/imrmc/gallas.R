# Reference values of iMRMC 2.1.0 (R, the package's own sources) for the U-statistics of Gallas.
# Run inside this folder: Rscript gallas.R IMRMC_R_FOLDER TABLES_DIR
# IMRMC_R_FOLDER holds the package's R files (github.com/DIDSR/iMRMC, Rpackage/iMRMC/R); TABLES_DIR as for the others.
suppressMessages(library(jsonlite))
folder <- commandArgs(TRUE)[1]; tables <- commandArgs(TRUE)[2]
for (f in c("doAUCMRMC.R", "utilityFunctions.R")) source(file.path(folder, f))

set.seed(406)
simulate <- function(readers, negatives, positives, round_to) {
  cases <- data.frame(case = sprintf("c%03d", seq_len(negatives + positives)), truth = rep(0:1, c(negatives, positives)))
  out <- expand.grid(case = cases$case, reader = paste0("r", readers), modality = c("A", "B"), stringsAsFactors = FALSE)
  k <- match(out$case, cases$case); out$truth <- cases$truth[k]
  effect <- rnorm(nrow(cases), 0, 0.6)[k] + rnorm(length(readers), 0, 0.3)[match(out$reader, paste0("r", readers))] +
    rnorm(nrow(cases) * 2, 0, 0.4)[k + nrow(cases) * (out$modality == "B")]
  out$rating <- round((out$truth * ifelse(out$modality == "A", 1.1, 1.6) + effect + rnorm(nrow(out), 0, 0.7)) / round_to) * round_to
  out
}
crossed <- simulate(1:4, 30, 24, 0.5)
crossed$gap <- 0; crossed$gap[sample(nrow(crossed), 60)] <- 1
gaps <- crossed[crossed$gap == 0, ]
nested <- crossed[(crossed$modality == "A") == (crossed$reader %in% c("r1", "r2")), ]
number <- as.integer(substr(crossed$case, 2, 4))
split <- crossed[(crossed$reader %in% c("r1", "r2")) == (number %% 2 == 0), ]
designs <- list(crossed = crossed, gaps = gaps, readers_nested = nested, split_plot = split)
write.csv(crossed, "crossed.csv", row.names = FALSE, quote = FALSE)

federica <- read.csv(file.path(tables, "multireader", "rjafroc_dataset14_FEDERICA_roc.csv"), colClasses = c(modality = "character"))
penedo <- read.csv(file.path(tables, "multireader", "rjafroc_dataset08_PENEDO_roc.csv"), colClasses = c(modality = "character"))
penedo <- penedo[penedo$modality %in% c("0", "1", "2"), ]

analyze <- function(d) {
  truth <- unique(data.frame(readerID = "truth", caseID = as.character(d$case), modalityID = "truth", score = d$truth))
  reads <- data.frame(readerID = as.character(d$reader), caseID = as.character(d$case), modalityID = d$modality, score = d$rating)
  ours <- doAUCmrmc(rbind(truth, reads))
  u <- ours$Ustat.full
  rows <- lapply(seq_len(nrow(u)), function(i) with(u[i, ], list(
    a = as.character(modalityID.1), b = as.character(modalityID.2), auc_a = AUC.1, auc_b = AUC.2, covariance = covAUC,
    covariance_biased = covAUC.biased, df = dfBDG, variance_difference = varAUC1minusAUC2, df_difference = dfBDG.diff,
    low = botCIBDG, high = topCIBDG, p = pValueBDG,
    moments = as.numeric(u[i, paste0("M", 1:8)]), biased = as.numeric(u[i, paste0("M", 1:8, ".b")]),
    coefficients = as.numeric(u[i, paste0("M", 1:8, ".coeff")]),
    components = as.numeric(u[i, paste0("BCK.", c("N", "D", "ND", "R", "NR", "DR", "RND"))]))))
  r <- ours$perReader.full
  same <- as.character(r$readerID.1) == as.character(r$readerID.2) & as.character(r$modalityID.1) == as.character(r$modalityID.2)
  list(rows = rows, readers = lapply(which(same), function(i) list(reader = as.character(r$readerID.1[i]),
       modality = as.character(r$modalityID.1[i]), auc = r$AUC.1[i], variance = r$covAUC[i])))
}
expected <- lapply(c(designs, list(FEDERICA = federica, PENEDO = penedo)), analyze)
expected$versions <- list(R = R.version.string, iMRMC = "2.1.0")
write_json(expected, "expected.json", digits = 15, auto_unbox = TRUE, pretty = FALSE, na = "null")
