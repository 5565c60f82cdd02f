"""The parts of an analysis plan that are more than names and numbers: their faults and their words. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .categories import categories_by_text
from .design import Document, arms_of
from .design_schema import Problem, advice

PATH = "analysis.plan"
OUTPUTS = {"call": "by its call", "probability": "by its probability", "score": "by its score"}
BOTH_CALLS = 2
# Keys with a name and what is said of it, in words.
MAPPED = {
    "tests": "Tests of Table 1 that the rules do not choose",
    "ordered": "Columns whose groups have an order",
    "reference_levels": "Reference levels of regressions",
    "positive_answers": "Positive answers of questions",
    "labels": "Labels of columns",
}

RULES = {
    "fisher_below": "Fisher's exact test in Table 1 where an expected count is below",
    "fisher_share": "Fisher's exact test in Table 1 only where more than this share of counts is that low",
    "compare_counts": "Otherwise categories in Table 1 are compared by",
    "normality": "Normality in Table 1",
    "normality_alpha": "Level of the test of normality",
    "compare_means": "Means in Table 1 are compared by",
}
WORDS = {
    "chi-square": "the chi-square test",
    "yates": "the chi-square test, with Yates's correction where two by two",
    "shapiro": "tested by Shapiro and Wilk",
    "assumed": "assumed",
    "not_assumed": "not assumed: ranks are compared",
    "welch": "Welch's test",
    "student": "Student's test and analysis of variance",
}


def part_problems(plan: Mapping[str, Any], document: Document) -> Iterator[Problem]:
    """Every fault of these parts, at its path."""
    yield from _positive_answers(plan.get("positive_answers", {}), document)
    yield from _links(plan.get("model_answers", []), document)
    for key in ("tests", "ordered", "reference_levels", "labels"):
        if any(not name.strip() or name != name.strip() for name in plan.get(key, {})):
            yield Problem(f"{PATH}.{key}", "A name cannot be empty, nor begin or end with a space.")
    for column, level in plan.get("reference_levels", {}).items():
        if not level.strip() or level != level.strip():
            yield Problem(
                f"{PATH}.reference_levels",
                f"The level of {column} cannot be empty, nor begin or end with a space.",
            )
    yield from _labels(plan.get("labels", {}))
    for column, groups in plan.get("ordered", {}).items():
        if len(set(groups)) != len(groups):
            yield Problem(f"{PATH}.ordered", f"The groups of {column} must differ.")
        if any(not group.strip() or group != group.strip() for group in groups):
            yield Problem(
                f"{PATH}.ordered", f"A group of {column} cannot be empty, nor begin or end with a space."
            )
    if plan.get("fisher_share") is not None and plan["fisher_share"] >= 1:
        yield Problem(f"{PATH}.fisher_share", "This is a share of the cells: 0 or above, and below 1.")
    alpha = plan.get("normality_alpha")
    if alpha is not None and not 0 < alpha < 1:
        yield Problem(f"{PATH}.normality_alpha", "This is above 0 and below 1.")
    elif alpha is not None and plan.get("normality", "shapiro") != "shapiro":
        yield advice(f"{PATH}.normality_alpha", "Normality is not tested, so this level has no part.")
    for key in ("partial_specificity", "partial_sensitivity"):
        ends = plan.get(key, [])
        if ends and not 0 <= ends[0] < ends[1] <= 1:
            yield Problem(f"{PATH}.{key}", "A range has a low and a higher end from 0 to 1.")
    if len(set(plan.get("primary", []))) != len(plan.get("primary", [])):
        yield Problem(f"{PATH}.primary", "A result stands here twice.")
    for name in plan.get("primary", []):
        if not all(part.strip() for part in name.split("/", 1)) or "/" not in name:
            yield Problem(f"{PATH}.primary", f"{name} is no result: its section and its key are joined by /.")
    yield from _power(plan)
    yield from _event_probabilities(plan.get("event_probabilities", []), document)


def part_lines(plan: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """These parts as rows of label and text."""
    for key, label in MAPPED.items():
        if plan.get(key):
            yield (
                label,
                "; ".join(
                    f"{name}: {', '.join(one) if isinstance(one, list) else one}"
                    for name, one in plan[key].items()
                ),
            )
    yield from _rule_lines(plan)
    if plan.get("model_answers"):
        yield "Models' answers to questions", "; ".join(map(link_text, plan["model_answers"]))
    for key, label in (
        ("partial_specificity", "Partial area over specificity"),
        ("partial_sensitivity", "Partial area over sensitivity"),
    ):
        if plan.get(key):
            yield label, " to ".join(f"{value:g}" for value in plan[key])
    if plan.get("bootstrap"):
        yield "Bootstrap of curves", ", ".join(plan["bootstrap"])
    yield from _power_lines(plan)
    if plan.get("event_probabilities"):
        told = "; ".join(
            f"{one['endpoint']} by {one['by']:g}: {', '.join(one['models'])}"
            for one in plan["event_probabilities"]
        )
        yield "Models whose probabilities are those of an event", told


def _rule_lines(plan: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The rules by which the tests of Table 1 are chosen."""
    for key, label in RULES.items():
        value = plan.get(key)
        if value is not None:
            yield label, WORDS.get(value, value) if isinstance(value, str) else f"{value:g}"


def link_text(link: Mapping[str, Any]) -> str:
    """A link of a model's output to a question, in words."""
    answers = [str(link["answers"][0])]
    for number, answer in enumerate(link["answers"][1:]):
        cut_off = "" if link["output"] == "call" else f" from {link['cut_offs'][number]:g} on"
        answers.append(f"{answer}{cut_off}")
    return f"{link['model']} answers {link['question']} {OUTPUTS[link['output']]}: {', '.join(answers)}"


def _positive_answers(declared: Mapping[str, str], document: Document) -> Iterator[Problem]:
    questions = {one["key"]: one for one in document["form"]["questions"]}
    path = f"{PATH}.positive_answers"
    for key, answer in declared.items():
        if key not in questions or not categories_by_text(questions[key]):
            yield Problem(path, f"The form has no question {key} with one answer of several.")
        elif key == document["analysis"]["rating_question"]:
            yield Problem(path, f"{key} is the rating, whose limit says what is positive.")
        elif answer not in categories_by_text(questions[key]):
            yield Problem(path, f"{answer} is no answer to {key}.")


def _labels(labels: Mapping[str, str]) -> Iterator[Problem]:
    path = f"{PATH}.labels"
    for column, label in labels.items():
        if not label.strip() or label != label.strip():
            yield Problem(path, f"The label of {column} cannot be empty, nor begin or end with a space.")
        elif ":" in label:
            # The plan is written a line each, a column and its label parted by the last colon.
            yield Problem(path, f"The label of {column} cannot hold a colon.")
    if len(set(labels.values())) != len(labels):
        yield Problem(path, "Two columns cannot have the same label.")


def _links(links: Sequence[Mapping[str, Any]], document: Document) -> Iterator[Problem]:
    path = f"{PATH}.model_answers"
    questions = {one["key"]: one for one in document["form"]["questions"]}
    for link in links:
        yield from (Problem(path, text) for text in _link(link, questions, document))
    pairs = [(link["model"], link["question"]) for link in links]
    if len(set(pairs)) != len(pairs):
        yield Problem(path, "A model answers the same question twice.")
    shown = {arm["model_id"] for arm in arms_of(document)} - {""}
    lacking = sorted({link["model"] for link in links} - shown)
    if lacking:
        yield advice(
            path,
            f"No arm shows these models, so their answers must come after the lock: {', '.join(lacking)}.",
        )


def _link(
    link: Mapping[str, Any], questions: Mapping[str, Mapping[str, Any]], document: Document
) -> Iterator[str]:
    key, answers, cut_offs = link["question"], link["answers"], link.get("cut_offs", [])
    if key == document["analysis"]["rating_question"]:
        yield f"{key} is the rating, with which models are compared anyway."
        return
    known = categories_by_text(questions[key]) if key in questions else {}
    if not known:
        yield f"The form has no question {key} with one answer of several."
        return
    for answer in answers:
        if answer not in known:
            yield f"{answer} is no answer to {key}."
    if len(set(answers)) != len(answers):
        yield f"{link['model']} gives an answer to {key} twice."
    if link["output"] == "call":
        if len(answers) != BOTH_CALLS or cut_offs:
            yield "A call has two answers, the one to negative and the one to positive, and no limits."
        return
    if len(cut_offs) != len(answers) - 1 or list(cut_offs) != sorted(set(cut_offs)):
        yield "Between each two answers stands the limit from which on the later one holds, ascending."
    if link["output"] == "probability" and any(not 0 < value < 1 for value in cut_offs):
        yield "A limit of a probability is above 0 and below 1."


def _power(plan: Mapping[str, Any]) -> Iterator[Problem]:
    for key in ("power_readers", "power_cases"):
        counts = plan.get(key, [])
        if list(counts) != sorted(set(counts)):
            yield Problem(f"{PATH}.{key}", "These must ascend, each of them once.")
    for key in ("power", "power_alpha", "power_difference"):
        value = plan.get(key)
        if value is not None and not 0 < value < 1:
            yield Problem(f"{PATH}.{key}", "This is above 0 and below 1.")


def _power_lines(plan: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    labels = {
        "power_difference": "Difference that a further study shall find",
        "power": "Power of a further study",
        "power_alpha": "Two-sided level of a further study",
        "power_readers": "Numbers of readers of a further study",
        "power_cases": "Numbers of cases of a further study",
        "power_generalizes_to": "A further study generalizes to",
    }
    for key, label in labels.items():
        value = plan.get(key)
        if value:
            values = value if isinstance(value, list) else [value]
            told = (one.replace("_", " ") if isinstance(one, str) else f"{one:g}" for one in values)
            yield label, ", ".join(told)


def _event_probabilities(declared: Sequence[Mapping[str, Any]], document: Document) -> Iterator[Problem]:
    path = f"{PATH}.event_probabilities"
    endpoints = [one["endpoint"] for one in declared]
    if len(set(endpoints)) != len(endpoints):
        yield Problem(path, "One of the endpoints stands here twice.")
    names = [*endpoints, *(name for one in declared for name in one["models"])]
    if any(not name.strip() or name != name.strip() for name in names):
        yield Problem(path, "A name cannot be empty, nor begin or end with a space.")
    for one in declared:
        if len(set(one["models"])) != len(one["models"]):
            yield Problem(path, f"A model stands twice at {one['endpoint']}.")
        if one["by"] <= 0:
            yield Problem(path, f"The time of {one['endpoint']} is above 0.")
    shown = {arm["model_id"] for arm in arms_of(document)} - {""}
    lacking = sorted({name for one in declared for name in one["models"]} - shown)
    if lacking:
        yield advice(
            path,
            f"No arm shows these models, so their answers must come after the lock: {', '.join(lacking)}.",
        )
