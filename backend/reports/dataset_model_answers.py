"""What models answer to questions of the form, by the links that the protocol's plan declares. Pure."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from backend.analysis.formats.cells import csv_text
from backend.analysis.formats.dataset_extras import MODEL_ANSWERS
from backend.studies.categories import categories_by_text

from .dataset_reads import Content

Link = Mapping[str, Any]


def model_answers_csv(content: Content) -> str:
    """One row a declared link and case with a prediction."""
    links = sorted(_links(content), key=lambda one: (one[0]["model"], one[0]["question"]))
    return csv_text(
        MODEL_ANSWERS,
        [
            (link["model"], one["case"], link["question"], _answer(link, one, scale))
            for link, scale in links
            for one in sorted(_predictions(content, link), key=lambda one: str(one["case"]))
        ],
    )


def model_answer_notes(content: Content) -> Iterator[str]:
    """What the answers of models are made of, and which declared ones are not there."""
    possible = [link for link, _ in _links(content)]
    for link in _declared(content):
        named = f"answers of {link['model']} to {link['question']}"
        if link not in possible:
            yield (
                f"Declared in the protocol and not available: {named}: the form does not ask it, or not with these "
                "answers."
            )
        elif not _predictions(content, link):
            yield f"Declared in the protocol and not available: {named}: no model of that name has predictions."
        else:
            yield f"The {named} (model-answers.csv) are its {link['output']} as the protocol reads it: {_rule(link)}."


def _declared(content: Content) -> Sequence[Link]:
    links: Sequence[Link] = (content.get("plan") or {}).get("model_answers", [])
    return links


def _links(content: Content) -> Iterator[tuple[Link, Mapping[str, str | int]]]:
    """The links whose question the form asks with all of their answers, each with that question's scale."""
    questions = {one["key"]: one for one in content["form"]["questions"]}
    for link in _declared(content):
        scale = categories_by_text(questions[link["question"]]) if link["question"] in questions else {}
        is_rating = link["question"] == content["rating_question"]
        if not is_rating and set(link["answers"]) <= set(scale):
            yield link, scale


def _predictions(content: Content, link: Link) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = next(
        (one["predictions"] for one in content["models"] if one["id"] == link["model"]), []
    )
    return found


def _answer(link: Link, prediction: Mapping[str, Any], scale: Mapping[str, str | int]) -> str | int:
    """The answer that the output stands for; a limit itself belongs to the later answer."""
    if link["output"] == "call":
        place = int(prediction["is_positive"])
    else:
        place = bisect_right(link["cut_offs"], prediction[link["output"]])
    return scale[link["answers"][place]]


def _rule(link: Link) -> str:
    first, *later = link["answers"]
    if link["output"] == "call":
        return f"{first} for negative, {later[0]} for positive"
    limits = (f"{answer} from {limit:g} on" for limit, answer in zip(link["cut_offs"], later, strict=True))
    return ", ".join([first, *limits])
