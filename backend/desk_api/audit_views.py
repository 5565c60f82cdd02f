"""The audit trail of a study: what happened, whether it is intact, and a file to verify elsewhere."""

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.authentication import signed_in
from backend.accounts.roles import Role
from backend.audit import chain
from backend.audit.errors import RuleBroken
from backend.audit.verification import UnreadableEvent, export_lines, links_of_study, verify_study
from backend.studies.access import access_study
from backend.studies.models import ReaderStudy
from backend.studies.session_states import StudyPhase

from . import serializers

AUDIT = (Role.COORDINATOR, Role.AUDITOR)
PAGE = 50
MAX_DIGITS = 18
# Readers save every few seconds; the trail keeps each of them, the desk is shown what was decided.
NOT_SHOWN = ("draft_saved", "item_draft_saved")
# Beside the reads of the same instant these would tell a coordinator which of them disagree.
OF_DISAGREEMENT = ("item_raised", "item_voided", "item_opened", "item_settled")
CONTENT_TYPE = "application/x-ndjson"


class AuditView(APIView):
    @extend_schema(
        parameters=[OpenApiParameter("before", int, description="Only events before this number.")],
        responses=serializers.AuditPageOutput,
    )
    def get(self, request: Request, slug: str) -> Response:
        study = access_study(by=signed_in(request), slug=slug, roles=AUDIT)
        links = links_of_study(study.pk, without=_not_shown(request, study))
        links = links.select_related("event").order_by("-sequence")
        before = request.query_params.get("before", "")
        if before.isdecimal() and len(before) <= MAX_DIGITS:
            links = links.filter(sequence__lt=int(before))
        page = list(links[: PAGE + 1])
        more = page[PAGE - 1].sequence if len(page) > PAGE else None
        return Response(serializers.AuditPageOutput({"events": page[:PAGE], "next_before": more}).data)


class AuditVerificationView(APIView):
    @extend_schema(responses=serializers.AuditVerificationOutput)
    def get(self, request: Request, slug: str) -> Response:
        """Verify every event of the study, drafts among them, against its hashes."""
        study = access_study(by=signed_in(request), slug=slug, roles=AUDIT)
        body = {"report": verify_study(study.pk), "verified_at": timezone.now()}
        return Response(serializers.AuditVerificationOutput(body).data)


class AuditExportView(APIView):
    @extend_schema(responses={(200, CONTENT_TYPE): OpenApiTypes.BINARY})
    def get(self, request: Request, slug: str) -> HttpResponse:
        """The events that the page shows, one a line, with their hashes."""
        study = access_study(by=signed_in(request), slug=slug, roles=AUDIT)
        links = links_of_study(study.pk, without=_not_shown(request, study))
        lines = export_lines(links, scope=chain.EXTRACT, study=study.slug, now=timezone.now())
        try:
            body = "".join(lines)
        except UnreadableEvent as damaged:
            raise RuleBroken("audit_damaged", f"The trail is damaged at {damaged}.") from damaged
        response = HttpResponse(body, content_type=CONTENT_TYPE)
        response.headers["Content-Disposition"] = f'attachment; filename="{study.slug}-audit.jsonl"'
        response.headers["Cache-Control"] = "private, no-store"
        return response


def _not_shown(request: Request, study: ReaderStudy) -> tuple[str, ...]:
    """The events that this person is not shown: a coordinator learns of single disagreements after the lock."""
    roles = study.members.filter(user=signed_in(request), withdrawn_at=None).values_list("role", flat=True)
    if study.phase == StudyPhase.LOCKED or Role.AUDITOR in roles:
        return NOT_SHOWN
    return (*NOT_SHOWN, *OF_DISAGREEMENT)
