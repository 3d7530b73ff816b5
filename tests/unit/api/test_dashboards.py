"""The dashboard and the alert rules name only instruments and labels that exist."""

from __future__ import annotations

import json
import re
from pathlib import Path

from ruamel.yaml import YAML

from metrics.instruments import Instruments
from router.core.policy import CHANNELS

FOLDER = Path(__file__).parents[3] / "metrics" / "dashboards"


def known():
    registry = Instruments("main", CHANNELS).registry
    return {sample.name for family in registry.collect() for sample in family.samples}


def expressions():
    board = json.loads((FOLDER / "guichet.json").read_text("utf-8"))
    yield from (target["expr"] for panel in board["panels"] for target in panel["targets"])
    rules = YAML(typ="safe").load((FOLDER / "alerts.yaml").read_text("utf-8"))
    for rule in rules["groups"][0]["rules"]:
        assert rule["annotations"].keys() == {"summary", "mend"}
        yield rule["expr"]


def test_every_name_exists():
    named = {name for expression in expressions() for name in re.findall(r"guichet_\w+", expression)}
    assert len(named) > 15
    assert named <= known()


def test_every_parenthesis_is_closed():
    for expression in expressions():
        assert expression.count("(") == expression.count(")"), expression
        assert expression.count("{") == expression.count("}"), expression
