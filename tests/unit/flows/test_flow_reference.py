"""The page of the flow language is what its types say, and the schema takes what the loader takes."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs

import ivr_flows
from ivr_flows.reference import page
from ivr_flows.schema import schema

PAGE = Path(ivr_flows.__file__).parents[1] / "docs/reference/flows.md"


def test_the_page_is_what_the_types_say():
    assert PAGE.read_text() == page(), "run: python -m ivr_flows.reference > docs/reference/flows.md"


def test_the_schema_takes_the_example_and_refuses_a_wrong_key():
    known = jsonschema_rs.validator_for(json.loads(json.dumps(schema())))
    flow = {
        "flow": "x",
        "languages": ["fr"],
        "start": "a",
        "nodes": {"a": {"say": {"fr": "x"}, "end": "done"}},
    }
    assert known.is_valid(flow)
    for broken in ({"a": {"ed": "done"}}, {"a": {"end": "done", "nxt": "b"}}, {"a": {"menu": {}}}):
        assert not known.is_valid(flow | {"nodes": broken})
