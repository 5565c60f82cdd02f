"""The conduct of a study at its desk: freeze, amendments, people, deviations, the lock by two, unblinding."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

from backend.accounts.authentication import signed_in
from backend.accounts.roles import Role
from backend.adjudication.services import items_review
from backend.audit.errors import NotFound
from backend.predictions.selectors import models_for_freeze
from backend.reads.washout import washout_override
from backend.reports.services import lock_request, study_lock_and_report
from backend.reports.unblinding import MEANING, case_unblind, own_unblindings, unblinded_case
from backend.studies.access import access_membership, access_study
from backend.studies.conduct import deviations_of, member_join, member_withdraw, reader_replace
from backend.studies.protocol_pdf import protocol_pdf
from backend.studies.protocol_record import protocol_record
from backend.studies.protocols import sha256_of
from backend.studies.services import study_lock_withdraw
from backend.studies.signing import (
    amendment_of,
    check_password_again,
    protocol_amend,
    study_sign_and_freeze,
)

from . import conduct_bodies as bodies
from . import conduct_serializers as serializers
from .design_bodies import facts_of_study
from .serializers import DeskStudyOutput
from .views import COORDINATES, PROGRESS, study_response

OFFICE = PROGRESS
LOCKERS = (Role.COORDINATOR, Role.STATISTICIAN)
MAX_VERSION_DIGITS = 9


class PasswordView(APIView):
    """A view that takes a password: it could be guessed here, so tries are counted."""

    throttle_scope = "signature"

    def get_throttles(self) -> list[Any]:
        return [] if self.request.method == "GET" else [ScopedRateThrottle()]


class FreezeView(PasswordView):
    @extend_schema(responses=serializers.FreezeOutput)
    def get(self, request: Request, slug: str) -> Response:
        study = access_study(by=signed_in(request), slug=slug, roles=COORDINATES)
        return Response(serializers.FreezeOutput(bodies.freeze_body(study)).data)

    @extend_schema(request=serializers.FreezeInput, responses=DeskStudyOutput)
    def post(self, request: Request, slug: str) -> Response:
        study = access_study(by=signed_in(request), slug=slug, roles=COORDINATES)
        given = _valid(serializers.FreezeInput, request)
        study_sign_and_freeze(
            study_id=study.pk,
            models=models_for_freeze(study),
            facts=facts_of_study(study),
            strata=bodies.strata_for(study),
            seen_sha256=given["sha256"],
            password=given["password"],
            by=signed_in(request),
            now=timezone.now(),
        )
        return study_response(request, slug, COORDINATES)


class ProtocolPdfView(APIView):
    @extend_schema(
        parameters=[OpenApiParameter("version", int, description="A frozen version; else the one in force.")],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, slug: str) -> HttpResponse:
        study = access_study(by=signed_in(request), slug=slug, roles=OFFICE)
        record = protocol_record(study, _version(request))
        state = "draft" if record.is_draft else f"v{record.shown.version}"
        response = HttpResponse(protocol_pdf(record), content_type="application/pdf")
        response.headers["Content-Disposition"] = f'attachment; filename="{study.slug}-protocol-{state}.pdf"'
        response.headers["Cache-Control"] = "private, no-store"
        return response


class VersionsView(APIView):
    @extend_schema(responses=serializers.VersionsOutput)
    def get(self, request: Request, slug: str) -> Response:
        member = access_membership(by=signed_in(request), slug=slug, roles=OFFICE)
        return Response(serializers.VersionsOutput(bodies.versions_body(member)).data)


class AmendmentPreviewView(APIView):
    """Writes nothing: says what an amended document would change, or why it cannot come into force."""

    @extend_schema(request=serializers.AmendmentInput, responses=serializers.AmendmentOutput)
    def post(self, request: Request, slug: str) -> Response:
        study = access_study(by=signed_in(request), slug=slug, roles=COORDINATES)
        given = _valid(serializers.AmendmentInput, request)
        amended, changes = amendment_of(study, facts=facts_of_study(study), **given)
        body = {"version": study.protocol_version + 1, "sha256": sha256_of(amended), "changes": changes}
        return Response(serializers.AmendmentOutput(body).data)


class AmendmentsView(PasswordView):
    @extend_schema(request=serializers.SignedAmendmentInput, responses={201: serializers.AmendmentOutput})
    def post(self, request: Request, slug: str) -> Response:
        study = access_study(by=signed_in(request), slug=slug, roles=COORDINATES)
        given = _valid(serializers.SignedAmendmentInput, request)
        row = protocol_amend(
            study_id=study.pk,
            facts=facts_of_study(study),
            by=signed_in(request),
            now=timezone.now(),
            **given,
        )
        return Response(serializers.AmendmentOutput(row).data, status=status.HTTP_201_CREATED)


class MembersView(APIView):
    @extend_schema(responses=serializers.PeopleOutput)
    def get(self, request: Request, slug: str) -> Response:
        study = access_study(by=signed_in(request), slug=slug, roles=OFFICE)
        return _people(study)

    @extend_schema(request=serializers.EnrollInput, responses={201: serializers.PeopleOutput})
    def post(self, request: Request, slug: str) -> Response:
        study = access_study(by=signed_in(request), slug=slug, roles=COORDINATES)
        given = _valid(serializers.EnrollInput, request)
        member_join(
            study=study,
            user=bodies.person_named(given["username"]),
            role=Role(given["role"]),
            center=bodies.center_coded(given["center"]),
            group=given["group"],
            reason=given["reason"],
            strata=bodies.strata_for(study),
            by=signed_in(request),
            now=timezone.now(),
        )
        return _people(study, code=status.HTTP_201_CREATED)


class WithdrawView(APIView):
    @extend_schema(request=serializers.WithdrawInput, responses=serializers.PeopleOutput)
    @transaction.atomic
    def post(self, request: Request, slug: str, member_id: UUID) -> Response:
        study = access_study(by=signed_in(request), slug=slug, roles=COORDINATES)
        given = _valid(serializers.WithdrawInput, request)
        now = timezone.now()
        member_withdraw(member_id=member_id, study=study, by=signed_in(request), now=now, **given)
        items_review(study=study, now=now)
        return _people(study)


class ReplaceView(APIView):
    @extend_schema(request=serializers.ReplaceInput, responses=serializers.PeopleOutput)
    @transaction.atomic
    def post(self, request: Request, slug: str, member_id: UUID) -> Response:
        study = access_study(by=signed_in(request), slug=slug, roles=COORDINATES)
        given = _valid(serializers.ReplaceInput, request)
        now = timezone.now()
        reader_replace(
            member_id=member_id,
            study=study,
            user=bodies.person_named(given["username"]),
            reason=given["reason"],
            strata=bodies.strata_for(study),
            by=signed_in(request),
            now=now,
        )
        items_review(study=study, now=now)
        return _people(study)


class WashoutOverrideView(APIView):
    @extend_schema(request=serializers.ReasonInput, responses=serializers.PeopleOutput)
    def post(self, request: Request, slug: str, member_id: UUID) -> Response:
        study = access_study(by=signed_in(request), slug=slug, roles=COORDINATES)
        given = _valid(serializers.ReasonInput, request)
        washout_override(study=study, member_id=member_id, by=signed_in(request), now=timezone.now(), **given)
        return _people(study)


class DeviationsView(APIView):
    @extend_schema(responses=serializers.DeviationOutput(many=True))
    def get(self, request: Request, slug: str) -> Response:
        study = access_study(by=signed_in(request), slug=slug, roles=OFFICE)
        return Response(serializers.DeviationOutput(deviations_of(study), many=True).data)


class LockRequestView(APIView):
    @extend_schema(request=serializers.LockRequestInput, responses=DeskStudyOutput)
    def post(self, request: Request, slug: str) -> Response:
        study = access_study(by=signed_in(request), slug=slug, roles=LOCKERS)
        given = _valid(serializers.LockRequestInput, request)
        lock_request(study_id=study.pk, by=signed_in(request), now=timezone.now(), **given)
        return study_response(request, slug, LOCKERS)


class LockWithdrawView(APIView):
    @extend_schema(request=None, responses=DeskStudyOutput)
    def post(self, request: Request, slug: str) -> Response:
        study = access_study(by=signed_in(request), slug=slug, roles=LOCKERS)
        study_lock_withdraw(study_id=study.pk, by=signed_in(request), now=timezone.now())
        return study_response(request, slug, LOCKERS)


class LockConfirmView(PasswordView):
    @extend_schema(request=serializers.LockConfirmInput, responses=DeskStudyOutput)
    def post(self, request: Request, slug: str) -> Response:
        study = access_study(by=signed_in(request), slug=slug, roles=LOCKERS)
        given = _valid(serializers.LockConfirmInput, request)
        check_password_again(signed_in(request), given["password"])
        study_lock_and_report(study_id=study.pk, by=signed_in(request), now=timezone.now())
        return study_response(request, slug, LOCKERS)


class UnblindView(PasswordView):
    @extend_schema(responses=serializers.UnblindingsOutput)
    def get(self, request: Request, slug: str) -> Response:
        person = signed_in(request)
        study = access_study(by=person, slug=slug, roles=COORDINATES)
        body = {
            "cases": own_unblindings(study=study, by=person),
            "meaning": MEANING,
            "name": person.shown_name,
        }
        return Response(serializers.UnblindingsOutput(body).data)

    @extend_schema(request=serializers.UnblindInput, responses={201: serializers.UnblindedOutput})
    def post(self, request: Request, slug: str) -> Response:
        person = signed_in(request)
        study = access_study(by=person, slug=slug, roles=COORDINATES)
        given = _valid(serializers.UnblindInput, request)
        case_unblind(
            study=study,
            number=given["case"],
            reason=given["reason"],
            typed_name=given["name"],
            password=given["password"],
            by=person,
            now=timezone.now(),
        )
        shown = unblinded_case(study=study, number=given["case"], by=person)
        return _unblinded(shown, code=status.HTTP_201_CREATED)


class UnblindedCaseView(APIView):
    @extend_schema(operation_id="desk_unblinded_case_retrieve", responses=serializers.UnblindedOutput)
    def get(self, request: Request, slug: str, number: str) -> Response:
        study = access_study(by=signed_in(request), slug=slug, roles=COORDINATES)
        return _unblinded(unblinded_case(study=study, number=number, by=signed_in(request)))


def _unblinded(shown: object, *, code: int = status.HTTP_200_OK) -> Response:
    response = Response(serializers.UnblindedOutput(shown).data, status=code)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _people(study: Any, *, code: int = status.HTTP_200_OK) -> Response:
    body = bodies.people_body(study, now=timezone.now())
    return Response(serializers.PeopleOutput(body).data, status=code)


def _version(request: Request) -> int | None:
    text = request.query_params.get("version", "")
    if not text:
        return None
    if not text.isdecimal() or len(text) > MAX_VERSION_DIGITS:
        raise NotFound
    return int(text)


def _valid(serializer: Any, request: Request) -> dict[str, Any]:
    given = serializer(data=request.data)
    given.is_valid(raise_exception=True)
    values: dict[str, Any] = given.validated_data
    return values
