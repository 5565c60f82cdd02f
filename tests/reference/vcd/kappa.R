# Reference values of Cohen's kappa with large-sample standard errors by vcd.
# Usage: Rscript kappa.R TABLES_DIR   (TABLES_DIR holds agreement/ and multireader/)
# Writes expected.json beside this script.
suppressMessages({library(vcd); library(jsonlite)})
options(digits = 17)
tables <- commandArgs(trailingOnly = TRUE)[1]

# vcd takes weights "Equal-Spacing" (linear) and "Fleiss-Cohen" (quadratic); both return the unweighted too.
analyse <- function(x) {
  k1 <- Kappa(x, weights = "Equal-Spacing"); k2 <- Kappa(x, weights = "Fleiss-Cohen")
  entry <- function(k, which) list(kappa = k[[which]][["value"]], se = k[[which]][["ASE"]],
                                   ci = as.numeric(confint(k)[which, ]))
  list(n = sum(x), unweighted = entry(k1, "Unweighted"), linear = entry(k1, "Weighted"),
       quadratic = entry(k2, "Weighted"))
}

expected <- list(versions = list(R = R.version.string, vcd = as.character(packageVersion("vcd"))))
expected$sexual_fun <- analyse(SexualFun)
# The third category is used by neither rater: the weights still span four steps.
gap <- matrix(c(12, 3, 0, 1, 0,  2, 9, 0, 4, 0,  0, 0, 0, 0, 0,  1, 2, 0, 11, 3,  0, 1, 0, 2, 8), 5, byrow = TRUE)
expected$unused_category <- c(list(table = gap), analyse(gap))
vision <- read.csv(file.path(tables, "agreement", "irr_vision.csv"), check.names = FALSE)
grades <- sort(unique(c(vision$r.eye, vision$l.eye)))
expected$vision <- c(list(grades = grades),
                     analyse(table(factor(vision$r.eye, grades), factor(vision$l.eye, grades))))
roc <- read.csv(file.path(tables, "multireader", "rjafroc_dataset14_FEDERICA_roc.csv"))
first <- roc[roc$modality == unique(roc$modality)[1], ]
readers <- sort(unique(first$reader))
for (i in seq_along(readers)) for (j in seq_along(readers)) if (i < j) {
  a <- first[first$reader == readers[i], ]; b <- first[first$reader == readers[j], ]
  a <- a[order(a$case), ]; b <- b[order(b$case), ]
  pair <- table(factor(a$rating, 1:6), factor(b$rating, 1:6))
  expected$federica[[paste(readers[i], readers[j])]] <- analyse(pair)
}
write_json(expected, "expected.json", digits = I(17), auto_unbox = TRUE, pretty = TRUE)
