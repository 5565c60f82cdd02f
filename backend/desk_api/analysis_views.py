"""The full analysis of a locked study: its runs, and the files of those that are done."""

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
    analysis_file,
    analysis_file_rows,
    analysis_runs_of,
)
from backend.studies.access import access_study

from . import views
from .analysis_bodies import (
    AnalysisFilesOutput,
    AnalysisInput,
    AnalysisRunOutput,
    AnalysisRunsOutput,
    download_response,
    run_body,
    stored_response,
)


class StudyAnalysisInput(AnalysisInput):
    supplement = serializers.UUIDField(required=False, allow_null=True, default=None)


class AnalysisRunsView(APIView):
    @extend_schema(responses=AnalysisRunsOutput)
    def get(self, request: Request, slug: str) -> Response:
        study = access_study(by=signed_in(request), slug=slug, roles=views.RESULTS)
        body = {"runs": [run_body(run) for run in analysis_runs_of(study)]}
        return Response(AnalysisRunsOutput(body).data)

    @extend_schema(request=StudyAnalysisInput, responses={201: AnalysisRunOutput})
    def post(self, request: Request, slug: str) -> Response:
        study = access_study(by=signed_in(request), slug=slug, roles=views.RESULTS)
        given = StudyAnalysisInput(data=request.data)
        given.is_valid(raise_exception=True)
        asked = dict(given.validated_data)
        supplement_id = asked.pop("supplement")
        run = analysis_ask(
            study=study, by=signed_in(request), now=timezone.now(), supplement_id=supplement_id, **asked
        )
        return Response(AnalysisRunOutput(run_body(run)).data, status=status.HTTP_201_CREATED)


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
        return download_response(analysis_file(study, run_id, path), prefix=study.slug)


def _stored(request: Request, slug: str, run_id: UUID, path: str) -> HttpResponse:
    study = access_study(by=signed_in(request), slug=slug, roles=views.RESULTS)
    return stored_response(analysis_file(study, run_id, path))
