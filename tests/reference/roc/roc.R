# Reference values of the ROC functions beyond DeLong's interval and paired test.
# Usage: Rscript roc.R DOAUCCLUSTER_R DTCOMPAIR_R
#   DOAUCCLUSTER_R  R/doAUCcluster.R of github.com/DIDSR/mitoticFigureCounts at 5675b0b (after the program of
#                   the Cleveland Clinic for Obuchowski 1997)
#   DTCOMPAIR_R     R/DTComPair.R of github.com/chstock/DTComPair at c0ec3a0 (version 1.2.6)
# Both stay outside this repository. Reads ../proc/simulated.csv; writes second.csv, clustered.csv, expected.json.
suppressMessages({library(pROC); library(jsonlite); library(numDeriv)})
options(digits = 17)
files <- commandArgs(trailingOnly = TRUE)
for (file in files) source(file)
assert_that <- stopifnot # DTComPair takes it from the package assertthat
curve <- function(truth, x) roc(truth, x, levels = c(0, 1), direction = "<", quiet = TRUE)
first <- read.csv("../proc/simulated.csv")

set.seed(20261121)
n <- 70
second <- data.frame(case = sprintf("T-%03d", seq_len(n)), truth = rbinom(n, 1, .45))
second$score <- round(.8 * second$truth + rnorm(n), 2)
second$five_point <- as.integer(cut(second$score, c(-Inf, -.5, .3, 1, 1.8, Inf)))
write.csv(second, "second.csv", row.names = FALSE, quote = FALSE)

sizes <- sample(1:4, 40, replace = TRUE)
patient <- rep(seq_along(sizes), sizes)
shared <- rnorm(length(sizes))[patient]
clustered <- data.frame(patient = sprintf("P-%02d", patient), truth = rbinom(length(patient), 1, plogis(shared - .4)))
latent <- 1.1 * clustered$truth + .7 * shared
clustered$continuous <- round(latent + rnorm(length(patient)), 4)
clustered$five_point <- as.integer(cut(latent + rnorm(length(patient)), c(-Inf, -.5, .3, 1, 1.8, Inf)))
write.csv(clustered, "clustered.csv", row.names = FALSE, quote = FALSE)

unpaired <- function(x, y) {
  test <- roc.test(curve(first$truth, x), curve(second$truth, y), method = "delong", paired = FALSE)
  list(t = as.numeric(test$statistic), df = as.numeric(test$parameter), p = test$p.value)
}

logit_ci <- function(r, level) {
  l <- qlogis(as.numeric(auc(r))); se <- sqrt(var(r, method = "delong")) / (as.numeric(auc(r)) * (1 - as.numeric(auc(r))))
  plogis(l + c(-1, 1) * qnorm(.5 + level / 2) * se)
}

ranges <- list(c(1, .9), c(.9, .7), c(.955, .951), c(1, 0), c(.8, .2))
partials <- function(r) {
  rows <- list()
  for (range in ranges) for (focus in c("specificity", "sensitivity")) {
    raw <- auc(r, partial.auc = range, partial.auc.focus = focus)
    fair <- suppressWarnings(auc(r, partial.auc = range, partial.auc.focus = focus, partial.auc.correct = TRUE))
    rows[[length(rows) + 1]] <- list(low = range[2], high = range[1], focus = focus, raw = as.numeric(raw),
                                     corrected = if (is.na(fair)) NULL else as.numeric(fair))
  }
  rows
}

best <- function(r, method) {
  at <- coords(r, "best", best.method = method, transpose = FALSE)
  data.frame(sensitivity = at$sensitivity, specificity = at$specificity)
}

binormal <- function(negative, positive) {
  k <- length(negative)
  value <- function(p) {
    cuts <- p[3] + c(0, cumsum(exp(p[-(1:3)])))
    F0 <- c(0, pnorm(cuts), 1); F1 <- c(0, pnorm(p[2] * cuts - p[1]), 1)
    -sum(negative * log(diff(F0))) - sum(positive * log(diff(F1)))
  }
  plain <- function(p) {
    F0 <- c(0, pnorm(p[-(1:2)]), 1); F1 <- c(0, pnorm(p[2] * p[-(1:2)] - p[1]), 1)
    -sum(negative * log(diff(F0))) - sum(positive * log(diff(F1)))
  }
  share <- cumsum(negative + .5) / sum(negative + .5)
  start <- qnorm(share[-k])
  p <- c(1, 1, start[1], log(pmax(diff(start), .05)))
  for (i in 1:4) p <- optim(p, value, method = "BFGS", control = list(reltol = 1e-16, maxit = 5000))$par
  p <- c(p[1:3], p[3] + cumsum(exp(p[-(1:3)])))
  for (i in 1:4) p <- p - solve(hessian(plain, p), grad(plain, p))
  covariance <- solve(hessian(plain, p))
  area <- pnorm(p[1] / sqrt(1 + p[2]^2))
  slope <- dnorm(p[1] / sqrt(1 + p[2]^2)) * c(1 / sqrt(1 + p[2]^2), -p[1] * p[2] / (1 + p[2]^2)^1.5)
  list(negative = negative, positive = positive, a = p[1], b = p[2], cuts = p[-(1:2)], auc = area,
       se_a = sqrt(covariance[1, 1]), se_b = sqrt(covariance[2, 2]), cov_ab = covariance[1, 2],
       se_auc = sqrt(c(slope %*% covariance[1:2, 1:2] %*% slope)), log_likelihood = -plain(p))
}

cluster <- function(a, b = NULL) {
  r <- doAUCcluster(a, b, response = clustered$truth, clusterID = clustered$patient)
  as.list(r)
}

predictive <- function(diseased, healthy) {
  tab <- read.tab.paired(diseased[1], diseased[2], diseased[3], diseased[4],
                         healthy[1], healthy[2], healthy[3], healthy[4])
  weighted <- pv.wgs(tab); relative <- pv.rpv(tab)
  short <- function(w, r) list(test1 = unname(w["test1"]), test2 = unname(w["test2"]), statistic = unname(w["test.statistic"]),
                               p = unname(w["p.value"]), ratio_2_to_1 = unname(r[3]), se_log = unname(r[4]),
                               low = unname(r[5]), high = unname(r[6]), ratio_p = unname(r[8]))
  list(diseased = diseased, healthy = healthy, ppv = short(weighted$ppv, relative$ppv),
       npv = short(weighted$npv, relative$npv))
}

one_test <- function(tp, fn, fp, tn) {
  a <- acc.1test(read.tab.1test(tp, fp, fn, tn))
  list(tp = tp, fn = fn, fp = fp, tn = tn, pdlr = as.list(a$pdlr), ndlr = as.list(a$ndlr),
       ppv = unname(a$ppv["est"]), npv = unname(a$npv["est"]))
}

boot <- function() {
  set.seed(1)
  r <- curve(first$truth, first$continuous_a); s <- curve(first$truth, first$continuous_b)
  test <- roc.test(r, s, method = "bootstrap", boot.n = 20000, boot.stratified = TRUE, progress = "none")
  partial <- function(...) roc(first$truth, first$continuous_a, levels = c(0, 1), direction = "<", quiet = TRUE,
                              auc = TRUE, partial.auc = c(1, .8), ...)
  list(auc_ci = as.numeric(ci.auc(r, method = "bootstrap", boot.n = 20000, progress = "none"))[c(1, 3)],
       difference_z = as.numeric(test$statistic), difference_p = test$p.value,
       partial_ci = as.numeric(ci.auc(partial(), method = "bootstrap", boot.n = 20000, progress = "none"))[c(1, 3)],
       partial_corrected_ci = as.numeric(suppressWarnings(ci.auc(partial(partial.auc.correct = TRUE),
         method = "bootstrap", boot.n = 20000, progress = "none")))[c(1, 3)],
       se_at = {x <- ci.se(r, specificities = c(.6, .8, .9), boot.n = 20000, progress = "none")
                list(specificity = c(.6, .8, .9), low = unname(x[, 1]), high = unname(x[, 3]))})
}

runs <- function(truth, x) {
  levels <- sort(unique(x))
  n0 <- sapply(levels, function(l) sum(truth == 0 & x == l)); n1 <- sapply(levels, function(l) sum(truth == 1 & x == l))
  list(negative = n0, positive = n1)
}

curves <- list(continuous_a = curve(first$truth, first$continuous_a), five_point_a = curve(first$truth, first$five_point_a),
               continuous_b = curve(first$truth, first$continuous_b))
five <- runs(first$truth, first$five_point_a)
expected <- list(
  versions = list(R = R.version.string, pROC = as.character(packageVersion("pROC"))),
  unpaired = list(continuous = unpaired(first$continuous_a, second$score), mixed = unpaired(first$five_point_a, second$five_point)),
  logit = lapply(curves, function(r) list(ci95 = logit_ci(r, .95), ci90 = logit_ci(r, .9))),
  partial = lapply(curves, partials),
  closest = lapply(curves, best, "closest.topleft"),
  binormal = list(
    hanley_mcneil_1982 = binormal(c(33, 6, 6, 11, 2), c(3, 2, 2, 11, 33)),
    six_categories = binormal(c(174, 172, 104, 92, 41, 8), c(46, 57, 66, 101, 154, 173)),
    five_point_a = binormal(five$negative, five$positive),
    three_categories = binormal(c(30, 15, 5), c(6, 14, 20))),
  clustered = list(continuous = cluster(clustered$continuous), five_point = cluster(clustered$five_point),
                   paired = cluster(clustered$continuous, clustered$five_point)),
  predictive = list(predictive(c(60, 12, 21, 9), c(7, 15, 5, 62)), predictive(c(25, 3, 3, 10), c(4, 2, 8, 40))),
  one_test = list(one_test(80, 20, 15, 135), one_test(7, 3, 1, 29)),
  bootstrap = boot())
write_json(expected, "expected.json", digits = I(17), auto_unbox = TRUE, pretty = TRUE, null = "null")
