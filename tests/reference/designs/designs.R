# Reference values for paired calls, mixed models, reading time and crossover tests, from data simulated here.
# R 4.2.2 (Debian: r-base, r-cran-nlme, r-cran-sandwich, r-cran-jsonlite). Run inside this folder: Rscript designs.R
suppressMessages({library(nlme); library(sandwich); library(jsonlite)})
set.seed(20250505)

# Paired reads: 4 readers x 60 cases, four of them lost, with times.
pairs <- expand.grid(case = sprintf("c%02d", 1:60), reader = paste0("r", 1:4), stringsAsFactors = FALSE)
hard <- rnorm(60, 0, 1)[match(pairs$case, sprintf("c%02d", 1:60))]
own <- c(0, 0.3, -0.2, 0.5)[match(pairs$reader, paste0("r", 1:4))]
pairs$before <- as.integer(0.4 + own - hard + rnorm(240) > 0)
gain <- c(1.7, 0.2, 1.1, -0.6)[match(pairs$reader, paste0("r", 1:4))]
helped <- rnorm(60, 0, 1.5)[match(pairs$case, sprintf("c%02d", 1:60))]
pairs$after <- as.integer(0.4 + gain + helped + own - hard + rnorm(240) > 0)
pairs$seconds_before <- round(exp(3.5 + 0.2 * own + 0.2 * hard + rnorm(240, 0, 0.4)), 1)
pairs$seconds_after <- round(pairs$seconds_before * exp(-0.15 + rnorm(4, 0, 0.15)[match(pairs$reader, paste0("r", 1:4))] +
  rnorm(60, 0, 0.2)[match(pairs$case, sprintf("c%02d", 1:60))] + rnorm(240, 0, 0.25)), 1)
pairs <- pairs[-c(7, 100, 101, 200), ]
write.csv(pairs, "pairs.csv", row.names = FALSE)

mcnemar <- lapply(split(pairs, pairs$reader), function(d) {
  gained <- sum(d$after > d$before); lost <- sum(d$after < d$before)
  exact <- binom.test(gained, gained + lost)
  list(gained = gained, lost = lost, p_exact = exact$p.value,
       odds_low = exact$conf.int[1] / (1 - exact$conf.int[1]), odds_high = exact$conf.int[2] / (1 - exact$conf.int[2]))
})
long <- data.frame(yes = factor(c(pairs$before, pairs$after)), arm = factor(rep(c("b", "a"), each = nrow(pairs))),
                   stratum = factor(rep(seq_len(nrow(pairs)), 2)))
mh <- mantelhaen.test(table(long$arm, long$yes, long$stratum), exact = TRUE)
changed <- sapply(split(pairs, pairs$reader), function(d) c(sum(d$after > d$before), sum(d$after < d$before)))
homogeneity <- suppressWarnings(chisq.test(changed, correct = FALSE))
pairs$change <- pairs$after - pairs$before
line <- lm(change ~ 1, data = pairs)
by_case <- sqrt(vcovCL(line, cluster = ~case, type = "HC0", cadjust = TRUE)[1, 1])
both <- sqrt(vcovCL(line, cluster = ~ reader + case, type = "HC0", cadjust = TRUE)[1, 1])
tight <- lmeControl(tolerance = 1e-12, msTol = 1e-14, msMaxIter = 500, niterEM = 200, opt = "nlminb", maxIter = 500)

# nlme: crossed effects as blocks within one group.
pairs$log <- log(pairs$seconds_after) - log(pairs$seconds_before)
pairs$all <- 1; pairs$R <- factor(pairs$reader); pairs$C <- factor(pairs$case)
crossed <- lme(log ~ 1, data = pairs, control = tight,
               random = list(all = pdBlocked(list(pdIdent(~ R - 1), pdIdent(~ C - 1)))))
variances <- diag(as.matrix(crossed$modelStruct$reStruct[[1]])) * crossed$sigma^2
paired_t <- lapply(split(pairs, pairs$reader), function(d) {
  t <- t.test(log(d$seconds_after), log(d$seconds_before), paired = TRUE)
  list(ratio = exp(unname(t$estimate)), ci = exp(as.numeric(t$conf.int)), p = t$p.value)
})

slow <- setNames(rnorm(80, 0, 0.3), sprintf("c%02d", 1:80))
# Reading time: 3 readers x 2 sessions x 40 reads of 80 cases in an order of their own.
times <- do.call(rbind, lapply(1:3, function(j) do.call(rbind, lapply(1:2, function(s) {
  cases <- sample(sprintf("c%02d", 1:80), 40)
  data.frame(reader = paste0("r", j), session = s, position = 1:40, case = cases, arm = c("UNAIDED", "AIDED")[s],
             seconds = round(exp(3.6 + 0.1 * j - 0.1 * s - 0.008 * (j - 1) * 1:40 + slow[cases] + rnorm(40, 0, 0.35)), 1))
}))))
write.csv(times, "times.csv", row.names = FALSE)
sessions <- lapply(split(times, list(times$reader, times$session)), function(d) {
  fit <- lm(log(seconds) ~ position, data = d); bound <- confint(fit)[2, ]
  parts <- rep(c("first", "middle", "last"), c(13, 14, 13))
  welch <- function(part) {
    t <- t.test(log(d$seconds[parts == part]), log(d$seconds[parts == "middle"]))
    list(ratio = exp(unname(t$estimate[1] - t$estimate[2])), ci = exp(as.numeric(t$conf.int)), df = unname(t$parameter), p = t$p.value)
  }
  list(ratio = exp(10 * coef(fit)[[2]]), ci = exp(10 * as.numeric(bound)), p = summary(fit)$coefficients[2, 4],
       quartiles = as.numeric(quantile(d$seconds, c(.25, .5, .75))), first = welch("first"), last = welch("last"))
})
times$log <- log(times$seconds); times$all <- 1; times$tens <- (times$position - 20.5) / 10
times$RS <- factor(paste(times$reader, times$session)); times$R <- factor(times$reader); times$C <- factor(times$case)
times$later <- as.numeric(times$arm == "UNAIDED")
trend <- lme(log ~ tens + later, data = times, control = tight, random = list(
  all = pdBlocked(list(pdIdent(~ RS - 1), pdIdent(~ C - 1), pdIdent(~ R:tens - 1)))))

# Crossover of 9 readers, 5 of them AB.
cross <- data.frame(reader = paste0("r", 1:9), sequence = rep(c("AB", "BA"), c(5, 4)),
                    period1 = round(runif(9, .7, .85), 3), period2 = round(runif(9, .75, .95), 3))
write.csv(cross, "crossover.csv", row.names = FALSE)
two <- function(x) {
  t <- t.test(x[cross$sequence == "AB"], x[cross$sequence == "BA"], var.equal = TRUE)
  list(difference = unname(t$estimate[1] - t$estimate[2]), ci = as.numeric(t$conf.int), p = t$p.value)
}
hills <- list(
  treatment = two(cross$period2 - cross$period1),
  period = two(ifelse(cross$sequence == "AB", 1, -1) * (cross$period2 - cross$period1)),
  carry_over = two(cross$period1 + cross$period2))

write_json(list(
  versions = list(R = R.version.string, nlme = as.character(packageVersion("nlme")), sandwich = as.character(packageVersion("sandwich"))),
  mcnemar = mcnemar,
  stratified = list(p_exact = mh$p.value),
  homogeneity = list(chi2 = unname(homogeneity$statistic), p = homogeneity$p.value),
  clustered = list(mean = coef(line)[[1]], by_case = by_case, both = both),
  crossed = list(estimate = fixef(crossed)[[1]], se = sqrt(vcov(crossed)[1, 1]), reader = variances[[1]],
                 case = variances[[5]], residual = crossed$sigma^2, criterion = -2 * as.numeric(logLik(crossed))),
  paired_t = paired_t, sessions = sessions,
  trend = list(estimates = as.numeric(fixef(trend)), se = as.numeric(sqrt(diag(vcov(trend)))), residual = trend$sigma^2,
               criterion = -2 * as.numeric(logLik(trend)), variances = diag(as.matrix(trend$modelStruct$reStruct[[1]]))[c(1, 7, 87)] * trend$sigma^2),
  hills_armitage = hills
), "expected.json", digits = 15, auto_unbox = TRUE, pretty = TRUE)
