"""The full analysis of a locked study: its runs, and the files of those that are done."""

import math
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.authentication import signed_in
from backend.reports.analysis_runs import analysis_ask
from backend.reports.analysis_selectors import (
    REPORT,
    RESULTS,
    RunFile,
    analysis_file,
    analysis_file_rows,
    analysis_runs_of,
    is_default,
)
from backend.reports.models import AnalysisRun
from backend.reports.run_states import LEVELS, MAX_SEED, AnalysisSetName
from backend.studies.access import access_study

from . import views

# A figure is looked at in the browser, and may style itself and do nothing else.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
SHOWN = ("image/png", "image/svg+xml")
SETS = [one.value for one in AnalysisSetName]


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


class AnalysisRunsView(APIView):
    @extend_schema(responses=AnalysisRunsOutput)
    def get(self, request: Request, slug: str) -> Response:
        study = access_study(by=signed_in(request), slug=slug, roles=views.RESULTS)
        body = {"runs": [_run_body(run) for run in analysis_runs_of(study)]}
        return Response(AnalysisRunsOutput(body).data)

    @extend_schema(request=AnalysisInput, responses={201: AnalysisRunOutput})
    def post(self, request: Request, slug: str) -> Response:
        study = access_study(by=signed_in(request), slug=slug, roles=views.RESULTS)
        given = AnalysisInput(data=request.data)
        given.is_valid(raise_exception=True)
        run = analysis_ask(study=study, by=signed_in(request), now=timezone.now(), **given.validated_data)
        return Response(AnalysisRunOutput(_run_body(run)).data, status=status.HTTP_201_CREATED)


class AnalysisReportView(APIView):
    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, slug: str, run_id: UUID) -> HttpResponse:
        return _stored(request, slug, run_id, REPORT)


class AnalysisResultsView(APIView):
    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, slug: str, run_id: UUID) -> HttpResponse:
        return _stored(request, slug, run_id, RESULTS)


class AnalysisFilesView(APIView):
    @extend_schema(responses=AnalysisFilesOutput)
    def get(self, request: Request, slug: str, run_id: UUID) -> Response:
        study = access_study(by=signed_in(request), slug=slug, roles=views.RESULTS)
        return Response(AnalysisFilesOutput({"files": analysis_file_rows(study, run_id)}).data)


class AnalysisFileView(APIView):
    @extend_schema(
        operation_id="desk_analysis_file_retrieve",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, slug: str, run_id: UUID, path: str) -> HttpResponse:
        study = access_study(by=signed_in(request), slug=slug, roles=views.RESULTS)
        file = analysis_file(study, run_id, path)
        response = _response(file)
        how = "inline" if file.content_type in SHOWN else "attachment"
        name = f"{study.slug}-{PurePosixPath(file.path).name}"
        response.headers["Content-Disposition"] = f'{how}; filename="{name}"'
        response.headers["Content-Security-Policy"] = POLICY
        return response


def _stored(request: Request, slug: str, run_id: UUID, path: str) -> HttpResponse:
    study = access_study(by=signed_in(request), slug=slug, roles=views.RESULTS)
    return _response(analysis_file(study, run_id, path))


def _response(file: RunFile) -> HttpResponse:
    response = HttpResponse(file.body, content_type=file.content_type)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _run_body(run: AnalysisRun) -> dict[str, Any]:
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
        "dataset_sha256": run.dataset.content_sha256,
        "is_default": is_default(run),
    }
