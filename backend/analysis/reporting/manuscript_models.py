"""Cox models, changes of mind and reclassification as tables for a manuscript.

Rounding and formats as in :mod:`backend.analysis.reporting.manuscript_tables`.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from backend.analysis.change_of_mind import ChangeOfMind, ModelAdvice, Reclassification
from backend.analysis.change_of_mind import Moves as MoveCounts
from backend.analysis.errors import NotEstimable
from backend.analysis.model_inputs import WaldEstimate
from backend.analysis.paired_calls import McNemarResult
from backend.analysis.proportions import Proportion
from backend.analysis.reclassification import IntegratedDiscrimination, NetReclassification
from backend.analysis.reporting.content import ReportTable
from backend.analysis.reporting.journal_numbers import Footnotes, PFormat, level_text, number_text
from backend.analysis.reporting.manuscript_tables import NONE, ci_name, percent_interval
from backend.analysis.results import NO_LABELS
from backend.analysis.survival.cox import CoxModel, CoxTerm
from backend.analysis.survival.cox_screen import CoxScreen

OVERALL = ", all levels (joint Wald test)"


def cox_table(
    model: CoxModel,
    *,
    key: str,
    caption: str,
    labels: Mapping[str, str] = NO_LABELS,
    p_format: PFormat = "ama",
    digits: int = 2,
) -> ReportTable:
    """Hazard ratios of one model, a line a term; ``labels`` says what covariates are called, else by their names."""
    notes = Footnotes(p_format)
    rows: list[tuple[str, ...]] = []
    for term in model.terms:
        if _opens_category(model, term):
            label = f"{labels.get(term.covariate, term.covariate)}{OVERALL}"
            rows.append((label, NONE, notes.p(model.joint(term.covariate).p)))
        rows.append((_term_label(term, labels), *_hazard_cells(notes, term, digits)))
    header = ("Covariate", f"Hazard ratio ({level_text(model.level)} CI)", "P")
    return ReportTable(key, caption, header, tuple(rows), notes=(_cox_note("", model), *notes.notes()))


def cox_screen_table(
    screen: CoxScreen,
    *,
    key: str,
    caption: str,
    labels: Mapping[str, str] = NO_LABELS,
    p_format: PFormat = "ama",
    digits: int = 2,
) -> ReportTable:
    """Univariate and multivariate hazard ratios side by side, a line a term; ``labels`` as of :func:`cox_table`."""
    notes = Footnotes(p_format)
    multivariate = screen.multivariate
    together = (
        {} if isinstance(multivariate, NotEstimable) else {_place(term): term for term in multivariate.terms}
    )
    rows: list[tuple[str, ...]] = []
    models = [alone.model for alone in screen.univariate] + [multivariate]
    for alone in screen.univariate:
        label = labels.get(alone.covariate, alone.covariate)
        if isinstance(alone.model, NotEstimable):
            rows.append((label, notes.none(alone.model), NONE, NONE, NONE))
            continue
        for term in alone.model.terms:
            if _opens_category(alone.model, term):
                rows.append(
                    (f"{label}{OVERALL}", *_overall_p(notes, term.covariate, alone.model, multivariate))
                )
            joint = together.get(_place(term))
            pair = (NONE, NONE) if joint is None else _hazard_cells(notes, joint, digits)
            rows.append((_term_label(term, labels), *_hazard_cells(notes, term, digits), *pair))
    ci = ci_name(term.ci for model in models if isinstance(model, CoxModel) for term in model.terms)
    header = ("Covariate", f"Univariate hazard ratio ({ci})", "P", f"Multivariate hazard ratio ({ci})", "P")
    test = screen.test.replace("_", " ").replace("wald", "Wald")
    rule = (
        f"Univariate P below {screen.threshold:g} ({test} test), or clinical relevance declared beforehand, led into "
        "the multivariate model."
    )
    last = (
        f"Multivariate: {notes.none(multivariate)}."
        if isinstance(multivariate, NotEstimable)
        else _cox_note("Multivariate: ", multivariate)
    )
    return ReportTable(
        key, caption, header, tuple(rows), notes=(rule, last, *screen.warnings, *notes.notes())
    )


def _opens_category(model: CoxModel, term: CoxTerm) -> bool:
    """Whether it is the first of several terms of its covariate."""
    own = [one for one in model.terms if one.covariate == term.covariate]
    return len(own) > 1 and own[0] is term


def _overall_p(
    notes: Footnotes, covariate: str, alone: CoxModel, together: CoxModel | NotEstimable
) -> tuple[str, ...]:
    """The joint P of all levels of a category, alone and in the multivariate model where it entered."""
    entered = isinstance(together, CoxModel) and any(one.covariate == covariate for one in together.terms)
    multivariate = (
        notes.p(together.joint(covariate).p) if entered and isinstance(together, CoxModel) else NONE
    )
    return (NONE, notes.p(alone.joint(covariate).p), NONE, multivariate)


def change_table(
    change: ChangeOfMind, *, key: str, caption: str, p_format: PFormat = "ama", digits: int = 1
) -> ReportTable:
    """One line a reader and one for all: what moved, what became of the model's advice, McNemar's mid-p."""
    notes = Footnotes(p_format)
    has_model = change.model is not None
    header = ["Reader", "Pairs", "Moved right", "Moved wrong", "Stayed right", "Stayed wrong"]
    if has_model:
        header += ["Followed the model, model right, % [n/N]", "Followed the model, model wrong, % [n/N]"]
    pooled = change.pooled
    lines = [(item.reader, item.moves, item.advice, item.accuracy) for item in change.readers]
    lines.append(("All readers", pooled.moves, pooled.advice, pooled.accuracy.stratified))
    header += [f"Change of right calls, points ({ci_name(right.ci for *_, right in lines)})", "P"]
    rows = [_change_row(notes, *line, has_model=has_model, digits=digits) for line in lines]
    said = [
        f"Pairs of a reader and a case, {change.before} to {change.after}.",
        f"A score of {change.positive_from} or more is a positive call.",
        "P: McNemar's mid-p; of all readers, stratified by reader with every pair taken as independent.",
    ]
    if has_model:
        said.append(
            f"Of the pairs that disagreed with {change.model} before, those that agreed with it after."
        )
    return ReportTable(
        key, caption, tuple(header), tuple(rows), notes=(*said, *change.warnings, *notes.notes())
    )


def score_change_tables(
    table: Reclassification, *, before: str, after: str, key: str, caption: str
) -> tuple[ReportTable, ReportTable]:
    """Score before by score after with margins: ``key-positive`` and ``key-negative``."""
    labels = tuple(str(score) for score in table.scale)
    return (
        _square(f"{key}-positive", f"{caption}, positive cases", labels, table.positive, before, after),
        _square(f"{key}-negative", f"{caption}, negative cases", labels, table.negative, before, after),
    )


def nri_table(
    nri: NetReclassification,
    idi: IntegratedDiscrimination | None = None,
    *,
    key: str,
    caption: str,
    p_format: PFormat = "ama",
    digits: int = 3,
) -> ReportTable:
    """Net reclassification of events, of non-events and in sum; the integrated discrimination below."""
    notes = Footnotes(p_format)
    parts: list[tuple[str, WaldEstimate]] = [
        ("Events", nri.nri_events),
        ("Non-events", nri.nri_non_events),
        ("Net reclassification improvement", nri.nri),
    ]
    if idi is not None:
        parts += [
            ("Rise of the prediction in events", idi.rise_in_events),
            ("Fall of the prediction in non-events", idi.fall_in_non_events),
            ("Integrated discrimination improvement", idi.idi),
        ]
    rows = tuple((label, *notes.tested(part.estimate, part.ci, part.p, digits)) for label, part in parts)
    cuts = ", ".join(f"{cut:g}" for cut in nri.cutoffs)
    said = [
        f"{nri.n_positive} events: {nri.events.up} up, {nri.events.down} down.",
        f"{nri.n_negative} non-events: {nri.non_events.up} up, {nri.non_events.down} down.",
        f"Risk categories cut at {cuts}." if cuts else "Without risk categories.",
    ]
    warnings = dict.fromkeys((*nri.warnings, *(() if idi is None else idi.warnings)))
    header = ("", f"Estimate ({level_text(nri.level)} CI)", "P")
    return ReportTable(key, caption, header, rows, notes=(*said, *warnings, *notes.notes()))


def nri_category_tables(
    nri: NetReclassification, *, key: str, caption: str
) -> tuple[ReportTable, ReportTable] | NotEstimable:
    """Old category by new category: events (``key-events``) and non-events (``key-nonevents``)."""
    if not nri.event_table:
        return NotEstimable("the continuous reclassification has no categories")
    labels = _category_labels(nri.cutoffs)
    return (
        _square(f"{key}-events", f"{caption}, events", labels, nri.event_table, "old model", "new model"),
        _square(
            f"{key}-nonevents",
            f"{caption}, non-events",
            labels,
            nri.non_event_table,
            "old model",
            "new model",
        ),
    )


def _place(term: CoxTerm) -> tuple[str, str | None]:
    return term.covariate, term.level


def _term_label(term: CoxTerm, labels: Mapping[str, str]) -> str:
    label = labels.get(term.covariate, term.covariate)
    return label if term.level is None else f"{label}: {term.level} (reference {term.reference})"


def _hazard_cells(notes: Footnotes, term: CoxTerm, digits: int) -> tuple[str, ...]:
    return tuple(notes.tested(term.hazard_ratio, term.ci, term.p, digits))


def _cox_note(start: str, model: CoxModel) -> str:
    left_out = f"; {len(model.dropped)} without an outcome or a covariate left out" if model.dropped else ""
    c = model.concordance
    said = (
        ""
        if isinstance(c, NotEstimable) or isinstance(c.c, NotEstimable)
        else f"; Harrell's C {number_text(c.c, 3)}"
    )
    return f"{start}{model.n} cases, {model.n_events} events{left_out}{said}."


def _change_row(
    notes: Footnotes,
    label: str,
    moves: MoveCounts,
    advice: ModelAdvice | None,
    right: McNemarResult,
    *,
    has_model: bool,
    digits: int,
) -> tuple[str, ...]:
    counts = (moves.moved_right, moves.moved_wrong, moves.stayed_right, moves.stayed_wrong)
    cells = [label, str(sum(counts)), *(str(count) for count in counts)]
    if has_model:
        shares = (None, None) if advice is None else (advice.followed_right, advice.followed_wrong)
        cells += [_share(notes, share, digits) for share in shares]
    points = right.difference if isinstance(right.difference, NotEstimable) else 100 * right.difference
    return (*cells, *notes.tested(points, percent_interval(right.ci), right.p_mid, digits))


def _share(notes: Footnotes, share: Proportion | None, digits: int) -> str:
    if share is None:
        return NONE
    if isinstance(share.estimate, NotEstimable):
        return f"{notes.none(share.estimate)} [{share.successes}/{share.n}]"
    return f"{number_text(100 * share.estimate, digits)} [{share.successes}/{share.n}]"


def _square(
    key: str,
    caption: str,
    labels: Sequence[str],
    table: Sequence[Sequence[int]],
    rows_are: str,
    columns_are: str,
) -> ReportTable:
    """Counts with both margins."""
    lines = [
        (label, *(str(count) for count in row), str(sum(row)))
        for label, row in zip(labels, table, strict=True)
    ]
    sums = [sum(row[column] for row in table) for column in range(len(labels))]
    lines.append(("All", *(str(count) for count in sums), str(sum(sums))))
    header = (f"{rows_are} \\ {columns_are}", *labels, "All")
    return ReportTable(
        key, caption, header, tuple(lines), notes=(f"Rows: {rows_are}. Columns: {columns_are}.",)
    )


def _category_labels(cutoffs: Sequence[float]) -> tuple[str, ...]:
    cuts = [f"{cut:g}" for cut in cutoffs]
    between = [f"{low} to <{high}" for low, high in pairwise(cuts)]
    return (f"<{cuts[0]}", *between, f"≥{cuts[-1]}")
