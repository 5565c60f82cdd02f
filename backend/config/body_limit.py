"""How large a request with files may be, before anything of it is read."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

FILES = "multipart/form-data"
# For what stands around the files.
MARGIN_BYTES = 1_000_000


def body_limit_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Refuse files that are too large by what the request says of its length.

    The check against forged requests reads the whole body, before any view has asked who sends it. A body whose
    length is not told is not read at all.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        most: int = settings.DATASET_MAX_BYTES
        length = request.META.get("CONTENT_LENGTH") or "0"
        if request.content_type == FILES and length.isdecimal() and int(length) > most + MARGIN_BYTES:
            text = f"The files are larger than {most // 1_000_000} MB together."
            return JsonResponse({"code": "dataset_too_large", "text": text}, status=413)
        return get_response(request)

    return respond
