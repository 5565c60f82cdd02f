"""Datasets that an account gives the analysis from outside of every study, and their runs."""

import hashlib
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import slugify
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import PermissionDenied
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.authentication import signed_in
from backend.accounts.models import User
from backend.analysis.demo import DESCRIPTIONS
from backend.reports.analysis_runs import outside_ask
from backend.reports.analysis_selectors import (
    REPORT,
    RESULTS,
    analysis_file,
    analysis_file_rows,
    analysis_runs_of,
)
from backend.reports.models import AnalysisRun, OutsideDataset
from backend.reports.outside import (
    MAX_TITLE,
    newest_run,
    outside_dataset,
    outside_datasets,
    outside_delete,
    outside_demonstrate,
    outside_give,
)
from backend.studies.access import holds_role

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
from .uploads import sent


class DemonstrationOutput(serializers.Serializer):
    name = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()


class OutsideRowOutput(serializers.Serializer):
    id = serializers.UUIDField()
    title = serializers.CharField()
    # A field of a serializer is none of its attributes, whatever the base class calls so.
    source = serializers.ChoiceField(choices=["demonstration", "upload"])  # type: ignore[assignment]
    is_synthetic = serializers.BooleanField()
    content_sha256 = serializers.CharField()
    given_at = serializers.DateTimeField()
    cases = serializers.IntegerField()
    readers = serializers.IntegerField()
    models = serializers.IntegerField()
    newest_run = AnalysisRunOutput(allow_null=True)


class OutsideDatasetsOutput(serializers.Serializer):
    may_add = serializers.BooleanField()
    demonstrations = DemonstrationOutput(many=True)
    datasets = OutsideRowOutput(many=True)


class GivenFileOutput(serializers.Serializer):
    path = serializers.CharField()
    bytes = serializers.IntegerField()
    sha256 = serializers.CharField()


class OutsideDatasetOutput(OutsideRowOutput):
    files = GivenFileOutput(many=True)


class DemonstrationInput(serializers.Serializer):
    demonstration = serializers.CharField(max_length=40)


class OutsideInput(serializers.Serializer):
    title = serializers.CharField(max_length=MAX_TITLE, required=False, allow_blank=True, default="")
    files = serializers.ListField(child=serializers.FileField(allow_empty_file=True), allow_empty=False)


class OutsideDatasetsView(APIView):
    parser_classes = (JSONParser, MultiPartParser)

    @extend_schema(operation_id="desk_analyses_list", responses=OutsideDatasetsOutput)
    def get(self, request: Request) -> Response:
        person = signed_in(request)
        may_add = _may_add(person)
        body = {
            "may_add": may_add,
            "demonstrations": _demonstrations() if may_add else [],
            "datasets": [_row(dataset, run) for dataset, run in outside_datasets(person)],
        }
        return Response(OutsideDatasetsOutput(body).data)

    @extend_schema(
        request={"application/json": DemonstrationInput, "multipart/form-data": OutsideInput},
        responses={200: OutsideRowOutput, 201: OutsideRowOutput},
    )
    def post(self, request: Request) -> Response:
        person = _adder(request)
        if request.FILES:
            upload = OutsideInput(data=sent(request, "title"))
            upload.is_valid(raise_exception=True)
            files, title = upload.validated_data["files"], upload.validated_data["title"]
            given = outside_give(uploads=files, title=title, by=person, now=timezone.now())
        else:
            named = DemonstrationInput(data=request.data)
            named.is_valid(raise_exception=True)
            name = named.validated_data["demonstration"]
            given = outside_demonstrate(name=name, by=person, now=timezone.now())
        body = OutsideRowOutput(_row(given.dataset, newest_run(given.dataset))).data
        return Response(body, status=status.HTTP_201_CREATED if given.is_new else status.HTTP_200_OK)


class OutsideDatasetView(APIView):
    @extend_schema(responses=OutsideDatasetOutput)
    def get(self, request: Request, dataset_id: UUID) -> Response:
        dataset = outside_dataset(by=signed_in(request), dataset_id=dataset_id)
        files = [
            {
                "path": name,
                "bytes": len(text.encode()),
                "sha256": hashlib.sha256(text.encode()).hexdigest(),
            }
            for name, text in sorted(dataset.files.items())
        ]
        body = {**_row(dataset, newest_run(dataset)), "files": files}
        return Response(OutsideDatasetOutput(body).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, dataset_id: UUID) -> Response:
        outside_delete(by=signed_in(request), dataset_id=dataset_id, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class OutsideRunsView(APIView):
    @extend_schema(responses=AnalysisRunsOutput)
    def get(self, request: Request, dataset_id: UUID) -> Response:
        dataset = outside_dataset(by=signed_in(request), dataset_id=dataset_id)
        body = {"runs": [run_body(run) for run in analysis_runs_of(dataset)]}
        return Response(AnalysisRunsOutput(body).data)

    @extend_schema(request=AnalysisInput, responses={201: AnalysisRunOutput})
    def post(self, request: Request, dataset_id: UUID) -> Response:
        dataset = outside_dataset(by=signed_in(request), dataset_id=dataset_id)
        person = _adder(request)
        given = AnalysisInput(data=request.data)
        given.is_valid(raise_exception=True)
        run = outside_ask(dataset=dataset, by=person, now=timezone.now(), **given.validated_data)
        return Response(AnalysisRunOutput(run_body(run)).data, status=status.HTTP_201_CREATED)


class OutsideReportView(APIView):
    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, dataset_id: UUID, run_id: UUID) -> HttpResponse:
        return _stored(request, dataset_id, run_id, REPORT)


class OutsideResultsView(APIView):
    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, dataset_id: UUID, run_id: UUID) -> HttpResponse:
        return _stored(request, dataset_id, run_id, RESULTS)


class OutsideFilesView(APIView):
    @extend_schema(responses=AnalysisFilesOutput)
    def get(self, request: Request, dataset_id: UUID, run_id: UUID) -> Response:
        dataset = outside_dataset(by=signed_in(request), dataset_id=dataset_id)
        return Response(AnalysisFilesOutput({"files": analysis_file_rows(dataset, run_id)}).data)


class OutsideFileView(APIView):
    @extend_schema(
        operation_id="desk_outside_file_retrieve",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, dataset_id: UUID, run_id: UUID, path: str) -> HttpResponse:
        dataset = outside_dataset(by=signed_in(request), dataset_id=dataset_id)
        prefix = dataset.demonstration or slugify(dataset.title)[:40] or "dataset"
        return download_response(analysis_file(dataset, run_id, path), prefix=prefix)


def _may_add(person: User) -> bool:
    return person.is_staff or holds_role(by=person, roles=views.RESULTS)


def _adder(request: Request) -> User:
    person = signed_in(request)
    if not _may_add(person):
        raise PermissionDenied("Your account may not give datasets for analysis.")
    return person


def _demonstrations() -> list[dict[str, str]]:
    return [
        {"name": name, "title": title, "description": description}
        for name, (title, description) in DESCRIPTIONS.items()
    ]


def _row(dataset: OutsideDataset, run: AnalysisRun | None) -> dict[str, Any]:
    return {
        "id": dataset.pk,
        "title": dataset.title,
        "source": "demonstration" if dataset.demonstration else "upload",
        "is_synthetic": dataset.is_synthetic,
        "content_sha256": dataset.content_sha256,
        "given_at": dataset.given_at,
        "cases": dataset.cases,
        "readers": dataset.readers,
        "models": dataset.prediction_models,
        "newest_run": run and run_body(run),
    }


def _stored(request: Request, dataset_id: UUID, run_id: UUID, path: str) -> HttpResponse:
    dataset = outside_dataset(by=signed_in(request), dataset_id=dataset_id)
    return stored_response(analysis_file(dataset, run_id, path))
