"""What an analysis run looks like from outside, of whichever dataset it is."""

import math
from pathlib import PurePosixPath
from typing import Any

from django.http import HttpResponse
from rest_framework import serializers

from backend.reports.analysis_selectors import RunFile, is_default
from backend.reports.models import AnalysisRun
from backend.reports.run_states import LEVELS, MAX_SEED, AnalysisSetName

# A figure is looked at in the browser, and may style itself and do nothing else.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
SHOWN = ("image/png", "image/svg+xml")
SETS = [one.value for one in AnalysisSetName]


class RunSupplementOutput(serializers.Serializer):
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    reason = serializers.CharField()


class AnalysisRunOutput(serializers.Serializer):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=["queued", "running", "done", "failed"])
    analysis_set = serializers.ChoiceField(choices=SETS)
    level = serializers.FloatField()
    seed = serializers.IntegerField()
    asked_at = serializers.DateTimeField()
    asked_by = serializers.CharField(allow_null=True)
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    sections_done = serializers.IntegerField()
    sections_total = serializers.IntegerField()
    section = serializers.CharField(allow_null=True)
    error = serializers.CharField(allow_null=True)
    dataset_sha256 = serializers.CharField()
    is_default = serializers.BooleanField()
    supplement = RunSupplementOutput(allow_null=True)


class AnalysisRunsOutput(serializers.Serializer):
    runs = AnalysisRunOutput(many=True)


class AnalysisInput(serializers.Serializer):
    analysis_set = serializers.ChoiceField(choices=SETS)
    level = serializers.FloatField(min_value=LEVELS[0], max_value=LEVELS[1])
    seed = serializers.IntegerField(min_value=0, max_value=MAX_SEED)

    def validate_level(self, level: float) -> float:
        # Not a number is neither too small nor too large.
        if not math.isfinite(level):
            raise serializers.ValidationError("A valid number is required.")
        return level


class AnalysisFileOutput(serializers.Serializer):
    path = serializers.CharField()
    bytes = serializers.IntegerField()
    sha256 = serializers.CharField()
    content_type = serializers.CharField()


class AnalysisFilesOutput(serializers.Serializer):
    files = AnalysisFileOutput(many=True)


def run_body(run: AnalysisRun) -> dict[str, Any]:
    """The run as `AnalysisRunOutput` takes it."""
    added = run.supplement
    return {
        "id": run.pk,
        "state": run.state.lower(),
        "analysis_set": run.analysis_set,
        "level": run.level,
        "seed": run.seed,
        "asked_at": run.asked_at,
        "asked_by": run.asked_by.shown_name if run.asked_by else None,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "sections_done": run.sections_done,
        "sections_total": run.sections_total,
        "section": run.section or None,
        "error": run.error or None,
        "dataset_sha256": run.source.content_sha256,
        "is_default": is_default(run),
        "supplement": added and {"id": added.pk, "number": added.number, "reason": added.reason},
    }


def stored_response(file: RunFile) -> HttpResponse:
    """The stored bytes, for the one who asked."""
    response = HttpResponse(file.body, content_type=file.content_type)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def download_response(file: RunFile, *, prefix: str) -> HttpResponse:
    """The stored bytes as a file of its own name, led by what it is of; figures to be looked at."""
    response = stored_response(file)
    how = "inline" if file.content_type in SHOWN else "attachment"
    name = f"{prefix}-{PurePosixPath(file.path).name}"
    response.headers["Content-Disposition"] = f'{how}; filename="{name}"'
    response.headers["Content-Security-Policy"] = POLICY
    return response
