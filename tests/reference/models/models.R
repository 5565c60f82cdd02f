# Reference values for prediction models. R 4.2.2, rms 6.5.0, Hmisc 4.8.0, MASS 7.3-58.2, survival 3.5-3
# (Debian: r-cran-rms, r-cran-hmisc, r-cran-mass, r-cran-survival, r-cran-jsonlite).
# Usage, from inside this folder: Rscript models.R
suppressMessages({library(rms); library(survival); library(MASS); library(jsonlite)})

set.seed(20260117)
n <- 240
marker <- round(rnorm(n, 3, 1.2), 2)
age <- round(runif(n, 35, 84))
stage <- sample(c("T1", "T2", "T3"), n, TRUE, c(.35, .4, .25))
male <- rbinom(n, 1, .55)
lp <- -4.1 + .7 * marker + .018 * age + c(T1 = 0, T2 = .5, T3 = 1.1)[stage]
y <- rbinom(n, 1, plogis(lp))
old <- round(plogis(-2.6 + .75 * marker + rnorm(n, 0, .5)), 3)
new <- round(plogis(1.3 * (lp - .2) + rnorm(n, 0, .4)), 3)
coarse <- c(.1, .2, .4, .7)[findInterval(new, c(0, .2, .45, .7))]
time <- pmax(.05, round(rexp(n, .11 * exp(.8 * (lp - mean(lp)))), 2))
censor <- round(runif(n, 1, 9), 2)
event <- as.integer(time <= censor)
time <- pmin(time, censor)
risk <- round(1 - exp(-.11 * 3 * exp(.7 * (lp - mean(lp)) + rnorm(n, 0, .3))), 3)
d <- data.frame(case = sprintf("C%03d", seq_len(n)), y, marker, age, stage, male, old, new, coarse, time, event, risk)
write.csv(d, "simulated.csv", row.names = FALSE, quote = FALSE)
d <- read.csv("simulated.csv")
o <- list(versions = list(R = as.character(getRversion()), rms = as.character(packageVersion("rms")),
  Hmisc = as.character(packageVersion("Hmisc")), MASS = as.character(packageVersion("MASS")),
  survival = as.character(packageVersion("survival"))))
tight <- glm.control(epsilon = 1e-15, maxit = 100)

# glm keeps the weights of its last step but one: off by 1e-9. The information at the maximum itself:
covariance <- function(f) {X <- model.matrix(f); w <- fitted(f) * (1 - fitted(f)); solve(crossprod(X * sqrt(w)))}

# ---- calibration: rms::val.prob, glm with the log odds as covariate and as offset, lowess
calibrate <- function(p, y) {
  i <- order(p, y); p <- p[i]; y <- y[i]
  l <- qlogis(p)
  v <- suppressWarnings(val.prob(p, y, pl = FALSE))
  both <- glm(y ~ l, family = binomial, control = tight)
  large <- glm(y ~ 1, offset = l, family = binomial, control = tight)
  s <- lowess(p, y, iter = 0)
  e <- abs(p - s$y)
  u <- 2 * (as.numeric(logLik(both)) - sum(y * l - log1p(exp(l))))
  list(val.prob = as.list(v), joint = unname(coef(both)), joint_se = unname(sqrt(diag(covariance(both)))),
    large = unname(coef(large)), large_se = unname(sqrt(covariance(large)[1, 1])),
    ici = mean(e), e50 = unname(quantile(e, .5)), e90 = unname(quantile(e, .9)), emax = max(e), U = u,
    x = unique(s$x), smooth = s$y[!duplicated(s$x)], brier_scaled = 1 - mean((p - y)^2) / (mean(y) * (1 - mean(y))))
}
o$calibration <- lapply(d[c("old", "new", "coarse")], calibrate, y = d$y)

# ---- Hosmer-Lemeshow: the definition of ResourceSelection::hoslem.test 0.3, which CRAN alone has
hoslem <- function(y, p, g) {
  q <- unique(quantile(p, probs = seq(0, 1, 1 / g)))
  # droplevels: where predictions are few, two cut points can fall between the same two of them, and the empty
  # group between makes hoslem.test answer NaN
  k <- droplevels(cut(p, breaks = q, include.lowest = TRUE))
  seen <- xtabs(cbind(1 - y, y) ~ k); due <- xtabs(cbind(1 - p, p) ~ k)
  x <- sum((seen - due)^2 / due); m <- length(unique(k))
  list(chi2 = x, df = m - 2, p = pchisq(x, m - 2, lower.tail = FALSE), n = as.vector(table(k)), events = unname(seen[, 2]))
}
o$hosmer <- list(old10 = hoslem(d$y, d$old, 10), new10 = hoslem(d$y, d$new, 10), new7 = hoslem(d$y, d$new, 7),
  coarse10 = hoslem(d$y, d$coarse, 10))

# ---- decision curves: the definition of dcurves 0.4 (p >= threshold), survival by survfit
at <- c(.05, .1, .2, .3, .4, .5, .7, .9)
binary <- function(p) sapply(at, function(t) mean(p >= t & d$y == 1) - mean(p >= t & d$y == 0) * t / (1 - t))
to_risk <- function(s, t) if (!any(s)) 0 else 1 - summary(survfit(Surv(time, event) ~ 1, data = d[s, ]), times = t)$surv
surv <- function(p, when) sapply(at, function(t) {
  s <- p >= t; r <- to_risk(s, when)
  if (length(r) == 0) NA else r * mean(s) - (1 - r) * mean(s) * t / (1 - t)
})
o$decision <- list(thresholds = at, old = binary(d$old), new = binary(d$new), all = binary(rep(1, n)))
o$survival <- list(time = 3, thresholds = at, risk = surv(d$risk, 3), all = surv(rep(1, n), 3), prevalence = to_risk(rep(TRUE, n), 3))
B <- 4000
draws <- replicate(B, {i <- sample(n, replace = TRUE); b <- d[i, ]
  c(mean(b$new >= .3 & b$y == 1) - mean(b$new >= .3 & b$y == 0) * 3 / 7, mean(b$y))})
o$bootstrap <- list(threshold = .3, B = B, net_benefit = unname(quantile(draws[1, ], c(.025, .975))),
  standardized = unname(quantile(draws[1, ] / draws[2, ], c(.025, .975))))

# ---- reclassification: Hmisc::improveProb; categories by findInterval (closed below)
cuts <- c(.2, .4, .6)
k <- function(p) findInterval(p, cuts)
o$improve <- list(continuous = unclass(improveProb(d$old, d$new, d$y)),
  categorical = unclass(improveProb(k(d$old) / 4, k(d$new) / 4, d$y)), cutoffs = cuts,
  events = unclass(table(factor(k(d$old), 0:3), factor(k(d$new), 0:3), d$y))[, , 2],
  non_events = unclass(table(factor(k(d$old), 0:3), factor(k(d$new), 0:3), d$y))[, , 1])

# ---- logistic regression: glm, exact profile limits by uniroot, MASS::confint for its interpolated ones, stepAIC
form <- y ~ marker + age + stage + male
f <- glm(form, family = binomial, data = d, control = tight)
X <- model.matrix(f)
exact <- t(sapply(seq_len(ncol(X)), function(j) {
  drop2 <- function(b) {
    g <- glm.fit(X[, -j, drop = FALSE], d$y, offset = X[, j] * b, family = binomial(), control = tight)
    g$deviance - f$deviance - qchisq(.95, 1)
  }
  b <- coef(f)[j]; s <- sqrt(vcov(f)[j, j])
  c(uniroot(drop2, c(b - 8 * s, b), tol = 1e-13)$root, uniroot(drop2, c(b, b + 8 * s), tol = 1e-13)$root)
}))
step <- stepAIC(f, trace = FALSE, direction = "backward")
o$logistic <- list(names = names(coef(f)), coefficients = unname(coef(f)), se = unname(sqrt(diag(covariance(f)))),
  glm_se = unname(sqrt(diag(vcov(f)))), p = unname(2 * pnorm(-abs(coef(f) / sqrt(diag(covariance(f)))))),
  covariance = unname(covariance(f)), deviance = f$deviance, null = f$null.deviance,
  aic = AIC(f), profile = exact, mass = unname(suppressMessages(confint(f))), fitted = unname(fitted(f))[1:5],
  step_removed = gsub("- ", "", as.character(step$anova$Step[-1])), step_aic = step$anova$AIC,
  step_coefficients = unname(coef(step)), step_names = names(coef(step)))

# ---- nomograms: rms::nomogram of lrm and cph
axes <- function(m, keep) lapply(m[keep], function(a) list(values = as.character(a[[1]]), points = unname(a$points), xbeta = unname(a$Xbeta)))
dd <- datadist(d); options(datadist = "dd")
l <- lrm(form, data = d, tol = 1e-14, eps = 1e-13, maxit = 50)
nl <- nomogram(l, fun = plogis, fun.at = c(.05, .1, .25, .5, .75, .9), funlabel = "risk", lp.at = seq(-3, 3))
co <- cph(Surv(time, event) ~ marker + age + stage, data = d, x = TRUE, y = TRUE, surv = TRUE, eps = 1e-12, iter.max = 50)
s3 <- survest(co, newdata = data.frame(marker = 3, age = 60, stage = "T2"), times = 3)$surv
S <- Survival(co)
nc <- nomogram(co, fun = list(function(x) S(3, x)), fun.at = c(.9, .7, .5, .3), funlabel = "S3")
o$nomogram_logistic <- list(coefficients = as.list(coef(l)), axes = axes(nl, c("marker", "age", "stage", "male")),
  total = nl$total.points$x, lp = nl$lp$x, risk = nl$risk$x, sc = attr(nl, "info")$sc, intercept = unname(attr(nl, "info")$Intercept))
o$nomogram_cox <- list(coefficients = as.list(coef(co)), center = co$center, baseline = S(3, 0),
  axes = axes(nc, c("marker", "age", "stage")), total = nc$total.points$x, s3 = nc$S3$x, s3_at = nc$S3$x.real,
  sc = attr(nc, "info")$sc, intercept = unname(attr(nc, "info")$Intercept), lp = nc$lp$x, lp_at = nc$lp$x.real, example = s3)
o$pretty <- lapply(list(c(35, 84), c(.03, 6.71), c(0, 1), c(-12.3, 4), c(1e-4, 3e-4), c(0, 153.2), c(5, 5)), function(r) list(range = r, ticks = pretty(r, n = 10)))
write_json(o, "expected.json", digits = NA, auto_unbox = TRUE, na = "null", pretty = FALSE)
