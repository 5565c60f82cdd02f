"""What is wrong with a protocol before it is frozen, in plain sentences with the place where it stands. Pure.

A problem that blocks makes the freeze impossible; the others are advice, which a coordinator may have a reason
not to take.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .adjudication_design import Mode, check_adjudication
from .design import TRAINING_ARM, Cell, Document, cells_of, plan_for, sessions_of
from .design_facts import DesignFacts, expected_members, place_readers
from .design_overlap import overlap_problems
from .design_schema import Problem, advice, shape_problems
from .design_summary import readers_by_case
from .form_checks import check_form
from .hanging import hanging_problems
from .plan_checks import plan_problems
from .randomisation import ALGORITHM, ALGORITHM_VERSION
from .statements import stated, with_dates


def check_document(document: object, facts: DesignFacts) -> list[Problem]:
    """Every fault of a protocol document, blocking ones first.

    Parameters
    ----------
    document : object
        Anything; what has not the shape of a protocol is told that alone. While the form is faulty, what rests on
        its questions is not checked.
    facts : DesignFacts
        What the study holds.
    """
    broken = structure_problems(document)
    if broken or not isinstance(document, dict):
        return broken
    found = [
        *_titles(document),
        *_order(document),
        *_sessions(document),
        *_case_sets(document, facts),
        *_people(document, facts),
        *_arms(document, facts),
        *_repeats(document, facts),
        *_texts(document),
        *hanging_problems(document.get("hanging"), series=facts.series),
        *overlap_problems(document, facts),
    ]
    form_problems = check_form(document["form"])
    found += [Problem(f"form.{one['path']}", one["text"]) for one in form_problems]
    if not form_problems:
        found += [
            *_training(document, facts),
            *_analysis(document),
            *plan_problems(document, facts),
            *_adjudication(document, facts),
        ]
    return sorted(dict.fromkeys(found), key=lambda problem: not problem.is_blocking)


def structure_problems(document: object) -> list[Problem]:
    """Why the document cannot even be kept: it has not the shape of a protocol, or names what it does not have."""
    faults = shape_problems(document)
    if faults or not isinstance(document, dict):
        return faults
    return [*_names(document), *_references(document)]


def blocking(problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.is_blocking]


# ------------------------------------------------------------------------------------------------- names and references
_NAMED = {
    "arms": "arm",
    "reader_groups": "group of readers",
    "sequences": "sequence",
    "case_sets": "case set",
}


def _names(document: Document) -> Iterator[Problem]:
    for part, word in _NAMED.items():
        seen: set[str] = set()
        for index, one in enumerate(document["design"][part]):
            if one["key"] in seen:
                yield Problem(
                    f"design.{part}[{index}].key", f"Another {word} has the key {one['key']} already."
                )
            seen.add(one["key"])
    ordinals = sorted(session["ordinal"] for session in document["design"]["sessions"])
    if ordinals != list(range(1, len(ordinals) + 1)):
        yield Problem("design.sessions", "The sessions must be numbered 1, 2, 3 and so on, without a gap.")


def _titles(document: Document) -> Iterator[Problem]:
    for part in (*_NAMED, "sessions"):
        for index, one in enumerate(document["design"][part]):
            if not one["title"].strip():
                yield Problem(f"design.{part}[{index}].title", "This has no title.")


def _references(document: Document) -> Iterator[Problem]:
    design = document["design"]
    known = {part: {one["key"] for one in design[part]} for part in _NAMED}
    for place, row in _rows(document):
        for name, part in (("group", "reader_groups"), ("sequence", "sequences"), ("case_set", "case_sets")):
            is_every = row[name] == "*" and name != "case_set"
            if not is_every and row[name] not in known[part]:
                yield Problem(f"{place}.{name}", f"The design has no {_NAMED[part]} {row[name]}.")
        for key in row["arms"]:
            if key not in known["arms"]:
                yield Problem(f"{place}.arms", f"The design has no arm {key}.")


def _rows(document: Document) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for index, session in enumerate(document["design"]["sessions"]):
        for number, row in enumerate(session["plan"]):
            yield f"design.sessions[{index}].plan[{number}]", row


# ------------------------------------------------------------------------------------------------------------- sessions
def _order(document: Document) -> Iterator[Problem]:
    order = document["case_order"]
    if (order["algorithm"], order["algorithm_version"]) != (ALGORITHM, ALGORITHM_VERSION):
        yield Problem(
            "case_order.algorithm",
            f"Orders are drawn by {ALGORITHM}, version {ALGORITHM_VERSION}; the protocol names another algorithm.",
        )


def _sessions(document: Document) -> Iterator[Problem]:
    cells = cells_of(document)
    for index, session in enumerate(document["design"]["sessions"]):
        place = f"design.sessions[{index}]"
        idle = [cell for cell in cells if not plan_for(document, session["ordinal"], cell)]
        if not session["plan"]:
            yield Problem(f"{place}.plan", f"In {session['title']} nobody reads anything.")
        elif idle:
            yield advice(
                f"{place}.plan",
                f"In {session['title']} these readers read nothing: {_cell_words(document, idle)}.",
            )
        if session["ordinal"] == 1 and session["washout_days"]:
            yield advice(
                f"{place}.washout_days",
                "Nothing is read before the first session, so its washout has no effect.",
            )


def _cell_words(document: Document, cells: Iterable[Cell]) -> str:
    design = document["design"]
    groups = {one["key"]: one["title"] for one in design["reader_groups"]}
    sequences = {one["key"]: one["title"] for one in design["sequences"]}
    return "; ".join(f"{groups[cell.group]}, {sequences[cell.sequence]}" for cell in cells)


# ----------------------------------------------------------------------------------------------------- cases and people
def _case_sets(document: Document, facts: DesignFacts) -> Iterator[Problem]:
    if not facts.cases:
        yield Problem("cases", "The study has no cases yet.")
        return
    numbers = {case.number for case in facts.cases}
    known = {
        "cases": numbers,
        "centers": {case.center for case in facts.cases},
        "cohorts": {case.cohort for case in facts.cases},
    }
    for index, one in enumerate(document["design"]["case_sets"]):
        place = f"design.case_sets[{index}]"
        for name, values in known.items():
            unknown = (
                sorted(set(one.get(name, [])) - values) if name in _PART_OF_HOW.get(one["how"], ()) else []
            )
            if unknown:
                yield Problem(
                    f"{place}.{name}", f"The study has no case of these: {', '.join(unknown[:10])}."
                )
        if one["how"] == "part" and one["part"] > one["of"]:
            yield Problem(f"{place}.part", f"There is no part {one['part']} of {one['of']}.")
        elif not expected_members(one, facts.cases):
            yield Problem(place, f"The case set {one['title']} holds no case.")
        elif one["how"] == "random" and one["n"] > len(numbers):
            yield advice(
                f"{place}.n", f"The study has {len(numbers)} cases, so {one['title']} holds all of them."
            )


_PART_OF_HOW = {"list": ("cases",), "center": ("centers",), "cohort": ("cohorts",)}


def _people(document: Document, facts: DesignFacts) -> Iterator[Problem]:
    if not cells_of(document):
        yield Problem("design.sessions", "No group of readers reads anything in any session.")
        return
    if not facts.readers:
        yield Problem("readers", "The study has no readers yet.")
        return
    groups = {one["key"] for one in document["design"]["reader_groups"]}
    placed = {cell.group for cell in cells_of(document)}
    for group in sorted({reader.group for reader in facts.readers if reader.group} - placed):
        words = "reads nothing in this design" if group in groups else "is not in this design"
        yield Problem("readers", f"A reader was placed in the group {group}, which {words}.")
    cells = cells_of(document)
    if len(facts.readers) < len(cells):
        yield advice(
            "readers",
            f"The design has {len(cells)} places (group and sequence) and only {len(facts.readers)} readers, so some "
            "stay empty.",
        )
    elif len(facts.readers) < 2:
        yield advice("readers", "With one reader no agreement between readers can be measured.")


def _arms(document: Document, facts: DesignFacts) -> Iterator[Problem]:
    used = {key for _, row in _rows(document) for key in row["arms"]}
    models: dict[str, str] = {}
    for index, arm in enumerate(document["design"]["arms"]):
        place = f"design.arms[{index}]"
        model = arm["model_id"]
        if model and model not in facts.model_ids:
            yield Problem(f"{place}.model_id", f"No model {model} is registered here.")
        if arm["key"] == TRAINING_ARM:
            yield Problem(f"{place}.key", f"{TRAINING_ARM} is the arm of the training; choose another key.")
        if arm["key"] not in used:
            yield advice(place, f"No session reads in the arm {arm['title']}.")
        if model in models:
            shown = f"the same model, {model}" if model else "no model"
            yield advice(
                f"{place}.model_id", f"The arms {models[model]} and {arm['title']} both show {shown}."
            )
        models.setdefault(model, arm["title"])


# ------------------------------------------------------------------------------------------------- repeats and training
def _repeats(document: Document, facts: DesignFacts) -> Iterator[Problem]:
    repeats = document["hidden_repeats"]
    if repeats is None:
        if not any(session.get("is_reread") for session in sessions_of(document)):
            yield advice(
                "hidden_repeats",
                "Without hidden repeats and without a re-read the agreement of a reader with himself or herself "
                "cannot be measured.",
            )
        return
    ordinals = {session["ordinal"] for session in sessions_of(document)}
    members = {one["key"]: expected_members(one, facts.cases) for one in document["design"]["case_sets"]}
    for index, ordinal in enumerate(repeats["sessions"]):
        if ordinal not in ordinals:
            yield Problem(f"hidden_repeats.sessions[{index}]", f"There is no session {ordinal}.")
            continue
        sizes = [
            sum(len(members[row.case_set]) for row in plan_for(document, ordinal, cell))
            for cell in cells_of(document)
        ]
        fewest = min((size for size in sizes if size), default=0)
        if facts.cases and fewest and fewest - repeats["min_lag"] < repeats["count"]:
            yield Problem(
                "hidden_repeats",
                f"{repeats['count']} repeats after {repeats['min_lag']} other cases do not fit into the {fewest} "
                f"cases of session {ordinal}.",
            )


def _training(document: Document, facts: DesignFacts) -> Iterator[Problem]:
    training = document["training"]
    if training is None:
        if facts.training:
            yield advice("training", "There are training cases, but the protocol has no training.")
        return
    if not facts.training:
        yield Problem("training", "The training has no training cases.")
    kinds = {question["key"]: question["kind"] for question in document["form"]["questions"]}
    for index, key in enumerate(training["questions"]):
        if key not in kinds:
            yield Problem(f"training.questions[{index}]", f"The form has no question {key}.")
        elif kinds[key] in ("text", "mask", "mark"):
            yield Problem(
                f"training.questions[{index}]",
                f"An answer to a question of the kind {kinds[key]} cannot be marked as right.",
            )
        else:
            lacking = [one.number for one in facts.training if key not in one.keyed_questions]
            if lacking:
                yield Problem(
                    "training", f"The right answer to {key} is missing for {', '.join(lacking[:10])}."
                )
    for key in training["tolerance"]:
        if kinds.get(key) not in ("measurement", "number", "probability", "derived"):
            yield Problem(f"training.tolerance.{key}", f"{key} is no question that is answered by a number.")


# -------------------------------------------------------------------------------------------- analysis and adjudication
def _analysis(document: Document) -> Iterator[Problem]:
    analysis = document["analysis"]
    key = analysis["rating_question"]
    if key is None:
        yield advice(
            "analysis.rating_question", "No question is named as the rating, so there is no ROC analysis."
        )
        return
    questions = {question["key"]: question for question in document["form"]["questions"]}
    if key not in questions:
        yield Problem("analysis.rating_question", f"The form has no question {key}.")
        return
    question = questions[key]
    if question["kind"] == "ordinal":
        yield from _ordinal_rating(question, analysis)
    elif question["kind"] == "yes_no" or (
        question["kind"] == "derived" and question.get("type") == "boolean"
    ):
        if analysis["positive_from"] is not None:
            yield Problem(
                "analysis.positive_from",
                "An answer of yes or no needs no limit from which on it is positive.",
            )
    else:
        yield Problem(
            "analysis.rating_question",
            f"{key} is neither an ordinal scale nor answered by yes or no, so it cannot be the rating.",
        )
    if analysis["reference"] == "consensus" and document["adjudication"] is None:
        yield Problem(
            "analysis.reference",
            "The readers' consensus is the reference standard, and nothing is adjudicated.",
        )
    elif analysis["reference"] == "consensus":
        first, arms = document["design"]["arms"][0], document["adjudication"]["arms"]
        if arms and first["key"] not in arms:
            yield Problem(
                "analysis.reference",
                f"The readers' consensus in the first arm, {first['title']}, is the reference standard, and that "
                "arm is not adjudicated.",
            )
    if not analysis["positive_class"].strip():
        yield advice("analysis.positive_class", "Say in words what a positive rating means.")


def _ordinal_rating(question: Mapping[str, Any], analysis: Mapping[str, Any]) -> Iterator[Problem]:
    values = [option["value"] for option in question["options"]]
    if analysis["positive_from"] is None:
        yield Problem("analysis.positive_from", "Say from which point of the scale on a rating is positive.")
    elif analysis["positive_from"] not in values:
        yield Problem("analysis.positive_from", f"The scale has no point {analysis['positive_from']}.")
    elif analysis["positive_from"] == values[0]:
        yield Problem(
            "analysis.positive_from", "From the lowest point of the scale on every rating would be positive."
        )


def _adjudication(document: Document, facts: DesignFacts) -> Iterator[Problem]:
    adjudication = document["adjudication"]
    if adjudication is None:
        return
    arms = [arm["key"] for arm in document["design"]["arms"]]
    for one in check_adjudication(adjudication, questions=document["form"]["questions"], arms=arms):
        yield Problem(one["path"], one["text"])
    if not facts.adjudicators and adjudication["mode"] != Mode.MAJORITY:
        yield advice("adjudication.mode", "The study has no adjudicator yet.")
    if not facts.readers or not facts.cases or not cells_of(document):
        return
    covered = adjudication["arms"] or arms
    places = place_readers(cells_of(document), facts.readers)
    for arm, counts in readers_by_case(document, facts.cases, places).items():
        lonely = [number for number, readers in counts.items() if readers == 1]
        if arm in covered and lonely:
            yield Problem(
                "adjudication",
                f"{len(lonely)} cases are read by one reader only in the arm {arm}; nothing can be discordant there.",
            )


def _texts(document: Document) -> Iterator[Problem]:
    if not document["objective"].strip():
        yield advice("objective", "The protocol does not say what the study asks.")
    if not document["instructions"].strip():
        yield advice("instructions", "The readers are given no instructions.")
    for key in sorted(with_dates(stated(document))):
        yield advice(f"statements.{key}", "This may hold a date; it would stay out of the data set for that.")
    break_minutes = document["sittings"]["break_minutes"]
    capped = document["sittings"]["max_cases"] or document["sittings"]["max_minutes"]
    if capped and not break_minutes:
        yield advice("sittings.break_minutes", "A sitting has a cap, but no break follows it.")
