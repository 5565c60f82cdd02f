"""How much adjudication a study will need: before it begins from the protocol, later also from what was seen. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# The protocol's expectation counts as much as this many panels that were seen.
PRIOR_PANELS = 10


@dataclass(frozen=True)
class Observed:
    """What the study has shown: panels that are complete, and how many of them an adjudicator had to see."""

    complete: int = 0
    discordant: int = 0


@dataclass(frozen=True)
class Forecast:
    """Expected work of the whole study.

    `panels` cases times arms are compared, in `items` of them an adjudicator is needed, `share` is the share of the
    panels that are not complete yet, and `hours` is the time of all items at the protocol's pace.
    """

    panels: int
    share: float
    items: float
    hours: float


def panels_planned(protocol: Mapping[str, Any], cases: int) -> int:
    """How many panels there are when every case is read in every arm that is adjudicated."""
    arms = protocol["adjudication"]["arms"] or [arm["key"] for arm in protocol["design"]["arms"]]
    return cases * len(arms)


def workload_forecast(
    adjudication: Mapping[str, Any], *, panels: int, observed: Observed | None = None
) -> Forecast:
    """Items and hours to expect.

    The share of discordant panels is the mean of a beta distribution: the protocol's `expected_discordance` p with
    the weight of `PRIOR_PANELS` panels, Beta(10 p, 10 (1 - p)), updated by the panels that are complete.

    Parameters
    ----------
    adjudication : mapping
        The protocol's part, with `expected_discordance` (share of panels that need the adjudicator) and
        `minutes_per_item`.
    panels : int
        Panels of the whole study, complete or not.
    observed : Observed, optional
        Nothing seen yet without it.
    """
    seen = observed or Observed()
    if not 0 <= seen.discordant <= seen.complete <= panels:
        raise ValueError("of the panels some are complete, and of those some discordant")
    expected = float(adjudication["expected_discordance"])
    share = (PRIOR_PANELS * expected + seen.discordant) / (PRIOR_PANELS + seen.complete)
    items = seen.discordant + (panels - seen.complete) * share
    return Forecast(panels, share, items, items * float(adjudication["minutes_per_item"]) / 60)
