"""The adjuvant colon trial (Moertel 1990; survival::colon), deaths: our values against survival 3.5.3, R 4.2.2.

d <- read.csv("lifelines_colon.csv"); d <- d[d$etype == 2, ]; d$rx <- factor(d$rx, c("Obs", "Lev", "Lev+5FU"))
"""

import csv
import math
from pathlib import Path
from typing import Any

import pytest

from backend.analysis.errors import NotEstimable
from backend.analysis.survival.concordance import uno_c
from backend.analysis.survival.covariates import Covariate
from backend.analysis.survival.cox import cox
from backend.analysis.survival.cox_hazards import proportional_hazards
from backend.analysis.survival.kaplan_meier import kaplan_meier
from backend.analysis.survival.logrank import logrank
from backend.analysis.survival.outcomes import outcomes


@pytest.fixture
def deaths(shared_data: Path) -> dict[str, dict[str, str]]:
    with (shared_data / "tables/survival/lifelines_colon.csv").open(newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file) if row["etype"] == "2"}


@pytest.fixture
def known(deaths: dict[str, dict[str, str]]) -> Any:
    return outcomes(
        [float(row["time"]) for row in deaths.values()],
        [row["status"] == "1" for row in deaths.values()],
        cases=list(deaths),
    )


def numbers(deaths: dict[str, dict[str, str]], name: str) -> dict[str, float | None]:
    return {case: None if row[name] in ("", "NA") else float(row[name]) for case, row in deaths.items()}


def test_survival_by_treatment(deaths: dict[str, dict[str, str]], known: Any) -> None:
    """survfit(Surv(time, status) ~ rx, conf.type = "log-log"); survdiff(… ~ rx), survdiff(… ~ rx + strata(extent))."""
    rx = {case: row["rx"] for case, row in deaths.items()}
    medians = {
        name: kaplan_meier(known.only({case for case, own in rx.items() if own == name})).median
        for name in ("Obs", "Lev", "Lev+5FU")
    }
    assert (medians["Obs"].estimate, medians["Obs"].low, medians["Obs"].high) == (2083, 1548, 2552)
    assert (medians["Lev"].estimate, medians["Lev"].low) == (2152, 1509)
    assert isinstance(medians["Lev"].high, NotEstimable)
    assert isinstance(medians["Lev+5FU"].estimate, NotEstimable)
    assert medians["Lev+5FU"].low == 2725
    (at,) = kaplan_meier(known, at=[1825.0]).at
    assert (at.survival, at.se) == pytest.approx((0.5644173966191779, 0.0162858651627899), rel=1e-12)
    assert (at.ci.low, at.ci.high) == pytest.approx((0.5318440469543865, 0.5956429686119378), rel=1e-12)
    assert at.at_risk == 511
    assert logrank(known, rx).chi_square == pytest.approx(11.68309271063917, rel=1e-12)
    extent = {case: row["extent"] for case, row in deaths.items()}
    assert logrank(known, rx, strata=extent).chi_square == pytest.approx(10.72472340867721, rel=1e-12)


def test_cox_model_and_its_proportional_hazards(deaths: dict[str, dict[str, str]], known: Any) -> None:
    """coxph(Surv(time, status) ~ rx + sex + age + obstruct + nodes), cox.zph of it; 18 patients lack their nodes."""
    rx = Covariate("rx", {case: row["rx"] for case, row in deaths.items()}, reference="Obs")
    others = [Covariate(name, numbers(deaths, name)) for name in ("sex", "age", "obstruct", "nodes")]
    model = cox(known, [rx, *others])
    assert (model.n, model.n_events, len(model.dropped)) == (911, 441, 18)
    assert [term.coefficient for term in model.terms] == pytest.approx(
        [
            -0.067298208430415923,
            -0.385735404868584542,
            -0.019865414406929228,
            0.005970112708926736,
            0.261712619938568314,
            0.092859606078225132,
        ],
        rel=1e-11,
    )
    assert [term.se for term in model.terms] == pytest.approx(
        [
            0.111678135023054625,
            0.120824571798364713,
            0.095858144153630684,
            0.004034893648043294,
            0.116604875097210597,
            0.008833527537970854,
        ],
        rel=1e-11,
    )
    # b <- coef(m)[1:2]; t(b) %*% solve(vcov(m)[1:2, 1:2]) %*% b with coxph.control(eps = 1e-14), survival 3.5.3.
    joint = model.joint("rx")
    assert joint.df == 2
    assert joint.chi_square == pytest.approx(11.040412418466783, rel=1e-12)
    assert joint.p == pytest.approx(0.0040050219844201731, rel=1e-12)
    assert model.joint("sex").chi_square == pytest.approx(model.terms[2].z ** 2, rel=1e-12)
    c = model.concordance
    assert (c.c, c.se) == pytest.approx((0.6461338529323521, 0.0132283256522441), rel=1e-11)
    hazards = proportional_hazards(known, [rx, *others])
    assert [item.test.chi_square for item in hazards.covariates] == pytest.approx(
        [2.429359858981, 0.785698855169, 0.483315393760, 5.713828639646, 0.180702333512], rel=1e-9
    )
    assert hazards.overall.chi_square == pytest.approx(10.187625103292, rel=1e-9)
    assert hazards.overall.df == 6


def test_uno(deaths: dict[str, dict[str, str]], known: Any) -> None:
    """concordance(Surv(time, status) ~ nodes, reverse = TRUE, timewt = "n/G2", ymax = 1825)."""
    result = uno_c(known, numbers(deaths, "nodes"), tau=1825.0)
    assert result.c == pytest.approx(0.6414622778695976, rel=1e-12)
    assert result.se == pytest.approx(math.sqrt(0.0001931037179511745), rel=1e-12)
