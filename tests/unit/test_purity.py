"""The pure rooms read no clock, no chance, no file and no network: their source is parsed, never run."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PHONE = (
    *(
        "ami",
        "ami_actions",
        "ami_agents",
        "asterisk_said",
        "call",
        "calls",
        "controls",
        "controls_ami",
        "controls_aside",
        "controls_ended",
        "controls_heard",
        "controls_seen",
        "controls_talk",
        "core_said",
        "devices",
        "drift",
        "frame",
        "native_queue",
    ),
    *("native_queue_callers", "reduce", "said", "seen"),
)
PURE = (
    "router/core/**/*.py",
    *(f"router/phone/{name}.py" for name in PHONE),
    "skills/**/*.py",
    "ivr_flows/**/*.py",
    "metrics/formulas.py",
    "metrics/formulas/**/*.py",
)
# Denied by default: what is not here could be a clock, chance, a file, a socket, a log.
MAY_IMPORT = {
    *(
        "html",
        "__future__",
        "abc",
        "collections",
        "dataclasses",
        "enum",
        "functools",
        "operator",
        "types",
        "typing",
    ),
    *("bisect", "contextlib", "heapq", "itertools", "hashlib", "math", "re", "struct", "unicodedata"),
    *("msgspec", "numpy", "router", "skills", "ivr_flows"),
    # Calendars and tables, which `ivr_flows` words values with; a clock read on them is caught below.
    *("config.fault", "config.hours", "config.source", "config.tree", "config.types", "config.words"),
    *("babel", "holidays", "phonenumbers", "zoneinfo"),
}
# The shell of `ivr_flows`: files are read and speech is made here.
IMPURE = {
    f"ivr_flows/{name}.py"
    for name in ("loader", "schema", "speech", "sounds", "sound", "recordings", "record_list", "reference")
}
# `hash` and `id` differ from one process to the next: an order built on them could not be replayed.
MAY_NOT_CALL = {"open", "input", "print", "hash", "id", "eval", "exec", "__import__"}
# On a library (`datetime.now`, `numpy.random`); a field of ours may be called so.
MAY_NOT_READ = {"random", "urandom", "now", "utcnow", "today"}
LIBRARIES = {"datetime", "date", "os", "np", "numpy", "time"}


def impurities(source: str) -> list[str]:
    """What a pure module must not do when imported or called, as `line: what`."""
    found = []
    tree = ast.parse(source)
    # Run by hand as a command, a module may print: no decision is made there.
    tree.body = [node for node in tree.body if not is_main(node)]
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=[ast.alias(name="datetime", asname="dt")]):
                pass  # its types are no clock; `dt.datetime.now` is caught below
            case ast.Import(names=names):
                found += [f"{node.lineno}: import {alias.name}" for alias in names if foreign(alias.name)]
            case ast.ImportFrom(level=0, module=str(module), names=names):
                full = [f"{module}.{alias.name}" for alias in names]
                found += [f"{node.lineno}: import {name}" for name in full if foreign(name)]
            case ast.Call(func=ast.Name(id=name)) if name in MAY_NOT_CALL:
                found.append(f"{node.lineno}: {name}()")
            case ast.keyword(arg="key", value=ast.Name(id=name)) if name in MAY_NOT_CALL:
                found.append(f"{node.value.lineno}: key={name}")
            case ast.Attribute(attr=name, value=ast.Name(id=owner) | ast.Attribute(attr=owner)) if (
                owner in LIBRARIES and name in MAY_NOT_READ
            ):
                found.append(f"{node.lineno}: {owner}.{name}")
    return found


def is_main(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"


def foreign(name: str) -> bool:
    if name.startswith("metrics.formulas."):  # the only pure room of `metrics`
        return False
    parts = name.split(".")
    return not {parts[0], ".".join(parts[:2])} & MAY_IMPORT or name.startswith("numpy.random")


def pure_modules() -> list[str]:
    named = {str(path.relative_to(ROOT)) for pattern in PURE for path in ROOT.glob(pattern)}
    return sorted(named - IMPURE)


@pytest.mark.parametrize("name", pure_modules())
def test_pure_modules_read_no_clock_and_no_chance(name: str) -> None:
    assert impurities((ROOT / name).read_text()) == []


@pytest.mark.parametrize(
    "source",
    [
        "import time",
        "from time import monotonic",
        "import random, math",
        "import secrets",
        "import uuid",
        "import logging",
        "import asyncio",
        "import socket",
        "import os",
        "from os import urandom",
        "from datetime import datetime",
        "import importlib",
        "from pathlib import Path",
        "from numpy.random import default_rng",
        "from numpy import random",
        "from metrics.instruments import Instruments",
        "import datetime as dt\ndt.datetime.now()",
        "import numpy as np\nnp.random.default_rng()",
        "def f(datetime): return datetime.now()",
        "def f():\n    import time",
        "open('x')",
        "print(1)",
        "hash('a')",
        "sorted(x, key=id)",
        "__import__('time')",
    ],
)
def test_the_rule_can_fail(source: str) -> None:
    assert impurities(source)


@pytest.mark.parametrize(
    "source", ["max(self.now, state.now)", "import math", "from collections.abc import Mapping"]
)
def test_the_core_s_own_clock_is_no_clock(source: str) -> None:
    assert impurities(source) == []
