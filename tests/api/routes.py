"""Every address of the product, read from the URL resolver: a new one cannot be forgotten by the tests."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver, reverse

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# Django's own, with its own permissions; tests/unit/config/test_admin.py says what is in it.
NOT_OURS = {"admin"}
# None shows anything of a study: the page without data, the way to it, the supervisor's question, the 404 of /api.
WITHOUT_DATA = {"shell", "admin-login", "health", "no-such-route"}


@dataclass(frozen=True)
class Route:
    """One address: its name, the parameters in it, and the methods that its view answers."""

    name: str
    parameters: tuple[str, ...]
    methods: tuple[str, ...]

    def url(self, **values: object) -> str:
        return reverse(self.name, kwargs={key: values[key] for key in self.parameters})


def data_routes() -> list[Route]:
    """All routes of the API."""
    return [route for route in all_routes() if route.name not in WITHOUT_DATA]


def all_routes() -> list[Route]:
    return list(_walk(get_resolver().url_patterns, ()))


def _walk(patterns: list[URLPattern | URLResolver], spaces: tuple[str, ...]) -> Iterator[Route]:
    for one in patterns:
        if isinstance(one, URLResolver):
            if one.namespace not in NOT_OURS:
                yield from _walk(one.url_patterns, (*spaces, one.namespace) if one.namespace else spaces)
            continue
        assert one.name, f"the route {one.pattern} has no name, so no table can list it"
        view = getattr(one.callback, "view_class", None)
        methods = tuple(method for method in METHODS[:-1] if hasattr(view, method.lower()))
        yield Route(":".join((*spaces, one.name)), tuple(one.pattern.converters), methods)
