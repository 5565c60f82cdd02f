"""The fields of an API as one line each, read from its OpenAPI schema."""

from collections.abc import Iterator
from typing import Any

from drf_spectacular.generators import SchemaGenerator

METHODS = ("get", "put", "post", "patch", "delete")


def field_lines(prefix: str) -> list[str]:
    """Every route below `prefix` with every field that goes in or out, sorted."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    lines = []
    for path, item in schema["paths"].items():
        if path.startswith(prefix):
            for method in METHODS:
                if method in item:
                    lines += _operation(f"{method.upper()} {path}", item[method], schema)
    return sorted(lines)


def _operation(name: str, operation: dict[str, Any], schema: dict[str, Any]) -> Iterator[str]:
    for parameter in operation.get("parameters", []):
        yield f"{name} {parameter['in']} {parameter['name']}"
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        yield from _fields(f"{name} body {kind}", content["schema"], schema)
    for code, response in operation["responses"].items():
        if not response.get("content"):
            yield f"{name} {code}"
        for kind, content in response.get("content", {}).items():
            yield from _fields(f"{name} {code} {kind}", content["schema"], schema)


def _fields(at: str, node: dict[str, Any], schema: dict[str, Any]) -> Iterator[str]:
    if "$ref" in node:
        node = schema["components"]["schemas"][node["$ref"].rpartition("/")[2]]
    for choice in (*node.get("oneOf", []), *node.get("allOf", [])):
        yield from _fields(at, choice, schema)
    if node.get("type") == "array":
        yield from _fields(f"{at}[]", node["items"], schema)
    elif "properties" in node:
        for name, child in node["properties"].items():
            yield from _fields(f"{at} .{name}" if " ." not in at else f"{at}.{name}", child, schema)
    elif "oneOf" not in node and "allOf" not in node:
        yield f"{at}: {node.get('format') or node.get('type', 'anything')}"
