"""What an adjudicator's browser may ask. The rules live in `adjudication`; a view parses, calls and shows."""

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.authentication import signed_in
from backend.accounts.roles import Role
from backend.adjudication.access import access_image, access_item, access_open_item, access_series
from backend.adjudication.item_states import ItemStatus
from backend.adjudication.selectors import studies_of_adjudicator, work_of
from backend.adjudication.services import item_draft_save, item_open_next, item_settle
from backend.cases.models import CaseImage
from backend.cases.pixels import read_frame
from backend.reads.image_presentation import metadata_body
from backend.studies.access import access_study
from backend.studies.session_states import StudyPhase

from . import presentation, serializers

ADJUDICATES = (Role.ADJUDICATOR,)


class StudiesView(APIView):
    @extend_schema(responses=serializers.AdjudicationStudyRowOutput(many=True))
    def get(self, request: Request) -> Response:
        by = signed_in(request)
        rows = [presentation.study_row(study, by=by) for study in studies_of_adjudicator(by)]
        return Response(serializers.AdjudicationStudyRowOutput(rows, many=True).data)


class WorklistView(APIView):
    @extend_schema(responses=serializers.AdjudicationWorklistOutput)
    def get(self, request: Request, slug: str) -> Response:
        by = signed_in(request)
        study = access_study(by=by, slug=slug, roles=ADJUDICATES)
        return Response(serializers.AdjudicationWorklistOutput(presentation.worklist_body(study, by=by)).data)


class NextView(APIView):
    @extend_schema(request=None, responses=serializers.ItemOpenedOutput)
    def post(self, request: Request, slug: str) -> Response:
        item = item_open_next(slug=slug, by=signed_in(request), now=timezone.now())
        return Response(serializers.ItemOpenedOutput({"item_id": item.pk}).data)


class ItemView(APIView):
    @extend_schema(
        responses=PolymorphicProxySerializer(
            component_name="ItemOrClosedItem",
            serializers=[serializers.ItemOutput, serializers.ClosedItemOutput],
            resource_type_field_name=None,
        )
    )
    def get(self, request: Request, item_id: UUID) -> Response:
        item = access_item(by=signed_in(request), item_id=item_id)
        if item.status != ItemStatus.OPEN or item.study.phase == StudyPhase.LOCKED:
            status = "locked" if item.status == ItemStatus.OPEN else item.status.lower()
            closed = {"id": item.pk, "alias": item.alias, "status": status}
            return _fresh(Response(serializers.ClosedItemOutput(closed).data))
        item = access_open_item(by=signed_in(request), item_id=item_id)
        return _fresh(Response(serializers.ItemOutput(presentation.item_body(item)).data))


class MetadataView(APIView):
    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request, item_id: UUID, index: int) -> Response:
        item, series = access_series(by=signed_in(request), item_id=item_id, index=index)
        images = CaseImage.objects.filter(series=series).order_by("index")
        return Response(metadata_body(item.pk, images))


class FrameView(APIView):
    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, item_id: UUID, index: int, frame: int) -> HttpResponse:
        image = access_image(by=signed_in(request), item_id=item_id, index=index, frame=frame)
        response = HttpResponse(
            read_frame(image),
            content_type=f"application/octet-stream; transfer-syntax={image.transfer_syntax_uid}",
        )
        # The address holds for this item alone, so what a browser keeps can never be another case.
        response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
        response.headers["Vary"] = "Cookie"
        return response


class DraftView(APIView):
    @extend_schema(request=serializers.ItemDraftInput, responses=serializers.ItemDraftSavedOutput)
    def put(self, request: Request, item_id: UUID) -> Response:
        given = serializers.ItemDraftInput(data=request.data)
        given.is_valid(raise_exception=True)
        saved = item_draft_save(
            item_id=item_id, by=signed_in(request), now=timezone.now(), **given.validated_data
        )
        body = {"revision": saved.revision, "saved_at": saved.saved_at, "derived": saved.derived}
        return Response(serializers.ItemDraftSavedOutput(body).data)


class SettleView(APIView):
    @extend_schema(request=serializers.SettleInput, responses=serializers.SettledOutput)
    def post(self, request: Request, item_id: UUID) -> Response:
        given = serializers.SettleInput(data=request.data)
        given.is_valid(raise_exception=True)
        by = signed_in(request)
        item = item_settle(item_id=item_id, by=by, now=timezone.now(), **given.validated_data)
        body = {"status": "settled", "waiting": work_of(item.study, by=by).waiting}
        return Response(serializers.SettledOutput(body).data)


def _fresh(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
