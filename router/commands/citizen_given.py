"""What `guichet citizen` is given on its command line: whom, which identifier; and how it shows an answer."""

from __future__ import annotations

import datetime as dt
import json
import sys
from typing import Any, get_args
from urllib.parse import quote

from citizens.identifier import Kind


def is_kind(kind: str) -> bool:
    """Tells which there are where it is none."""
    if kind not in get_args(Kind):
        print(f"guichet citizen: a kind is one of {', '.join(get_args(Kind))}", file=sys.stderr)
    return kind in get_args(Kind)


def value_of(given: str) -> str:
    """`-`: from standard input, so that it stands in no list of processes."""
    return sys.stdin.readline().strip() if given == "-" else given


def at(citizen: str) -> str:
    """Their address in the API."""
    return f"/citizens/{quote(citizen, safe='')}"


def when(seconds: float) -> str:
    """An instant of the API, for a table."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def show(answer: Any) -> None:  # noqa: ANN401 - JSON of any shape
    """Names in their own script; what could steer a terminal stays escaped."""
    text = json.dumps(answer, indent=2, ensure_ascii=False)
    print("".join(sign if sign.isprintable() or sign == "\n" else f"\\u{ord(sign):04x}" for sign in text))
