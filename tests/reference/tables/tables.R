# Reference values of tests of difference: base R. Run inside this folder: Rscript tables.R
library(jsonlite)
library(MASS)
d <- read.csv("data.csv")
two <- d[d$group != "C", ]
of <- function(x, g = "A") x[two$group == g]
t_of <- function(x, equal) {
  t <- t.test(of(x), of(x, "B"), var.equal = equal)
  list(statistic = t$statistic[[1]], df = t$parameter[[1]], p = t$p.value, ci = as.numeric(t$conf.int))
}
test_of <- function(t) list(statistic = t$statistic[[1]], df = as.numeric(t$parameter), p = t$p.value)
smd <- function(a, b) (mean(a) - mean(b)) / sqrt((var(a) + var(b)) / 2)
smd_categories <- function(a, b) {
  p <- (a / sum(a))[-1]; q <- (b / sum(b))[-1]
  s <- (diag(p, length(p)) - outer(p, p) + diag(q, length(q)) - outer(q, q)) / 2
  sqrt(c(t(p - q) %*% ginv(s) %*% (p - q)))
}
levene <- function(x, g) { z <- abs(x - ave(x, g, FUN = median)); anova(lm(z ~ factor(g))) }
tables <- list(
  sex = list(c(114, 76), c(85, 61)), dissection = list(c(137, 53), c(116, 30)),
  metastatic = list(c(65, 125), c(48, 98)),
  t_stage = list(c(17, 7, 27, 121, 18), c(10, 5, 31, 83, 17)), n_stage = list(c(79, 68, 43), c(72, 46, 28)),
  family_history = list(c(290, 42), c(129, 20)), distant = list(c(42, 128), c(26, 39)),
  adjuvant = list(c(160, 10), c(56, 9)), tea = list(c(3, 1), c(1, 3)),
  job = list(c(1, 3, 10, 6), c(2, 3, 10, 7), c(1, 6, 14, 12), c(0, 1, 9, 11)),
  small = list(c(3, 2, 4), c(1, 5, 0), c(0, 1, 2)),
  four_by_five = list(c(2, 0, 1, 2, 6), c(1, 3, 1, 1, 2), c(1, 0, 3, 1, 0), c(1, 2, 1, 2, 0)),
  three_by_four = list(c(12, 4, 7, 9), c(3, 8, 2, 6), c(5, 11, 1, 4)),
  five_by_five = list(c(2, 3, 1, 4, 2), c(5, 1, 0, 2, 3), c(1, 1, 4, 0, 2), c(0, 2, 2, 3, 1), c(3, 0, 1, 1, 2))
)
# fisher.test's own equations of the conditional odds ratio, solved to a tight tolerance
odds <- function(x, level = 0.95) {
  m <- sum(x[, 1]); n <- sum(x[, 2]); k <- sum(x[1, ]); x <- x[1, 1]
  support <- max(0, k - n):min(k, m)
  weight <- dhyper(support, m, n, k, log = TRUE)
  d <- function(o) { w <- weight + log(o) * support; w <- exp(w - max(w)); w / sum(w) }
  up <- function(f) if (f(1) > 0) uniroot(f, c(1e-300, 1), tol = 1e-15)$root else 1 / uniroot(function(t) f(1 / t), c(.Machine$double.eps, 1), tol = 1e-15)$root
  a <- (1 - level) / 2
  c(up(function(o) sum(support * d(o)) - x), up(function(o) sum(d(o)[support >= x]) - a),
    up(function(o) a - sum(d(o)[support <= x])))
}
counts <- lapply(tables, function(rows) {
  x <- do.call(rbind, rows)
  plain <- suppressWarnings(chisq.test(x, correct = FALSE))
  out <- list(counts = rows, chi_square = test_of(plain), fisher = fisher.test(x, workspace = 2e8)$p.value,
              v = sqrt(plain$statistic[[1]] / sum(x) / (min(dim(x)) - 1)), smd = smd_categories(x[1, ], x[2, ]))
  if (all(dim(x) == 2)) {
    out$yates <- test_of(suppressWarnings(chisq.test(x)))
    out$odds_ratio <- odds(x)
  }
  out
})
values <- lapply(c("normal", "skewed", "untied", "grade"), function(name) {
  x <- two[[name]]; y <- d[[name]]
  lev <- levene(y, d$group)
  list(
    student = t_of(x, TRUE), welch = t_of(x, FALSE), smd = smd(of(x), of(x, "B")),
    mann_whitney = suppressWarnings(test_of(wilcox.test(of(x), of(x, "B")))[c("statistic", "p")]),
    anova = list(statistic = oneway.test(y ~ d$group, var.equal = TRUE)$statistic[[1]], p = oneway.test(y ~ d$group, var.equal = TRUE)$p.value),
    welch_anova = test_of(oneway.test(y ~ d$group)), kruskal = test_of(kruskal.test(y, factor(d$group))),
    shapiro = list(statistic = shapiro.test(of(x))$statistic[[1]], p = shapiro.test(of(x))$p.value),
    levene = list(statistic = lev$`F value`[1], p = lev$`Pr(>F)`[1]),
    quantiles = as.numeric(quantile(of(x), c(0.25, 0.5, 0.75))), mean = mean(of(x)), sd = sd(of(x))
  )
})
names(values) <- c("normal", "skewed", "untied", "grade")
out <- list(versions = list(R = R.version.string), counts = counts, values = values)
write(toJSON(out, digits = I(16), auto_unbox = TRUE, pretty = TRUE), "expected.json")
