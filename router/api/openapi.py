"""The OpenAPI 3.1 document, generated from the routes and the very types that validate, nothing by hand."""

from __future__ import annotations

import inspect
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import msgspec

from router.api.permissions import TABLE, is_open
from router.api.problems import CODES, MEDIA_TYPE, ProblemBody
from router.api.shapes import Id

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from router.api.route import Route

Schema = Any  # a JSON Schema as plain data

_EVERYWHERE = ("bad_request", "log_unavailable", "internal")
_WITH_TOKEN = ("not_signed_in", "not_allowed")
_WITH_BODY = ("bad_json", "too_large", "not_json", "bad_field", "unknown_field")
_WITH_QUERY = ("bad_field", "unknown_field")


def document(routes: Sequence[Route], version: str) -> bytes:
    """The whole document as JSON."""
    shapes: list[Any] = [ProblemBody, Id]
    for route in routes:
        shapes += [shape for shape in (route.body, route.query, *route.replies.values()) if shape is not None]
    refs, components = msgspec.json.schema_components(shapes, ref_template="#/components/schemas/{name}")
    schema = {id(shape): ref for shape, ref in zip(shapes, refs, strict=True)}
    paths: dict[str, dict[str, Any]] = defaultdict(dict)
    for route in routes:
        paths[route.address][route.method.lower()] = _operation(route, schema, components)
    return msgspec.json.encode(
        {
            "openapi": "3.1.0",
            "info": {
                "title": "Guichet",
                "version": version,
                "description": "Routing for public-service contact centres. Seconds unless said otherwise; "
                "instants are seconds since 1970. Ids are pseudonyms.",
                "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            },
            "paths": paths,
            "components": {
                "schemas": {name: _closed(component) for name, component in components.items()},
                "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            },
        }
    )


def _operation(route: Route, schema: dict[int, Schema], components: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.operation,
        "summary": route.summary,
        "parameters": [_in_path(name, schema[id(Id)]) for name in re.findall(r"\{(\w+)\}", route.path)],
        "responses": {str(status): _answer(route, status, schema) for status in route.replies},
        "security": [] if is_open(route.operation) else [{"token": []}],
    }
    if not is_open(route.operation):
        operation["description"] = f"Roles: {', '.join(sorted(TABLE[route.operation]))}."
    if route.body is not None:
        content = {"application/json": {"schema": schema[id(route.body)]}}
        operation["requestBody"] = {"required": True, "content": content}
    if route.query is not None:
        name = schema[id(route.query)]["$ref"].rpartition("/")[2]
        operation["parameters"] += _in_query(components[name])
    for status, codes in sorted(_problems(route).items()):
        operation["responses"].setdefault(str(status), _problem(codes, schema[id(ProblemBody)]))
    return operation


def _answer(route: Route, status: int, schema: dict[int, Schema]) -> dict[str, Any]:
    shape = route.replies[status]
    answer: dict[str, Any] = {
        "description": inspect.cleandoc(shape.__doc__ or "").partition("\n")[0],
        "content": {"application/json": {"schema": schema[id(shape)]}},
    }
    if status == 201:
        answer["headers"] = {"Location": {"description": "Where to read it", "schema": {"type": "string"}}}
    return answer


def _problems(route: Route) -> dict[int, list[str]]:
    """Every code this route may answer, by status."""
    codes = [*_EVERYWHERE, *route.problems]
    codes += [] if is_open(route.operation) else _WITH_TOKEN
    codes += _WITH_BODY if route.body is not None else ("unknown_field",)
    codes += _WITH_QUERY if route.query is not None else ()
    by_status: dict[int, list[str]] = defaultdict(list)
    for code in dict.fromkeys(codes):
        by_status[CODES[code][0]].append(code)
    return by_status


def _problem(codes: Iterable[str], ref: Schema) -> dict[str, Any]:
    return {
        "description": "; ".join(f"`{code}`: {CODES[code][1]}" for code in codes),
        "content": {MEDIA_TYPE: {"schema": ref}},
    }


def _in_path(name: str, schema: Schema) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _in_query(component: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "query", "required": name in component.get("required", ()), "schema": schema}
        for name, schema in component["properties"].items()
    ]


def _closed(component: dict[str, Any]) -> dict[str, Any]:
    """What validates refuses unknown fields, so the document does."""
    component = dict(component)
    if "description" in component:
        component["description"] = inspect.cleandoc(component["description"])
    if "properties" in component:
        component["additionalProperties"] = False
    return component
