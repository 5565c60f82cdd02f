"""From the frozen document to what the analysis takes. Pure."""

from collections.abc import Mapping
from typing import Any

from backend.analysis.study_dataset import ModelOutputs, PredictionRecord, Question, ReadRecord, StudyDataset
from backend.studies.categories import categories_of


def dataset_of(content: Mapping[str, Any]) -> StudyDataset:
    """The document of `content.study_content` as the analysis takes it: the primary reads of every arm.

    Raises
    ------
    AnalysisError
        When the document contradicts itself; the text names the read, case or prediction.
    """
    questions = _questions(content)
    keys = {question.key for question in questions}
    rating = content["rating_question"]
    rated: dict[str, Any] = {}
    if rating is not None:
        scale = scale_of(content, rating)
        limit = content["positive_from"]
        rated = {"scale": scale, "positive_from": scale[-1] if limit is None else limit}
    return StudyDataset(
        title=content["study"]["title"],
        reads=tuple(
            _read_record(read, rating, keys) for read in content["reads"] if read["role"] == "primary"
        ),
        truth=content["truth"],
        arms=tuple(arm["key"] for arm in content["arms"]),
        models=tuple(_model_outputs(model) for model in content["models"]),
        questions=questions,
        positive_class=content["positive_class"] or "positive",
        is_synthetic=content["is_synthetic"],
        is_rated=rating is not None,
        **rated,
    )


def _question(content: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = next(one for one in content["form"]["questions"] if one["key"] == key)
    return found


def scale_of(content: Mapping[str, Any], rating: str) -> tuple[int, ...]:
    """The points of the rating; a yes or no counts as 1 or 0."""
    question = _question(content, rating)
    if "options" in question:
        return tuple(option["value"] for option in question["options"])
    return (0, 1)


def _questions(content: Mapping[str, Any]) -> tuple[Question, ...]:
    """The categorical questions besides the rating, each with its whole declared scale."""
    found = []
    for question in content["form"]["questions"]:
        categories = categories_of(question)
        if categories and question["key"] != content["rating_question"]:
            found.append(Question(question["key"], question["label"], categories))
    return tuple(found)


def _read_record(read: Mapping[str, Any], rating: str | None, keys: set[str]) -> ReadRecord:
    return ReadRecord(
        reader=read["reader"],
        arm=read["arm"],
        session=read["session"],
        case=read["case"],
        score=_score(read["answers"].get(rating)) if rating is not None else None,
        answers={key: value for key, value in read["answers"].items() if key in keys},
    )


def _score(rating: Any) -> int | None:
    return None if rating is None else int(rating)


def _model_outputs(model: Mapping[str, Any]) -> ModelOutputs:
    records = (
        PredictionRecord(
            case=one["case"],
            score=one["score"],
            probability=one["probability"],
            is_positive=one["is_positive"],
        )
        for one in model["predictions"]
    )
    return ModelOutputs(
        name=model["id"], version=f"{model['semver']} ({model['digest'][:12]})", predictions=tuple(records)
    )
