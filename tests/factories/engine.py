"""Two studies that between them use every rule of the protocol engine."""

from typing import Any

from backend.predictions.selectors import models_for_freeze
from backend.studies.models import ReaderStudy
from backend.studies.services import case_add, protocol_save, study_freeze
from backend.studies.session_states import CasePurpose
from backend.truth.selectors import strata_of

from .bare import make_case, make_mask
from .model import model_output, predicted
from .studies import StudyStory, design


def signed_study(name: str, password: str) -> StudyStory:
    """Unaided and then aided after a washout of 28 days; two cases a sitting; every session is signed."""
    return _frozen(
        design(name, cases=3),
        password,
        signature=True,
        sittings={"max_cases": 2, "max_minutes": None, "break_minutes": 15},
    )


def adjudicated_study(name: str, password: str) -> StudyStory:
    """Training first; then every case unaided and aided in one go, one case twice, and a third reader."""
    story = design(name, cases=4)
    _add_training_case(story)
    document: dict[str, Any] = dict(story.study.protocol)
    plan = [{"group": "*", "sequence": "*", "case_set": "all", "arms": ["unaided", "aided"]}]
    session = {"ordinal": 1, "title": "Session 1", "period": 1, "washout_days": 0, "plan": plan}
    return _frozen(
        story,
        password,
        design={**document["design"], "kind": "sequential", "sessions": [session]},
        hidden_repeats={"count": 1, "min_lag": 2, "sessions": [1]},
        case_order={**document["case_order"], "balance": "prevalence"},
        training={"pass_mark": 1.0, "max_attempts": 2, "questions": ["rating"], "tolerance": {}},
        adjudication={
            "mode": "third_reader",
            "arms": ["unaided"],
            "rules": [{"question": "rating", "when": "mismatch"}],
            "expected_discordance": 0.3,
            "minutes_per_item": 4,
        },
    )


def _add_training_case(story: StudyStory) -> None:
    by = story.people["coordinator"]
    case = make_case(f"{story.centers[0].code}-9001", center=story.centers[0].code)
    make_mask(case, content=case.number)
    story.cases.append(case)
    predicted(case, model_output(0.5, probability=0.6, mark="training"), by=by, now=story.clock.tick())
    case_add(
        study=story.study,
        case=case,
        by=by,
        now=story.clock.tick(),
        purpose=CasePurpose.TRAINING,
        training_key={"answers": {"rating": 4}, "text": f"A round node of 9 mm: {story.name}-KEY"},
    )


def _frozen(story: StudyStory, password: str, **changes: Any) -> StudyStory:
    for user in story.people.values():
        user.set_password(password)
        user.save(update_fields=["password"])
    by = story.people["coordinator"]
    study = ReaderStudy.objects.get(pk=story.study.pk)
    protocol_save(
        study_id=study.pk,
        document={**study.protocol, **changes},
        revision=study.revision,
        by=by,
        now=story.clock.tick(),
    )
    story.refresh()
    study_freeze(
        study_id=study.pk,
        models=models_for_freeze(story.study),
        strata=strata_of(story.study),
        by=by,
        now=story.clock.tick(),
    )
    return story.refresh()
