"""What a request sends as fields and files, whichever way it is encoded."""

from collections.abc import Mapping
from typing import Any

from rest_framework.request import Request


def sent(request: Request, *fields: str) -> dict[str, Any]:
    """The named fields that were sent, and the uploaded `files`."""
    data: Any = request.data
    found = {key: data[key] for key in fields if key in data} if isinstance(data, Mapping) else {}
    return {**found, "files": request.FILES.getlist("files")}
