"""JSON Schema of a flow's file, for editors that complete and explain. Made from the types that check it."""

from __future__ import annotations

from typing import Any

import msgspec

from ivr_flows.model import KINDS, Head

_REF = "#/$defs/{name}"


def schema() -> dict[str, Any]:
    """One node is exactly one of the kinds."""
    _, parts = msgspec.json.schema_components([Head, *KINDS.values()], ref_template=_REF)
    head = parts.pop("Head")
    ways = []
    for key, kind in KINDS.items():
        part = parts[kind.__name__]
        part["required"] = sorted({*part.get("required", []), key})
        ways.append({"$ref": _REF.format(name=kind.__name__)})
    head["properties"]["nodes"] = {
        "type": "object",
        "description": "Every node by its name.",
        "additionalProperties": {"anyOf": ways},
    }
    head["required"] = [*head.get("required", []), "nodes"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A flow of Guichet",
        **_plain(head),
        "$defs": {name: _plain(part) for name, part in parts.items()},
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """Patterns as editors know them, without Python's anchors."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, str) and value.startswith("\\A"):
        return "^" + value[2:].replace("\\Z", "$")
    return value
