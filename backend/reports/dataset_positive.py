"""Which answer to a categorical question is the positive one, as far as the protocol says it. Pure."""

from collections.abc import Iterator, Mapping

from backend.studies.categories import YES_NO, categories_by_text, is_yes_no

from .dataset_reads import Content


def positive_answers(content: Content) -> dict[str, str]:
    """By question: as the plan declares it, else what a model's positive call answers, else yes of yes and no."""
    scales = _scales(content)
    found = {
        one["key"]: YES_NO[True]
        for one in content["form"]["questions"]
        if one["key"] in scales and is_yes_no(one)
    }
    called: dict[str, set[str]] = {}
    for link in (content.get("plan") or {}).get("model_answers", []):
        if link["output"] == "call":
            called.setdefault(link["question"], set()).add(link["answers"][1])
    # Two models that mean different things by positive declare none.
    found |= {key: next(iter(answers)) for key, answers in called.items() if len(answers) == 1}
    found |= _declared(content)
    return {key: answer for key, answer in found.items() if answer in scales.get(key, ())}


def positive_answer_notes(content: Content) -> Iterator[str]:
    """What was declared and is not in the form as it was answered."""
    scales = _scales(content)
    for key, answer in _declared(content).items():
        if answer not in scales.get(key, ()):
            yield (
                f"Declared in the protocol and not available: {answer} as the positive answer to {key}: the form "
                "has no such answer."
            )


def _declared(content: Content) -> Mapping[str, str]:
    declared: Mapping[str, str] = (content.get("plan") or {}).get("positive_answers", {})
    return declared


def _scales(content: Content) -> dict[str, dict[str, str | int]]:
    """The categories of each question that is compared; the rating has a limit instead."""
    questions = (one for one in content["form"]["questions"] if one["key"] != content["rating_question"])
    scales = {one["key"]: categories_by_text(one) for one in questions}
    return {key: scale for key, scale in scales.items() if scale}
