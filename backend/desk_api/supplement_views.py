"""Supplements of a locked study's analysis: files and keys of the plan that came after the lock."""

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.authentication import signed_in
from backend.analysis.pipeline.plan_names import PLAN_KINDS
from backend.reports.models import AnalysisSupplement
from backend.reports.supplement_merge import ACCEPTED
from backend.reports.supplements import ground_of, supplement_add, supplements_of, told_of
from backend.studies.access import access_study

from . import views
from .uploads import sent

MAX_REASON = 2_000


class SupplementFileOutput(serializers.Serializer):
    path = serializers.CharField()
    bytes = serializers.IntegerField()
    rows = serializers.IntegerField()


@extend_schema_field(OpenApiTypes.OBJECT)
class PlanField(serializers.JSONField):
    """Keys of the plan and their values."""


class SupplementOutput(serializers.Serializer):
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    reason = serializers.CharField()
    files = SupplementFileOutput(many=True)
    plan = PlanField()
    content_sha256 = serializers.CharField()
    added_at = serializers.DateTimeField()
    added_by = serializers.CharField()


class PlanKeyOutput(serializers.Serializer):
    key = serializers.CharField()
    kind = serializers.ChoiceField(choices=PLAN_KINDS)
    help = serializers.CharField()


class SupplementsOutput(serializers.Serializer):
    supplements = SupplementOutput(many=True)
    accepts = serializers.ListField(child=serializers.CharField())
    plan_keys = PlanKeyOutput(many=True)
    columns = serializers.ListField(child=serializers.CharField())
    cases = serializers.ListField(child=serializers.CharField())
    models = serializers.ListField(child=serializers.CharField())


class SupplementInput(serializers.Serializer):
    reason = serializers.CharField(max_length=MAX_REASON)
    plan = serializers.CharField(required=False, allow_blank=True, default="")
    files = serializers.ListField(
        child=serializers.FileField(allow_empty_file=True), required=False, default=list
    )


class SupplementsView(APIView):
    parser_classes = (JSONParser, MultiPartParser)

    @extend_schema(responses=SupplementsOutput)
    def get(self, request: Request, slug: str) -> Response:
        study = access_study(by=signed_in(request), slug=slug, roles=views.RESULTS)
        ground = ground_of(study)
        body = {
            "supplements": [_row(one) for one in supplements_of(study)],
            "accepts": list(ACCEPTED),
            "plan_keys": [one.to_json() for one in ground.plan_keys],
            "columns": ground.columns,
            "cases": ground.cases,
            "models": ground.models,
        }
        return Response(SupplementsOutput(body).data)

    @extend_schema(request={"multipart/form-data": SupplementInput}, responses={201: SupplementOutput})
    def post(self, request: Request, slug: str) -> Response:
        study = access_study(by=signed_in(request), slug=slug, roles=views.RESULTS)
        given = SupplementInput(data=sent(request, "reason", "plan"))
        given.is_valid(raise_exception=True)
        supplement = supplement_add(
            study=study,
            uploads=given.validated_data["files"],
            plan=given.validated_data["plan"],
            reason=given.validated_data["reason"],
            by=signed_in(request),
            now=timezone.now(),
        )
        return Response(SupplementOutput(_row(supplement)).data, status=status.HTTP_201_CREATED)


def _row(supplement: AnalysisSupplement) -> dict[str, Any]:
    told = told_of(supplement.pk, supplement.content_sha256)
    return {
        "id": supplement.pk,
        "number": supplement.number,
        "reason": supplement.reason,
        "files": told.files,
        "plan": told.plan,
        "content_sha256": supplement.content_sha256,
        "added_at": supplement.added_at,
        "added_by": supplement.added_by.shown_name,
    }
