"""What a browser may keep: nothing of the API that does not say so itself."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

API = "/api/"


def no_store_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Forbid every cache to keep an answer of the API, on a machine that several people read at."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path.startswith(API) and "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response

    return respond
