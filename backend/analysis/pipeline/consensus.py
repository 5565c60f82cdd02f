"""Consensus readings: what they are, and the sections in which one stands beside readers and models (ADR 0031)."""

from dataclasses import dataclass, replace

from backend.analysis.pipeline.results import Section
from backend.analysis.pipeline.study import Study
from backend.analysis.results import Result

CONSENSUS_KEY = "consensus"
TOLD = (
    "{names} is a consensus of readers, one reading a case. Its intervals and tests tell of other cases, not of other "
    "readers or another consensus; it is in no mean of readers, no multi-reader multi-case analysis and no agreement "
    "between readers. A reader who took part in it is compared with a reading that holds the reader's own answers."
)
_SECTIONS = frozenset(("roc", "operating_points", "per_protocol"))


@dataclass(frozen=True, slots=True)
class ConsensusReading(Result):
    """How many cases were brought to a consensus in an arm, have a rating of it, and a truth besides."""

    method: str
    name: str
    arm: str
    cases: int
    rated: int
    analyzed: int


def consensus_readings(study: Study) -> tuple[ConsensusReading, ...]:
    """The consensus readings by name, then arm in the order of the design."""
    found = []
    for name in study.study.consensus_names:
        for arm in study.study.arms:
            own = [read for read in study.study.consensus if (read.reader, read.arm) == (name, arm)]
            if not own:
                continue
            rated = [read.case for read in own if read.score is not None]
            with_truth = sum(study.study.truth[case] is not None for case in rated)
            found.append(ConsensusReading("consensus_reading", name, arm, len(own), len(rated), with_truth))
    return tuple(found)


def with_consensus_told(section: Section, study: Study) -> Section:
    """The section, with what a consensus is where its curves and calls stand."""
    if section.key not in _SECTIONS or not section.items or not study.consensus():
        return section
    told = TOLD.format(names=" and ".join(study.study.consensus_names))
    return replace(section, warnings=(*section.warnings, told))
