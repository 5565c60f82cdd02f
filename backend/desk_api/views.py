"""What coordinator, statistician, auditor and site data manager may ask. A view parses, calls and shows."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.authentication import signed_in
from backend.accounts.roles import Role
from backend.predictions.selectors import jobs_for_study
from backend.predictions.services import jobs_request_for_study
from backend.reports.selectors import result_file, study_results
from backend.studies.access import access_membership, access_study
from backend.studies.models import StudyMember

from . import presentation, serializers

DESK = (Role.COORDINATOR, Role.STATISTICIAN, Role.AUDITOR, Role.SITE_DATA_MANAGER)
PROGRESS = (Role.COORDINATOR, Role.STATISTICIAN, Role.AUDITOR)
CASES = (Role.COORDINATOR, Role.STATISTICIAN, Role.AUDITOR, Role.SITE_DATA_MANAGER)
COORDINATES = (Role.COORDINATOR,)
RESULTS = (Role.COORDINATOR, Role.STATISTICIAN)


def study_response(request: Request, slug: str, roles: Sequence[Role]) -> Response:
    member = access_membership(by=signed_in(request), slug=slug, roles=roles)
    body = presentation.study_body(member, now=timezone.now())
    return Response(serializers.DeskStudyOutput(body).data)


class StudiesView(APIView):
    @extend_schema(responses=serializers.StudyRowOutput(many=True))
    def get(self, request: Request) -> Response:
        members = StudyMember.objects.filter(
            user=signed_in(request), role__in=DESK, withdrawn_at=None
        ).select_related("study")
        rows = [
            {"slug": one.study.slug, "title": one.study.title, "phase": one.study.phase, "role": one.role}
            for one in members.order_by("study__slug", "role")
        ]
        return Response(serializers.StudyRowOutput(rows, many=True).data)


class StudyView(APIView):
    @extend_schema(responses=serializers.DeskStudyOutput)
    def get(self, request: Request, slug: str) -> Response:
        return study_response(request, slug, DESK)


class ProgressView(APIView):
    @extend_schema(responses=serializers.ProgressOutput)
    def get(self, request: Request, slug: str) -> Response:
        study = access_study(by=signed_in(request), slug=slug, roles=PROGRESS)
        return Response(
            serializers.ProgressOutput(presentation.progress_body(study, now=timezone.now())).data
        )


class CasesView(APIView):
    @extend_schema(responses=serializers.CaseOutput(many=True))
    def get(self, request: Request, slug: str) -> Response:
        member = access_membership(by=signed_in(request), slug=slug, roles=CASES)
        return Response(serializers.CaseOutput(presentation.cases_body(member), many=True).data)


class JobsView(APIView):
    @extend_schema(responses=serializers.JobOutput(many=True))
    def get(self, request: Request, slug: str) -> Response:
        study = access_study(by=signed_in(request), slug=slug, roles=PROGRESS)
        return Response(serializers.JobOutput(jobs_for_study(study), many=True).data)


class PredictionsView(APIView):
    @extend_schema(request=None, responses=serializers.RequestedOutput)
    def post(self, request: Request, slug: str) -> Response:
        study = access_study(by=signed_in(request), slug=slug, roles=COORDINATES)
        requested = jobs_request_for_study(study=study, by=signed_in(request), now=timezone.now())
        return Response(serializers.RequestedOutput(requested).data)


class ResultsView(APIView):
    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, slug: str) -> Response:
        study = access_study(by=signed_in(request), slug=slug, roles=RESULTS)
        return Response(study_results(study))


class ResultFileView(APIView):
    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, slug: str, name: str) -> HttpResponse:
        study = access_study(by=signed_in(request), slug=slug, roles=RESULTS)
        body, content_type = result_file(study, name)
        response = HttpResponse(body, content_type=content_type)
        response.headers["Content-Disposition"] = f'attachment; filename="{study.slug}-{name}"'
        response.headers["Cache-Control"] = "private, no-store"
        return response
