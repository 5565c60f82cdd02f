"""The one place where an exception becomes a response."""

import errno
from typing import Any

from django.db import OperationalError
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler as default_handler

from backend.audit.errors import InvalidInput, NotFound, RuleBroken, Unfit

NOT_FOUND = {"code": "not_found", "text": "Not found."}
DISK_FULL = {"code": "disk_full", "text": "The server's disk is full. Nothing of this was stored."}
SQLSTATE_DISK_FULL = "53100"


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    if isinstance(error, RuleBroken):
        body = {"code": error.code, "text": error.text, **error.extra}
        is_unfit = isinstance(error, Unfit)
        return Response(body, status=status.HTTP_400_BAD_REQUEST if is_unfit else status.HTTP_409_CONFLICT)
    if isinstance(error, NotFound):
        return Response(NOT_FOUND, status=status.HTTP_404_NOT_FOUND)
    if isinstance(error, InvalidInput):
        return _invalid(error.text, error.fields)
    if isinstance(error, exceptions.ValidationError):
        return _invalid("Some fields cannot be accepted.", _flatten(error.detail))
    if is_disk_full(error):
        return Response(DISK_FULL, status=status.HTTP_507_INSUFFICIENT_STORAGE)
    response = default_handler(error, context)
    if response is not None:
        response.data = _body(error, response.status_code)
    return response


def is_disk_full(error: BaseException) -> bool:
    """Whether the database, or a file beside it, could not be written because its disk or quota is full."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    if not isinstance(error, OperationalError):
        return False
    return (
        getattr(error.__cause__, "sqlstate", None) == SQLSTATE_DISK_FULL
        or getattr(error.__cause__, "sqlite_errorname", None) == "SQLITE_FULL"
    )


def _invalid(text: str, fields: dict[str, str]) -> Response:
    return Response({"code": "invalid", "text": text, "fields": fields}, status=status.HTTP_400_BAD_REQUEST)


def _flatten(detail: Any) -> dict[str, str]:
    if isinstance(detail, dict):
        return {str(key): _first(value) for key, value in detail.items()}
    return {"": _first(detail)}


def _first(value: Any) -> str:
    while isinstance(value, (list, dict)) and value:
        value = next(iter(value.values())) if isinstance(value, dict) else value[0]
    return str(value)


def _body(error: Exception, code: int) -> dict[str, Any]:
    if code == status.HTTP_404_NOT_FOUND:
        return dict(NOT_FOUND)
    if code == status.HTTP_401_UNAUTHORIZED:
        return {"code": "not_signed_in", "text": "Please sign in."}
    if code == status.HTTP_403_FORBIDDEN:
        return {"code": "forbidden", "text": str(getattr(error, "detail", "Not allowed."))}
    if isinstance(error, exceptions.Throttled):
        return {"code": "throttled", "text": "Too many attempts. Please wait a minute."}
    return {"code": "bad_request", "text": str(getattr(error, "detail", "This request cannot be served."))}
