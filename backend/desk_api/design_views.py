"""The study designer: templates, the protocol in design, its summary, and the cases of the study."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.authentication import signed_in
from backend.accounts.roles import Role
from backend.audit.errors import InvalidInput
from backend.studies.access import access_membership, access_study
from backend.studies.beginning import study_begin
from backend.studies.design_patterns import PATTERNS, PatternRefused, apply_pattern
from backend.studies.services import case_add, case_remove, case_update, protocol_save
from backend.studies.session_states import CasePurpose
from backend.studies.templates import CARDS

from . import design_bodies as bodies
from . import design_serializers as serializers

COORDINATES = (Role.COORDINATOR,)
PROTOCOL = (Role.COORDINATOR, Role.STATISTICIAN, Role.AUDITOR)
MAY_CREATE = "studies.add_readerstudy"


class TemplatesView(APIView):
    @extend_schema(responses=serializers.TemplatesOutput)
    def get(self, request: Request) -> Response:
        body = {"templates": CARDS, "patterns": PATTERNS.values()}
        return Response(serializers.TemplatesOutput(body).data)


class NewStudyView(APIView):
    @extend_schema(
        request=serializers.NewStudyInput,
        responses={201: serializers.NewStudyOutput},
    )
    def post(self, request: Request) -> Response:
        person = signed_in(request)
        if not person.has_perm(MAY_CREATE):
            raise PermissionDenied("Your account may not create studies.")
        given = _valid(serializers.NewStudyInput, request)
        study = study_begin(by=person, now=timezone.now(), **given)
        return Response(serializers.NewStudyOutput(study).data, status=status.HTTP_201_CREATED)


class ProtocolView(APIView):
    @extend_schema(responses=serializers.ProtocolOutput)
    def get(self, request: Request, slug: str) -> Response:
        member = access_membership(by=signed_in(request), slug=slug, roles=PROTOCOL)
        return Response(serializers.ProtocolOutput(bodies.protocol_body(member)).data)

    @extend_schema(request=serializers.ProtocolInput, responses=serializers.SavedOutput)
    def put(self, request: Request, slug: str) -> Response:
        study = access_study(by=signed_in(request), slug=slug, roles=COORDINATES)
        given = _valid(serializers.ProtocolInput, request)
        saved = protocol_save(
            study_id=study.pk,
            document=bodies.check_structure(given["document"]),
            revision=given["revision"],
            title=given.get("title"),
            by=signed_in(request),
            now=timezone.now(),
        )
        body = {"revision": saved.revision, "problems": bodies.problems_of_study(saved)}
        return Response(serializers.SavedOutput(body).data)


class DesignSummaryView(APIView):
    """Writes nothing: the designer asks while it is typed in."""

    @extend_schema(request=serializers.SummaryInput, responses=serializers.SummaryOutput)
    def post(self, request: Request, slug: str) -> Response:
        study = access_study(by=signed_in(request), slug=slug, roles=PROTOCOL)
        given = _valid(serializers.SummaryInput, request)
        body = bodies.summary_body(
            study,
            given["document"],
            pace=given.get("pace", {}),
            start=given.get("start") or timezone.now().date(),
        )
        return Response(serializers.SummaryOutput(body).data)


class DesignPatternView(APIView):
    """Writes nothing: gives the document back with another reading design."""

    @extend_schema(request=serializers.PatternInput, responses=serializers.PatternedOutput)
    def post(self, request: Request, slug: str) -> Response:
        access_study(by=signed_in(request), slug=slug, roles=COORDINATES)
        given = _valid(serializers.PatternInput, request)
        document = bodies.check_structure(given["document"])
        try:
            changed = apply_pattern(document, given["pattern"], **given["options"])
        except PatternRefused as refused:
            raise InvalidInput("This design cannot be used.", {refused.field: refused.text}) from refused
        return Response(serializers.PatternedOutput({"document": changed}).data)


class CandidatesView(APIView):
    @extend_schema(responses=serializers.CandidateOutput(many=True))
    def get(self, request: Request, slug: str) -> Response:
        study = access_study(by=signed_in(request), slug=slug, roles=COORDINATES)
        rows = bodies.candidates_body(study, by=signed_in(request))
        return Response(serializers.CandidateOutput(rows, many=True).data)


class DesignCasesView(APIView):
    @extend_schema(responses=serializers.DesignCaseOutput(many=True))
    def get(self, request: Request, slug: str) -> Response:
        study = access_study(by=signed_in(request), slug=slug, roles=COORDINATES)
        return Response(serializers.DesignCaseOutput(bodies.design_cases(study), many=True).data)

    @extend_schema(request=serializers.CasesInput, responses={201: serializers.DesignCaseOutput(many=True)})
    @transaction.atomic
    def post(self, request: Request, slug: str) -> Response:
        person, now = signed_in(request), timezone.now()
        study = access_study(by=person, slug=slug, roles=COORDINATES)
        given = _valid(serializers.CasesInput, request)
        known = {case.number: case for case in bodies.candidate_cases(study, by=person)}
        unknown = [number for number in given["numbers"] if number not in known]
        if unknown:
            raise InvalidInput(
                "Some cases cannot be added.",
                {"numbers": f"{unknown[0]} is not among the cases to choose from."},
            )
        for number in dict.fromkeys(given["numbers"]):
            case_add(
                study=study,
                case=known[number],
                purpose=CasePurpose(given["purpose"]),
                cohort=given["cohort"],
                by=person,
                now=now,
            )
        rows = bodies.design_cases(study)
        return Response(serializers.DesignCaseOutput(rows, many=True).data, status=status.HTTP_201_CREATED)


class DesignCaseView(APIView):
    @extend_schema(request=serializers.CaseChangeInput, responses=serializers.DesignCaseOutput)
    def put(self, request: Request, slug: str, number: str) -> Response:
        study = access_study(by=signed_in(request), slug=slug, roles=COORDINATES)
        given = dict(_valid(serializers.CaseChangeInput, request))
        if "training_key" in given:
            given["training_key"] = bodies.check_training_key(study, given["training_key"])
        changed = case_update(study=study, number=number, by=signed_in(request), now=timezone.now(), **given)
        return Response(serializers.DesignCaseOutput(bodies.case_body(changed)).data)

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, slug: str, number: str) -> Response:
        study = access_study(by=signed_in(request), slug=slug, roles=COORDINATES)
        case_remove(study=study, number=number, by=signed_in(request), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


def _valid(serializer: Any, request: Request) -> Mapping[str, Any]:
    given = serializer(data=request.data)
    given.is_valid(raise_exception=True)
    values: Mapping[str, Any] = given.validated_data
    return values
