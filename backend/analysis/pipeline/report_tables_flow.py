"""The report's tables of the study flow: cases, readers, reads, and what was read in consensus."""

from collections.abc import Iterator, Sequence

from backend.analysis.pipeline.consensus import CONSENSUS_KEY, ConsensusReading
from backend.analysis.pipeline.report_cells import Sheet, Tabled
from backend.analysis.pipeline.results import Item
from backend.analysis.reporting.manuscript_tables import NONE
from backend.analysis.study_flow import FlowCohort, FlowReason, StudyFlow


def flow_tables(key: str, items: Sequence[Item], _level: float) -> Iterator[Tabled]:
    """Every count of the flow with its reasons, and the consensus readings."""
    for item in items:
        if item.key == CONSENSUS_KEY:
            yield _consensus(key, item)
            continue
        one: StudyFlow = item.result
        sheet = Sheet(f"{key}-flow-1", "Cases, readers and reads", ("Step", "n", "Of these"))
        sheet.shows(item)
        sheet.add("Cases enrolled", str(one.cases_enrolled), NONE)
        sheet.add("Cases excluded", *_reasons_cells(one.cases_excluded))
        sheet.add("Cases included", str(one.cases_included), _classes(one))
        for cohort in one.cohorts:
            sheet.add(f"Cases included: {cohort.label}", str(cohort.cases), _classes(cohort))
        if one.groups:
            sheet.add("Cases with a read", str(one.cases_read), _read_by_cohort(one))
            sheet.add("Cases without a read", *_reasons_cells(one.cases_not_read))
        if one.readers_enrolled:
            sheet.add("Readers enrolled", str(one.readers_enrolled), NONE)
            sheet.add("Readers excluded", *_reasons_cells(one.readers_excluded))
            sheet.add("Readers included", str(one.readers_included), NONE)
        for group in one.groups:
            named = f"{group.arm}, session {group.session}"
            if group.planned is not None:
                sheet.add(f"{named}: reads planned", str(group.planned), NONE)
                sheet.add(f"{named}: not made", *_reasons_cells(group.not_read))
            sheet.add(
                f"{named}: reads made", str(group.read), f"{group.readers} readers, {group.cases} cases"
            )
            sheet.add(f"{named}: not analyzed", *_reasons_cells(group.not_analyzed))
            sheet.add(f"{named}: reads analyzed", str(group.analyzed), NONE)
        for rater in one.raters:
            sheet.add(f"{rater.label}: cases with a score", str(rater.scored), f"of {rater.cases}")
            sheet.add(f"{rater.label}: not analyzed", *_reasons_cells(rater.not_analyzed))
            sheet.add(f"{rater.label}: cases analyzed", str(rater.analyzed), NONE)
        yield sheet.tabled()


def _classes(one: StudyFlow | FlowCohort) -> str:
    without = f", {one.without_truth} without a reference standard" if one.without_truth else ""
    return f"{one.positive} positive, {one.negative} negative{without}"


def _read_by_cohort(flow: StudyFlow) -> str:
    return "; ".join(f"{cohort.label}: {cohort.read}" for cohort in flow.cohorts) or NONE


def _reasons_cells(reasons: Sequence[FlowReason]) -> tuple[str, str]:
    listed = "; ".join(f"{reason.text}: {reason.n}" for reason in reasons)
    return str(sum(reason.n for reason in reasons)), listed or NONE


def _consensus(key: str, item: Item) -> Tabled:
    header = ("Consensus", "Arm", "Cases", "With a rating", "Of these with a reference standard")
    sheet = Sheet(f"{key}-consensus", item.title, header, row_headers=2)
    sheet.shows(item)
    found: tuple[ConsensusReading, ...] = item.result
    for one in found:
        sheet.add(one.name, one.arm, str(one.cases), str(one.rated), str(one.analyzed))
    return sheet.tabled()
