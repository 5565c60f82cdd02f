# Reference values of agreement among raters, intraclass correlation and Bland-Altman analysis.
# Usage: Rscript agreement.R IRRCAC_DIR IRR_DIR EPIR_DIR
# The three folders are source trees of irrCAC 1.0, irr 0.84.1 and epiR 2.0.94, which are not needed as packages;
# psych 2.2.9 and jsonlite are installed ones. Writes ratings.csv, measurements.csv, pairs.csv, replicates.csv
# (all simulated here) and expected.json beside this script. The packages' rounding is switched off.
suppressMessages({library(psych); library(jsonlite)})
options(digits = 17, warn = 1)
folders <- commandArgs(trailingOnly = TRUE)
round <- function(x, ...) x
trim <- function(x) gsub("^\\s+|\\s+$", "", x)
for (file in c("weights.gen.r", "agree.coeff3.raw.r")) source(file.path(folders[1], "R", file))
for (file in c("icc.R", "kappam.fleiss.R")) source(file.path(folders[2], "R", file))
source(file.path(folders[3], "R", "epi.ccc.R"))

set.seed(20)
n <- 40; r <- 5
# --- ratings on 1..5, of which 4 is never used; with gaps, a case with one rating, a rater who read half
latent <- rnorm(n)
score <- sapply(1:r, function(j) findInterval(latent + rnorm(n, 0.1 * j, 0.6), c(-1, 0, 0.8, 0.8000001)) + 1)
score[score == 4] <- 5
complete <- score
score[matrix(runif(n * r) < 0.12, n)] <- NA
score[21:40, 5] <- NA
score[7, ] <- c(NA, NA, 3, NA, NA)
rownames(score) <- rownames(complete) <- sprintf("case%02d", 1:n)
colnames(score) <- colnames(complete) <- paste0("reader", 1:r)
keep <- function(x, name) write.csv(data.frame(case = rownames(x), x), name, row.names = FALSE, na = "")
keep(score, "ratings.csv"); keep(complete, "ratings_complete.csv")
scale <- 1:5
row <- function(est) {
  ci <- as.numeric(strsplit(gsub("[() ]", "", est$conf.int), ",")[[1]])
  list(estimate = est$coeff.val, se = est$coeff.se, observed = est$pa, chance = est$pe, ci = ci, p = est$p.value)
}
functions <- list(percent_agreement = pa.coeff.raw, brennan_prediger = bp.coeff.raw, fleiss_kappa = fleiss.kappa.raw,
                  conger_kappa = conger.kappa.raw, gwet_ac = gwet.ac1.raw)
expected <- list(versions = list(R = R.version.string, psych = as.character(packageVersion("psych")),
                                 irrCAC = "1.0", irr = "0.84.1", epiR = "2.0.94"))
for (weights in c("unweighted", "linear", "quadratic", "ordinal")) for (data in c("gaps", "complete")) {
  x <- if (data == "gaps") score else complete
  expected$irrCAC[[data]][[weights]] <-
    lapply(functions, function(f) row(f(x, weights = weights, categ.labels = scale)$est))
}
for (level in c("unweighted", "quadratic", "ratio"))
  expected$krippendorff[[level]] <- row(krippen.alpha.raw(score, weights = level, categ.labels = scale)$est)
f <- kappam.fleiss(complete, detail = TRUE)
expected$fleiss <- list(kappa = f$value, z = f$statistic, p = f$p.value, categories = rownames(f$detail),
                        by_category = unname(f$detail[, 1]), z_by_category = unname(f$detail[, 2]))

# --- measurements, 30 cases x 4 raters with systematic differences
m <- 30
base <- rnorm(m, 12, 3)
measured <- sapply(1:4, function(j) base + 0.4 * j + rnorm(m, 0, 0.8 + 0.1 * j))
rownames(measured) <- sprintf("case%02d", 1:m); colnames(measured) <- paste0("reader", 1:4)
keep(measured, "measurements.csv")
p <- ICC(measured, lmer = FALSE)$results
expected$psych_icc <- lapply(seq_len(nrow(p)), function(i) list(type = as.character(p$type[i]), icc = p$ICC[i], f = p$F[i],
  df1 = p$df1[i], df2 = p$df2[i], p = p$p[i], low = p$"lower bound"[i], high = p$"upper bound"[i]))
entry <- function(...) { i <- icc(measured, ...); list(icc = i$value, low = i$lbound, high = i$ubound, f = i$Fvalue,
                                                       df1 = i$df1, df2 = i$df2, p = i$p.value) }
expected$irr_icc <- list(
  "ICC(1)" = entry("oneway", unit = "single", r0 = 0.3), "ICC(k)" = entry("oneway", unit = "average", r0 = 0.3),
  "ICC(C,1)" = entry("twoway", "consistency", "single", r0 = 0.3),
  "ICC(C,k)" = entry("twoway", "consistency", "average", r0 = 0.3),
  "ICC(A,1)" = entry("twoway", "agreement", "single", r0 = 0.3),
  "ICC(A,k)" = entry("twoway", "agreement", "average", r0 = 0.3))

# --- Bland-Altman of reader 1 minus reader 2
a <- measured[, 1]; b <- measured[, 2]; d <- a - b
t <- t.test(d); s <- sd(d); z <- qnorm(0.975); line <- summary(lm(d ~ I((a + b) / 2)))$coefficients
exact <- function(side) mean(d) + qt(c(0.025, 0.975), m - 1, ncp = side * z * sqrt(m)) * s / sqrt(m)
approx <- function(side) mean(d) + side * z * s + c(-1, 1) * qt(0.975, m - 1) * s * sqrt(1 / m + z^2 / (2 * (m - 1)))
expected$bland_altman <- list(bias = mean(d), bias_ci = as.numeric(t$conf.int), p = t$p.value, sd = s,
  lower = mean(d) - z * s, upper = mean(d) + z * s, lower_exact = exact(-1), upper_exact = exact(1),
  lower_approximate = approx(-1), upper_approximate = approx(1), intercept = line[1, 1], slope = line[2, 1],
  slope_se = line[2, 2], slope_t = line[2, 3], slope_p = line[2, 4])
ccc <- epi.ccc(a, b); plain <- epi.ccc(a, b, ci = "asymptotic")$rho.c
expected$ccc <- list(ccc = ccc$rho.c$est, low = ccc$rho.c$lower, high = ccc$rho.c$upper, bias_correction = ccc$C.b,
  se = (plain$upper - plain$lower) / (2 * qnorm(0.975)), location_shift_b_minus_a = ccc$l.shift, scale_shift_b_over_a = ccc$s.shift)

# --- repeated measures: pairs of 12 cases, 3 to 6 each; unpaired replicates of both methods
sizes <- c(3, 6, 4, 5, 6, 3, 4, 5, 5, 4, 6, 3)
case <- rep(sprintf("case%02d", seq_along(sizes)), sizes)
shift <- rep(rnorm(12, 0.5, 0.7), sizes)
pairs <- data.frame(case = case, a = rnorm(length(case), 5, 1)); pairs$b <- pairs$a - shift + rnorm(length(case), 0, 0.4)
write.csv(pairs, "pairs.csv", row.names = FALSE)
pairs <- read.csv("pairs.csv"); pairs$d <- pairs$a - pairs$b
fit <- anova(lm(d ~ factor(case), pairs)); ms <- fit$"Mean Sq"; df <- fit$Df
N <- nrow(pairs); k <- length(sizes); m0 <- (N - sum(sizes^2) / N) / (k - 1)
between <- (ms[1] - ms[2]) / m0
limits <- function(bias, se, parts, k, z = qnorm(0.975)) { # parts: columns weight, mean square, df
  v <- sum(parts[, 1] * parts[, 2])
  low <- v - sqrt(sum((parts[, 1] * parts[, 2] * (1 - parts[, 3] / qchisq(0.975, parts[, 3])))^2))
  high <- v + sqrt(sum((parts[, 1] * parts[, 2] * (parts[, 3] / qchisq(0.025, parts[, 3]) - 1))^2))
  margin <- qt(0.975, k - 1) * se
  out <- sqrt(margin^2 + z^2 * (sqrt(high) - sqrt(v))^2); inn <- sqrt(margin^2 + z^2 * (sqrt(v) - sqrt(low))^2)
  list(bias = bias, bias_ci = bias + c(-1, 1) * margin, sd = sqrt(v), lower = bias - z * sqrt(v), upper = bias + z * sqrt(v),
       lower_ci = bias - z * sqrt(v) + c(-out, inn), upper_ci = bias + z * sqrt(v) + c(-inn, out))
}
expected$pairs <- c(limits(mean(pairs$d), sqrt(between * sum((sizes / N)^2) + ms[2] / N),
                           rbind(c(1 / m0, ms[1], df[1]), c(1 - 1 / m0, ms[2], df[2])), k),
                    list(between = between, within = ms[2],
                         epiR_sd = epi.ccc(pairs$a, pairs$b, rep.measure = TRUE, subjectid = pairs$case)$sblalt$delta.sd))
truth <- rnorm(12, 6, 1)
long <- function(sizes, bias, sd) { case <- rep(seq_along(sizes), sizes)
  data.frame(case = sprintf("case%02d", case), y = truth[case] + bias + rnorm(length(case), 0, sd)) }
one <- long(sizes, 0, 0.5); two <- long(rev(sizes), 0.6, 0.3)
write.csv(rbind(cbind(method = "a", one), cbind(method = "b", two)), "replicates.csv", row.names = FALSE)
both <- read.csv("replicates.csv")
side <- function(x) { g <- both[both$method == x, ]; w <- anova(lm(y ~ factor(case), g))
  list(mean = tapply(g$y, g$case, mean), within = w$"Mean Sq"[2], df = w$Df[2], share = 1 - mean(1 / table(g$case))) }
x <- side("a"); y <- side("b"); dm <- x$mean - y$mean
expected$replicates <- c(limits(mean(dm), sd(dm) / sqrt(12), rbind(c(1, var(dm), 11), c(x$share, x$within, x$df),
                                c(y$share, y$within, y$df)), 12), list(within_a = x$within, within_b = y$within))
g <- both[both$method == "a", ]
cv <- tapply(g$y, g$case, function(v) var(v) / mean(v)^2)
expected$repeatability <- list(sd = sqrt(x$within), ci = sqrt(x$within * x$df / qchisq(c(0.975, 0.025), x$df)),
                               coefficient = sqrt(2) * qnorm(0.975) * sqrt(x$within), cv = sqrt(mean(cv)))
write_json(expected, "expected.json", digits = I(17), auto_unbox = TRUE, pretty = TRUE)
