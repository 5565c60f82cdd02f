"""What the methods section says of the data: cases, readers, reads, models."""

from collections.abc import Iterator

from backend.analysis.reporting.analysis_done import AnalysisDone, ArmReads
from backend.analysis.reporting.content import Sentence
from backend.analysis.reporting.words import count, joined

PLAIN_CLASS = "positive"
"""The name of the positive class where a dataset gives none."""


def study_sentences(done: AnalysisDone) -> Iterator[Sentence]:
    """The sentences on the data, of what is known."""
    if done.n_cases is not None:
        for text in _cases_and_reads(done.n_cases, done):
            yield Sentence(text)
    if done.n_without_truth:
        cases = count(done.n_without_truth, "case")
        yield Sentence(f"Analyses that need a reference standard leave out {cases} without one.")
    if done.models:
        yield Sentence(f"{'Models' if len(done.models) > 1 else 'Model'} analyzed: {joined(done.models)}.")
    for choice in done.choices:
        yield Sentence(choice)


def _cases_and_reads(n_cases: int, done: AnalysisDone) -> Iterator[str]:
    covered = (
        f"The analysis covers {count(n_cases, 'case')}{_classes(done, done.n_positive, done.n_negative)}"
    )
    is_all_read = all(
        one.fewest == one.most == n_cases and _is_of_all_readers(one, done) for one in done.reads
    )
    if is_all_read:
        readers = "" if done.n_readers is None else f" read by {count(done.n_readers, 'reader')}"
        arms = f" in {count(len(done.arms), 'arm')} ({joined(done.arms)})" if done.arms else ""
        yield f"{covered}{readers}{arms}."
    else:
        yield f"{covered}."
        yield from _reads(done)
    again = [
        *([f"{count(done.n_rereads, 'case')} in a further session (re-reads)"] if done.n_rereads else []),
        *(
            [f"{count(done.n_repeats, 'case')} unannounced within a session (hidden repeats)"]
            if done.n_repeats
            else []
        ),
    ]
    if again:
        yield f"The same reader read again, in the same arm, {joined(again)}."


def _reads(done: AnalysisDone) -> Iterator[str]:
    first = done.reads[0]
    alike = all(_counts(one) == _counts(first) and _is_of_all_readers(one, done) for one in done.reads)
    if alike and len(done.reads) > 1:
        arms = f"each of {len(done.reads)} arms ({joined([one.arm for one in done.reads])})"
        yield f"{_read(first, done)} in {arms}."
    else:
        for one in done.reads:
            yield f"In the arm {one.arm}, {_read(one, done)}."
        if not any(_is_of_all_readers(one, done) for one in done.reads):
            yield f"No arm was read by all of the {count(done.n_readers or 0, 'reader')}."


def _is_of_all_readers(one: ArmReads, done: AnalysisDone) -> bool:
    return done.n_readers in (None, one.n_readers)


def _read(one: ArmReads, done: AnalysisDone) -> str:
    spread = "" if one.fewest == one.most else f", {one.fewest} to {one.most} a reader"
    classes = _classes(done, one.n_positive, one.n_negative)
    return f"{count(one.n_readers, 'reader')} read {count(one.n_cases, 'case')}{spread}{classes}"


def _counts(one: ArmReads) -> tuple[int, ...]:
    return (one.n_readers, one.n_cases, one.n_positive, one.n_negative, one.fewest, one.most)


def _classes(done: AnalysisDone, n_positive: int | None, n_negative: int | None) -> str:
    if n_positive is None or n_negative is None:
        return ""
    if done.positive_class == PLAIN_CLASS:
        return f" ({n_positive} positive, {n_negative} negative)"
    return f" ({n_positive} with {done.positive_class or 'the condition'}, {n_negative} without)"
