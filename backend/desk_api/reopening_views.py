"""Requests of readers to correct a submitted read: the desk lists them, grants or refuses; no answer is shown."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.authentication import signed_in
from backend.reads.corrections import (
    access_reopening,
    reopening_grant,
    reopening_refuse,
    reopenings_of,
)
from backend.studies.access import access_study

from .views import COORDINATES, PROGRESS


class ReopeningOutput(serializers.Serializer):
    """A request by its reader and session. The case is not named: which stands where is hidden until the lock."""

    id = serializers.UUIDField()
    reader = serializers.CharField()
    session_title = serializers.CharField()
    alias = serializers.CharField()
    status = serializers.CharField()
    reason = serializers.CharField()
    requested_at = serializers.DateTimeField()
    decision = serializers.CharField(allow_blank=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    decided_by = serializers.CharField(allow_blank=True)


class DecisionInput(serializers.Serializer):
    decision = serializers.CharField(max_length=1_000)


class DecidedOutput(serializers.Serializer):
    status = serializers.CharField()


class ReopeningsView(APIView):
    @extend_schema(responses=ReopeningOutput(many=True))
    def get(self, request: Request, slug: str) -> Response:
        study = access_study(by=signed_in(request), slug=slug, roles=PROGRESS)
        rows: list[dict[str, Any]] = [
            {
                "id": one.pk,
                "reader": one.requested_by.shown_name,
                "session_title": one.read.assignment.reading_session.session.title,
                "alias": one.read.assignment.alias,
                "status": one.status.lower(),
                "reason": one.reason,
                "requested_at": one.requested_at,
                "decision": one.decision,
                "decided_at": one.decided_at,
                "decided_by": one.decided_by.shown_name if one.decided_by else "",
            }
            for one in reopenings_of(study)
        ]
        return Response(ReopeningOutput(rows, many=True).data)


class GrantView(APIView):
    @extend_schema(request=DecisionInput, responses=DecidedOutput)
    def post(self, request: Request, slug: str, reopening_id: UUID) -> Response:
        return _decided(request, slug, reopening_id, reopening_grant)


class RefuseView(APIView):
    @extend_schema(request=DecisionInput, responses=DecidedOutput)
    def post(self, request: Request, slug: str, reopening_id: UUID) -> Response:
        return _decided(request, slug, reopening_id, reopening_refuse)


def _decided(request: Request, slug: str, reopening_id: UUID, decide: Any) -> Response:
    study = access_study(by=signed_in(request), slug=slug, roles=COORDINATES)
    reopening = access_reopening(study=study, reopening_id=reopening_id)
    given = DecisionInput(data=request.data)
    given.is_valid(raise_exception=True)
    decided = decide(
        reopening_id=reopening.pk, by=signed_in(request), now=timezone.now(), **given.validated_data
    )
    return Response(DecidedOutput({"status": decided.status.lower()}).data)
