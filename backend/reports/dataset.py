"""From the frozen document to what the analysis takes. Pure."""

from collections.abc import Mapping
from typing import Any

from backend.analysis.study_dataset import ModelOutputs, PredictionRecord, Question, ReadRecord, StudyDataset

CATEGORICAL = ("location", "choice", "ordinal")


def dataset_of(content: Mapping[str, Any]) -> StudyDataset:
    """The document of `content.study_content` as the analysis takes it.

    Raises
    ------
    AnalysisError
        When the document contradicts itself; the text names the read, case or prediction.
    """
    questions = _questions(content)
    keys = {question.key for question in questions}
    rating = content["rating_question"]
    return StudyDataset(
        title=content["study"]["title"],
        reads=tuple(
            _read_record(read, rating, keys) for read in content["reads"] if read["role"] == "primary"
        ),
        truth=content["truth"],
        arms=tuple(arm["key"] for arm in content["arms"]),
        models=tuple(_model_outputs(model) for model in content["models"]),
        questions=questions,
        scale=_scale(_question(content, rating)),
        positive_from=1 if content["positive_from"] is None else content["positive_from"],
        positive_class=content["positive_class"],
        is_synthetic=content["is_synthetic"],
    )


def _question(content: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = next(one for one in content["form"]["questions"] if one["key"] == key)
    return found


def _scale(question: Mapping[str, Any]) -> tuple[int, ...]:
    """The points of the rating; a yes or no counts as 1 or 0."""
    if "options" in question:
        return tuple(option["value"] for option in question["options"])
    return (0, 1)


def _questions(content: Mapping[str, Any]) -> tuple[Question, ...]:
    """The categorical questions besides the rating, each with its whole declared scale."""
    found = []
    for question in content["form"]["questions"]:
        categories = _categories(question)
        if categories and question["key"] != content["rating_question"]:
            found.append(Question(question["key"], question["label"], categories))
    return tuple(found)


def _categories(question: Mapping[str, Any]) -> tuple[Any, ...]:
    if question["kind"] in CATEGORICAL:
        return tuple(option["value"] for option in question["options"])
    if question["kind"] == "yes_no":
        return (False, True)
    if question["kind"] == "derived" and question["rule"]["op"] == "gt":
        return (False, True)
    return ()


def _read_record(read: Mapping[str, Any], rating: str, keys: set[str]) -> ReadRecord:
    return ReadRecord(
        reader=read["reader"],
        arm=read["arm"],
        session=read["session"],
        case=read["case"],
        score=int(read["answers"][rating]),
        answers={key: value for key, value in read["answers"].items() if key in keys},
    )


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
