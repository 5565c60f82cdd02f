"""The statistical methods section, from what was done: nothing is said of a method that no result names.

The caller gives the keys of the methods that made the results, and the facts that go with them. A key that has no
sentence here (a method added since) is still described, by the name and text it is registered with. References are
numbered in the order they are first cited.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from backend.analysis.errors import AnalysisError
from backend.analysis.methods import METHODS, Method
from backend.analysis.reporting.analysis_done import AnalysisDone, MethodUse, Resampling
from backend.analysis.reporting.content import MethodsParagraph, MethodsText, Sentence
from backend.analysis.reporting.journal_numbers import level_text
from backend.analysis.reporting.methods_merged import MERGED, Merged
from backend.analysis.reporting.methods_sentences import ACCURACY, AGREEMENT, COMPARISONS, FLOW
from backend.analysis.reporting.methods_sentences_designs import (
    CHANGE,
    MODELS,
    MRMC,
    RESAMPLED,
    SINGLE_ARM,
    SURVIVAL,
    TABLES,
)
from backend.analysis.reporting.study_sentences import study_sentences
from backend.analysis.reporting.words import joined
from backend.analysis.results import check_level

AREAS: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("Participants and reads", FLOW),
    ("Agreement", AGREEMENT),
    ("Diagnostic accuracy", ACCURACY),
    ("Comparison of accuracy", COMPARISONS),
    ("Multi-reader multi-case analysis", MRMC),
    ("Change between reading conditions", CHANGE),
    ("Prediction models", MODELS),
    ("Survival", SURVIVAL),
    ("Comparison of groups", TABLES),
)
STUDY_TITLE = "Study data"
OTHER_TITLE = "Other methods"
GENERAL_TITLE = "Estimates and software"


def registered_methods() -> dict[str, Method]:
    """All methods of the package by key."""
    return dict(METHODS)


def methods_text(done: AnalysisDone, *, more: Sequence[Method] = ()) -> MethodsText:
    """The methods section of what was done.

    Parameters
    ----------
    done
        What was analyzed and how.
    more
        Methods besides the registered ones, or in their place.

    Raises
    ------
    AnalysisError
        ``unknown_method`` names a key that nobody registered; ``level_out_of_range``; ``no_method`` without any.
    """
    check_level(done.level)
    known = {**registered_methods(), **{method.key: method for method in more}}
    uses = _merged(done.methods)
    if not uses:
        raise AnalysisError("no_method", "the methods section has no method to describe")
    for key in uses:
        if key not in known:
            raise AnalysisError("unknown_method", f"no method is registered under the key {key!r}")
    sources = _Sources()
    parts = [_paragraph(STUDY_TITLE, study_sentences(done))]
    for title, sentences in AREAS:
        parts.append(_paragraph(title, _area(title, sentences, done, uses, known, sources)))
    described = {key for _, sentences in AREAS for key in sentences}
    described |= {key for together in MERGED for key in together.phrases}
    others = sorted(key for key in uses if key not in described)
    parts.append(
        _paragraph(OTHER_TITLE, (one for key in others for one in _other(uses[key], known[key], sources)))
    )
    parts.append(_paragraph(GENERAL_TITLE, _general(done)))
    return MethodsText(tuple(part for part in parts if part.sentences), sources.listed())


class _Sources:
    """The references in the order of their first citation."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def cite(self, references: Iterable[str]) -> tuple[int, ...]:
        return tuple(sorted({self._numbers.setdefault(one, len(self._numbers) + 1) for one in references}))

    def listed(self) -> tuple[str, ...]:
        return tuple(self._numbers)


def _paragraph(title: str, sentences: Iterable[Sentence]) -> MethodsParagraph:
    return MethodsParagraph(title, tuple(sentences))


def _merged(uses: Sequence[MethodUse]) -> dict[str, MethodUse]:
    """One use a key; what it was applied to and its details in the order given, without repeats."""
    merged: dict[str, MethodUse] = {}
    for use in uses:
        before = merged.get(use.key, MethodUse(use.key))
        applied = tuple(dict.fromkeys((*before.applied_to, *use.applied_to)))
        details = dict.fromkeys(text for text in (before.detail, use.detail) if text)
        is_resampled = before.is_resampled or use.is_resampled
        merged[use.key] = MethodUse(use.key, applied, " ".join(details), is_resampled)
    return merged


def _area(
    title: str,
    sentences: Mapping[str, str],
    done: AnalysisDone,
    uses: Mapping[str, MethodUse],
    known: Mapping[str, Method],
    sources: _Sources,
) -> Iterator[Sentence]:
    own = [together for together in MERGED if together.area == title]
    for key in ("", *sentences):
        if key in uses:
            is_single = done.is_single_arm and key in SINGLE_ARM
            text = SINGLE_ARM[key] if is_single else sentences[key]
            yield Sentence(text, sources.cite(known[key].references))
            yield from _use(uses[key])
        for together in own:
            if together.after == key:
                yield from _together(together, uses, known, sources)


def _together(
    together: Merged, uses: Mapping[str, MethodUse], known: Mapping[str, Method], sources: _Sources
) -> Iterator[Sentence]:
    used = [key for key in together.phrases if key in uses]
    if not used:
        return
    # Without a unit of its own, each kind says what it was applied to.
    named = []
    for key in used:
        applied = uses[key].applied_to
        named.append(f"{together.phrases[key]} (for {joined(applied)})" if applied else together.phrases[key])
    references = (one for key in used for one in known[key].references)
    form = together.one if len(used) == 1 else together.several
    yield Sentence(form.format(joined(named)), sources.cite(references))
    for keys, note in together.notes:
        if keys & set(used):
            yield Sentence(note)
    for key in used:
        yield from _use(replace(uses[key], applied_to=()))


def _other(use: MethodUse, method: Method, sources: _Sources) -> Iterator[Sentence]:
    yield Sentence(f"{method.name}: {method.text}", sources.cite(method.references))
    yield from _use(use)


def _use(use: MethodUse) -> Iterator[Sentence]:
    if use.is_resampled and use.key in RESAMPLED:
        yield Sentence(RESAMPLED[use.key])
    if use.applied_to:
        yield Sentence(f"This was done for {joined(use.applied_to)}.")
    if use.detail:
        yield Sentence(use.detail)


def _general(done: AnalysisDone) -> Iterator[Sentence]:
    tests = "; P values are two-sided unless stated otherwise" if done.has_p_values else ""
    yield Sentence(f"Intervals are {level_text(done.level)} confidence intervals{tests}.")
    if done.multiplicity:
        yield Sentence(done.multiplicity)
    yield Sentence("What the data leave undefined is reported as not estimable, with the reason.")
    if done.resamplings:
        listed = "; ".join(_resampling(item) for item in done.resamplings)
        yield Sentence(f"Resampling was seeded and can be repeated to the last digit ({listed}).")
    if done.dataset_sha256:
        yield Sentence(f"All results come from one frozen dataset (SHA-256 {done.dataset_sha256}).")
    if done.software:
        names = joined([f"{name} {version}".strip() for name, version in done.software])
        yield Sentence(f"Analyses were done with {names}.")


def _resampling(item: Resampling) -> str:
    times = "" if item.n_resamples is None else f", {item.n_resamples} resamples"
    return f"{item.label}: seed {item.seed}{times}"
