"""Consensus readings in ``reads.csv``: rows under a name that ``study.json`` lists as a consensus."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.analysis_plan import OF_READERS
from backend.analysis.formats.cells import Row
from backend.analysis.formats.dataset_design import FILE, Design
from backend.analysis.formats.dataset_reads import ReadsFile, read_reads
from backend.analysis.study_dataset import ReadRecord


def split_consensus(
    rows: Sequence[Row], design: Design, truth: Mapping[str, bool | None], notes: list[str]
) -> tuple[list[Row], ReadsFile]:
    """The rows of the readers, and what was read in consensus.

    A consensus has one reading of a case in an arm; its times are of no reader, and its measurements are passed over,
    which ``notes`` then says.

    Raises
    ------
    AnalysisError
        ``consensus_is_truth`` where the truth is itself the readers' consensus, ``no_reads`` for a consensus without
        a row, ``repeated`` for a second reading, and those of
        :func:`~backend.analysis.formats.dataset_reads.read_reads`.
    """
    names = design.consensus
    if not names:
        return list(rows), ReadsFile(is_rated=False)
    if design.origin.truth_source == OF_READERS:
        raise AnalysisError(
            "consensus_is_truth",
            f"{FILE}: the truth is the readers' consensus (origin, truth_source), so that {names[0]} would be "
            "compared with itself",
        )
    own = [row for row in rows if row.text("reader") in names]
    found = {row.text("reader") for row in own}
    for name in names:
        if name not in found:
            raise AnalysisError(
                "no_reads", f"{FILE} names the consensus {name}, and reads.csv has no row of it"
            )
    read = read_reads(own, replace(design, readers=names), truth)
    _check_once(read.records)
    passed = sorted({one.question for one in read.others})
    if passed:
        notes.append(f"reads.csv: passed over of the consensus: {', '.join(passed)}")
    return [row for row in rows if row.text("reader") not in names], read


def _check_once(records: Sequence[ReadRecord]) -> None:
    seen = set()
    for one in records:
        key = (one.reader, one.arm, one.case)
        if key in seen or one.is_repeat:
            raise AnalysisError(
                "repeated",
                f"reads.csv: the consensus {one.reader} of case {one.case} in {one.arm} stands twice",
            )
        seen.add(key)
