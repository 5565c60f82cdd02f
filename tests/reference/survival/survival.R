# Reference values of survival analysis by survival, and of the IPCW time-dependent ROC by timeROC.
# Usage: Rscript survival.R TIMEROC_DIR   (TIMEROC_DIR is the R/ folder of timeROC 0.4.1's source)
# Writes simulated.csv and expected.json beside this script. timeROC asks pec for the weights; pec itself asks
# prodlim, which is what `ipcw` below does.
suppressMessages({library(survival); library(jsonlite); library(prodlim)})
options(digits = 17)
source_dir <- commandArgs(trailingOnly = TRUE)[1]

set.seed(20240511)
n <- 120
age <- round(rnorm(n, 62, 9)); ulcer <- rbinom(n, 1, 0.4); cea <- round(exp(rnorm(n, 1.2, 0.8)), 1)
stage <- sample(c("T2", "T3", "T4"), n, TRUE, c(0.25, 0.5, 0.25)); center <- sample(c("A", "B"), n, TRUE)
lp <- 0.03 * (age - 62) + 0.6 * ulcer + 0.08 * cea + 0.5 * (stage == "T4")
death <- rexp(n, 0.02 * exp(lp)); cens <- runif(n, 6, 72)
exact <- round(pmin(death, cens), 6); event <- as.integer(death <= cens)
month <- pmax(1, round(exact / 2) * 2)                   # many ties, between events and censorings too
score <- round(lp + rnorm(n), 6); grade <- pmin(5, pmax(1, round(3 + lp + rnorm(n))))
data <- data.frame(case = sprintf("C%03d", seq_len(n)), month, exact, event, age, ulcer, cea, stage, center, score, grade)
stopifnot(!anyDuplicated(exact))
write.csv(data, "simulated.csv", row.names = FALSE, quote = FALSE)

km <- function(f, at, tau) {
  log <- summary(survfit(f, data, conf.type = "log")); ll <- summary(survfit(f, data, conf.type = "log-log"))
  narrow <- survfit(f, data, conf.type = "log-log", conf.int = 0.9)
  rmean <- summary(survfit(f, data), rmean = tau)$table
  list(time = log$time, at_risk = log$n.risk, survival = log$surv, se = log$std.err, log_low = log$lower,
       log_high = log$upper, loglog_low = ll$lower, loglog_high = ll$upper,
       median = unname(c(ll$table["median"], ll$table["0.95LCL"], ll$table["0.95UCL"])),
       median_log = unname(c(log$table["median"], log$table["0.95LCL"], log$table["0.95UCL"])),
       median_90 = unname(c(summary(narrow)$table["median"], summary(narrow)$table["0.9LCL"],
                            summary(narrow)$table["0.9UCL"])),
       at = at, at_survival = summary(survfit(f, data), times = at)$surv,
       at_n = summary(survfit(f, data), times = at)$n.risk,
       tau = tau, rmean = unname(rmean["rmean"]), rmean_se = unname(rmean["se(rmean)"]))
}
expected <- list(versions = list(R = R.version.string, survival = as.character(packageVersion("survival")),
                                 prodlim = as.character(packageVersion("prodlim")), timeROC = "0.4.1"))
expected$km <- list(month = km(Surv(month, event) ~ 1, c(0, 12, 24, 36, 48), 36),
                    exact = km(Surv(exact, event) ~ 1, c(0, 12, 24, 36, 48), 48.5))

rank_test <- function(f, rho = 0) {
  fit <- survdiff(f, data, rho = rho)
  sums <- function(x) if (is.matrix(x)) rowSums(x) else as.numeric(x)
  list(chisq = fit$chisq, p = fit$pvalue, observed = sums(fit$obs), expected = sums(fit$exp), var = fit$var)
}
trend <- function(r, s) sum(s * (r$observed - r$expected))^2 / drop(s %*% r$var %*% s)
expected$logrank <- list(two = rank_test(Surv(month, event) ~ ulcer), three = rank_test(Surv(month, event) ~ stage),
  strata = rank_test(Surv(month, event) ~ stage + strata(center)), peto = rank_test(Surv(month, event) ~ stage, rho = 1),
  half = rank_test(Surv(month, event) ~ ulcer + strata(center), rho = 0.5))
expected$trend <- list(plain = trend(expected$logrank$three, 1:3), strata = trend(expected$logrank$strata, c(0, 1, 3)),
  score_test = coxph(Surv(exact, event) ~ as.integer(factor(stage)), data)$score)

cox <- function(f, newdata, at) {
  fit <- coxph(f, data, ties = "efron", control = coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 60)); s <- summary(fit)
  curve <- survfit(fit, newdata = newdata); zph <- function(tr) cox.zph(fit, transform = tr)$table
  list(coef = unname(coef(fit)), se = unname(s$coefficients[, "se(coef)"]), p = unname(s$coefficients[, "Pr(>|z|)"]),
       low = unname(s$conf.int[, 3]), high = unname(s$conf.int[, 4]), loglik = fit$loglik, lrt = unname(s$logtest),
       wald = unname(fit$wald.test), score = unname(s$sctest), aic = AIC(fit), concordance = unname(s$concordance),
       var = unname(fit$var), zph_km = unname(zph("km")), zph_identity = unname(zph("identity")),
       zph_rank = unname(zph("rank")), zph_log = unname(zph("log")),
       schoenfeld = unname(residuals(fit, "schoenfeld")),
       at = at, predicted = unname(t(summary(curve, times = at)$surv)))
}
profile <- data.frame(age = c(50, 70), ulcer = c(0, 1), cea = c(2.5, 9), stage = c("T2", "T4"))
expected$cox <- list(month = cox(Surv(month, event) ~ age + ulcer + cea + stage, profile, c(5, 12, 25, 36)),
                     exact = cox(Surv(exact, event) ~ age + ulcer + cea + stage, profile, c(5, 12, 25, 36)),
                     one = cox(Surv(month, event) ~ ulcer, profile, c(5, 12)))

pack <- function(f, ...) {
  fit <- concordance(f, data, reverse = TRUE, ...)
  list(c = unname(fit$concordance), se = sqrt(unname(fit$var)), count = unname(fit$count))
}
both <- function(time, ...) {
  f <- as.formula(sprintf("Surv(%s, event) ~ score", time)); g <- as.formula(sprintf("Surv(%s, event) ~ grade", time))
  d1 <- concordance(f, data, reverse = TRUE, influence = 1, ...)$dfbeta
  d2 <- concordance(g, data, reverse = TRUE, influence = 1, ...)$dfbeta
  list(score = pack(f, ...), grade = pack(g, ...), difference_se = sqrt(sum((d1 - d2)^2)))
}
expected$concordance <- list(month = both("month"), exact = both("exact"), tau = 36,
  month_uno = both("month", timewt = "n/G2", ymax = 36), exact_uno = both("exact", timewt = "n/G2", ymax = 36),
  month_uno_all = both("month", timewt = "n/G2"))

brier <- function(t) {
  efron <- coxph(Surv(month, event) ~ age + ulcer + cea + stage, data)
  # The Breslow fit alone takes Kaplan-Meier for its null curve.
  breslow <- coxph(Surv(month, event) ~ age + ulcer + cea + stage, data, ties = "breslow")
  list(time = t, model = unname(survival:::brier(efron, t)$brier[, 2]),
       null = unname(survival:::brier(breslow, t)$brier[, 1]))
}
expected$brier <- list(brier(13), brier(25), brier(37))

ipcw <- function(formula, data, method, times, subjectTimes, subjectTimesLag) {
  fit <- prodlim::prodlim(formula, data, reverse = TRUE)
  list(IPCW.times = as.numeric(predict(fit, times = times, level.chaos = 1, mode = "matrix", type = "surv")),
       IPCW.subjectTimes = prodlim::predictSurvIndividual(fit, lag = subjectTimesLag), method = method, times = times)
}
pec <- NULL
for (file in list.files(source_dir, "\\.R$", full.names = TRUE))
  eval(parse(text = gsub("pec::ipcw", "ipcw", readLines(file), fixed = TRUE)))
troc <- function(time, marker, at) {
  fit <- timeROC(data[[time]], data$event, data[[marker]], cause = 1, times = at, iid = TRUE)
  list(auc = unname(fit$AUC), se = unname(fit$inference$vect_sd_1), cases = unname(fit$Stats[, 1]),
       controls = unname(fit$Stats[, 2]), fp = unname(fit$FP[, 1]), tp = unname(fit$TP[, 1]), fit = fit)
}
at <- c(12, 24.5, 36)
pair <- function(time, at) {
  a <- troc(time, "score", at); b <- troc(time, "grade", at)
  diff <- apply(a$fit$inference$mat_iid_rep_1 - b$fit$inference$mat_iid_rep_1, 2, sd) / sqrt(n)
  list(at = at, score = a[names(a) != "fit"], grade = b[names(b) != "fit"], difference_se = unname(diff))
}
# With tied times only the AUC is asked of timeROC, at times that are nobody's: its iid terms depend on the row order.
expected$time_roc <- list(exact = pair("exact", at), month = pair("month", c(13, 25, 37)))

write_json(expected, "expected.json", digits = I(17), auto_unbox = TRUE, pretty = FALSE)
