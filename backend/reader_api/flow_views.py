"""What a reader's browser may ask around the reads: to sign a session, to learn from training, to correct."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

from backend.accounts.authentication import signed_in
from backend.reads.corrections import correction_submit, reopening_request
from backend.reads.signing import session_sign, sitting_after
from backend.reads.training import feedback_for

from . import flow_serializers, presentation


class SignView(APIView):
    """A password is given here, so it can be guessed here: tries are counted."""

    throttle_classes = (ScopedRateThrottle,)
    throttle_scope = "signature"

    @extend_schema(request=flow_serializers.SignInput, responses=flow_serializers.SignedOutput)
    def post(self, request: Request, slug: str, ordinal: int) -> Response:
        given = flow_serializers.SignInput(data=request.data)
        given.is_valid(raise_exception=True)
        now = timezone.now()
        signature = session_sign(
            slug=slug, ordinal=ordinal, by=signed_in(request), now=now, **given.validated_data
        )
        sitting = sitting_after(signature)
        body = {
            "meaning": signature.meaning,
            "signed_at": signature.signed_at,
            "document_sha256": signature.document_sha256,
            "next": presentation.turn_body(sitting, sitting.next_turn(now)),
        }
        return Response(flow_serializers.SignedOutput(body).data)


class FeedbackView(APIView):
    @extend_schema(responses=flow_serializers.FeedbackOutput)
    def get(self, request: Request, read_id: UUID) -> Response:
        feedback = feedback_for(by=signed_in(request), read_id=read_id)
        response = Response(flow_serializers.FeedbackOutput(feedback).data)
        response.headers["Cache-Control"] = "no-store"
        return response


class CorrectionRequestView(APIView):
    @extend_schema(
        request=flow_serializers.CorrectionRequestInput, responses=flow_serializers.CorrectionRequestOutput
    )
    def post(self, request: Request, read_id: UUID) -> Response:
        given = flow_serializers.CorrectionRequestInput(data=request.data)
        given.is_valid(raise_exception=True)
        reopening = reopening_request(
            read_id=read_id, by=signed_in(request), now=timezone.now(), **given.validated_data
        )
        body = {"status": reopening.status.lower()}
        return Response(flow_serializers.CorrectionRequestOutput(body).data)


class CorrectionView(APIView):
    @extend_schema(request=flow_serializers.CorrectionInput, responses=flow_serializers.CorrectedOutput)
    def post(self, request: Request, read_id: UUID) -> Response:
        given = flow_serializers.CorrectionInput(data=request.data)
        given.is_valid(raise_exception=True)
        correction_submit(read_id=read_id, by=signed_in(request), now=timezone.now(), **given.validated_data)
        return Response(flow_serializers.CorrectedOutput({"status": "corrected"}).data)
