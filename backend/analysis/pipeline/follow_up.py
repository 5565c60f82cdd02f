"""One endpoint of ``outcomes.csv`` as the survival sections see it: outcomes, times, horizon, cohorts."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from backend.analysis.pipeline.cohorts import by_cohort
from backend.analysis.pipeline.study import Study
from backend.analysis.study_report import DroppedCase
from backend.analysis.survival.outcomes import Outcomes, outcomes

QUARTILES = (0.25, 0.5, 0.75)
STILL_AT_RISK = 0.1


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Outcomes of an endpoint, the times of estimates, and the horizon of Uno's C and restricted means."""

    study: Study
    endpoint: str
    known: Outcomes
    at: tuple[float, ...]
    tau: float

    def by_cohort(self) -> dict[str, Outcomes]:
        """The outcomes of all cases, and of each cohort."""
        return {
            group: only(self.known, own) for group, own in by_cohort(self.study, self.known.cases).items()
        }


def follow_up_of(study: Study, endpoint: str) -> FollowUp:
    """What ``outcomes.csv`` says of an endpoint."""
    own = [one for one in study.files.outcomes if one.endpoint == endpoint]
    known = outcomes([one.time for one in own], [one.event for one in own], cases=[one.case for one in own])
    at = study.plan.times or _event_quartiles(known)
    return FollowUp(study, endpoint, known, at, horizon(study, known))


def horizon(study: Study, known: Outcomes) -> float:
    """``tau`` of the plan; else the last of its times; else until when a tenth of the cases is under observation.

    Uno's weights are the inverse square of the probability of being uncensored: they explode where hardly anybody is
    under observation, and the index there rests on a few pairs (Uno 2011 asks for a horizon that the censoring leaves
    in reach).
    """
    if study.plan.tau is not None:
        return study.plan.tau
    if study.plan.times:
        return study.plan.times[-1]
    return sorted(known.times)[known.n - math.ceil(STILL_AT_RISK * known.n)]


def only(known: Outcomes, cases: Collection[str]) -> Outcomes:
    """The outcomes of these cases; the others are not asked for, and so not dropped.

    Raises
    ------
    AnalysisError
        ``no_cases``.
    """
    kept = known.only(set(cases))
    return replace(kept, dropped=tuple(case for case in known.dropped if case in cases))


def without(known: Outcomes, values: Mapping[str, object], reason: str) -> tuple[DroppedCase, ...]:
    """The cases that lack a value."""
    return tuple(DroppedCase(case, reason) for case in sorted(known.cases) if values.get(case) is None)


def _event_quartiles(known: Outcomes) -> tuple[float, ...]:
    """The observed event times at the quartiles of all event times: the times where none are declared."""
    times = sorted(time for time, event in zip(known.times, known.events, strict=True) if event)
    return tuple(sorted({times[math.ceil(share * len(times)) - 1] for share in QUARTILES})) if times else ()
