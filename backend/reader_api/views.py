"""What a reader's browser may ask. The rules live in `reads` and `studies`; a view parses, calls and shows."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.authentication import signed_in
from backend.accounts.models import User
from backend.accounts.roles import Role
from backend.cases.models import CaseImage
from backend.cases.pixels import read_frame
from backend.predictions.release import (
    access_shown_series,
    aid_for,
    is_released,
    overlay_for,
    read_open_next_with_aid,
    read_submit_then_open,
    read_submit_with_aid,
    upcoming_with_aid,
)
from backend.reads.access import access_open_read, access_read, image_at, is_open, sitting_of
from backend.reads.image_presentation import metadata_body
from backend.reads.models import Read
from backend.reads.services import draft_save
from backend.studies.access import access_membership
from backend.studies.session_states import NextStatus, NextTurn, StudyPhase

from . import presentation, serializers


class WorklistView(APIView):
    @extend_schema(responses=serializers.WorklistOutput)
    def get(self, request: Request, slug: str) -> Response:
        member = access_membership(by=signed_in(request), slug=slug, roles=[Role.READER])
        sitting = sitting_of(member)
        if sitting.study.phase == StudyPhase.READING:
            turn = sitting.next_turn(timezone.now())
            body = presentation.worklist_body(sitting, turn)
        else:
            turn = NextTurn(status=NextStatus.COMPLETE)
            body = presentation.worklist_body(sitting, turn)
            status = "not_frozen" if sitting.study.phase == StudyPhase.DESIGN else "locked"
            body["next"] = presentation.turn_body(sitting, turn, status=status)
        return Response(serializers.WorklistOutput(body).data)


class NextView(APIView):
    @extend_schema(request=None, responses=serializers.ReadOpenedOutput)
    def post(self, request: Request, slug: str) -> Response:
        read = read_open_next_with_aid(slug=slug, by=signed_in(request), now=timezone.now())
        return Response(serializers.ReadOpenedOutput({"read_id": read.pk}).data)


class UpcomingView(APIView):
    """Which images to fetch ahead while a read is open. Asking writes nothing and opens nothing."""

    @extend_schema(responses=serializers.UpcomingOutput)
    def get(self, request: Request, slug: str) -> Response:
        read = upcoming_with_aid(slug=slug, by=signed_in(request), now=timezone.now())
        return Response(serializers.UpcomingOutput(presentation.upcoming_body(read)).data)


class ReadView(APIView):
    @extend_schema(
        responses=PolymorphicProxySerializer(
            component_name="ReadOrLockedRead",
            serializers=[serializers.ReadOutput, serializers.LockedReadOutput],
            resource_type_field_name=None,
        )
    )
    def get(self, request: Request, read_id: UUID) -> Response:
        read = access_read(by=signed_in(request), read_id=read_id)
        if not is_open(read):
            return Response(serializers.LockedReadOutput(presentation.locked_body(read)).data)
        by = signed_in(request)
        read = access_open_read(by=by, read_id=read_id)
        return Response(serializers.ReadOutput(_read_body(by, read)).data)


class MetadataView(APIView):
    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request, read_id: UUID, index: int) -> Response:
        read, series = access_shown_series(
            by=signed_in(request), read_id=read_id, index=index, now=timezone.now()
        )
        images = CaseImage.objects.filter(series=series).order_by("index")
        return Response(metadata_body(read.pk, images))


class FrameView(APIView):
    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, read_id: UUID, index: int, frame: int) -> HttpResponse:
        read, series = access_shown_series(
            by=signed_in(request), read_id=read_id, index=index, now=timezone.now()
        )
        image = image_at(series, frame)
        response = HttpResponse(
            read_frame(image),
            content_type=f"application/octet-stream; transfer-syntax={image.transfer_syntax_uid}",
        )
        # The address holds for this read alone, so what a browser keeps can never be another case. Of one that is
        # not opened yet, and may never be, it keeps nothing beyond the page.
        is_opened = read.opened_at is not None
        kept = "private, max-age=31536000, immutable" if is_opened else "no-store"
        response.headers["Cache-Control"] = kept
        response.headers["Vary"] = "Cookie"
        return response


class DraftView(APIView):
    @extend_schema(request=serializers.DraftInput, responses=serializers.DraftSavedOutput)
    def put(self, request: Request, read_id: UUID) -> Response:
        given = serializers.DraftInput(data=request.data)
        given.is_valid(raise_exception=True)
        saved = draft_save(
            read_id=read_id,
            revision=given.validated_data["revision"],
            answers=given.validated_data["answers"],
            measurements=given.validated_data["measurements"],
            annotations=given.validated_data.get("annotations"),
            labelmaps=given.validated_data.get("labelmaps"),
            view=given.validated_data.get("view"),
            client_id=given.validated_data.get("client_id"),
            by=signed_in(request),
            now=timezone.now(),
        )
        body = {
            "revision": saved.revision,
            "saved_at": saved.saved_at,
            "derived": saved.derived,
            "measurements": [one.as_sent() for one in saved.measurements],
            "annotations": [one.as_sent() for one in saved.annotations],
            "segments": presentation.segment_bodies(saved.labelmaps),
            "differences": saved.differences,
        }
        return Response(serializers.DraftSavedOutput(body).data)


class SubmitView(APIView):
    """Submit a read and, where `open_next` asks for it, open the one that comes next: one way there and back."""

    @extend_schema(request=serializers.SubmitInput, responses=serializers.SubmittedOutput)
    def post(self, request: Request, read_id: UUID) -> Response:
        given = serializers.SubmitInput(data=request.data)
        given.is_valid(raise_exception=True)
        submission = dict(given.validated_data)
        opens_next = submission.pop("open_next")
        by, now = signed_in(request), timezone.now()
        opened = None
        if opens_next:
            submitted, opened = read_submit_then_open(read_id=read_id, by=by, now=now, **submission)
        else:
            submitted = read_submit_with_aid(read_id=read_id, by=by, now=now, **submission)
        body = {
            "status": "submitted",
            "has_feedback": presentation.is_training(submitted.read),
            "next": presentation.turn_body(submitted.sitting, submitted.next_turn),
            "opened": None if opened is None else _read_body(by, opened),
        }
        return Response(serializers.SubmittedOutput(body).data)


class AidView(APIView):
    @extend_schema(responses=serializers.AidOutput)
    def get(self, request: Request, read_id: UUID) -> Response:
        read = access_open_read(by=signed_in(request), read_id=read_id)
        aid = aid_for(read=read, by=signed_in(request), now=timezone.now())
        response = Response(serializers.AidOutput(aid).data)
        response.headers["Cache-Control"] = "no-store"
        return response


class AidOverlayView(APIView):
    """The voxels of what the output shows on the images; to be had once the output itself was asked for."""

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, read_id: UUID, overlay: str) -> HttpResponse:
        read = access_open_read(by=signed_in(request), read_id=read_id)
        voxels = overlay_for(read=read, by=signed_in(request), name=overlay)
        response = HttpResponse(voxels, content_type="application/octet-stream")
        response.headers["Cache-Control"] = "no-store"
        return response


def _read_body(by: User, read: Read) -> dict[str, Any]:
    """What its reader sees of a read that they have open; the caller has seen to it that it is theirs."""
    return presentation.read_body(read, aid_released=is_released(read=read, by=by))
