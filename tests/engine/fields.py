"""The fields of each event: what the protocol allows, forbids, or leaves open.

A line is judged by its worst field. OPEN means that the engine may refuse the line with `bad_field` or take
it: the protocol does not say, and a stranger must not pretend that it does.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import IntEnum

from tests.engine.world import CHANNELS


class Verdict(IntEnum):
    FINE = 0
    OPEN = 1
    BAD = 2


FINE, OPEN, BAD = Verdict.FINE, Verdict.OPEN, Verdict.BAD
Judge = Callable[[object], Verdict]


def ident(value: object) -> Verdict:
    if not isinstance(value, str) or not 1 <= len(value) <= 128:
        return BAD
    # Half a surrogate pair is a JSON string but not a character; an unprintable one is not spoken of.
    return FINE if value.isprintable() else OPEN


def _number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return isinstance(value, int) or math.isfinite(value)


def seconds(value: object) -> Verdict:
    return FINE if _number(value) and 0 <= value < 10**9 else BAD  # type: ignore[operator]


def _whole(value: object, low: int, high: int) -> Verdict:
    if not _number(value) or not low <= value <= high:  # type: ignore[operator]
        return BAD
    return FINE if isinstance(value, int) else OPEN  # 3.0, and whether a level may be 3.5, is not said


def _levels(value: object) -> Verdict:
    if not isinstance(value, dict):
        return BAD
    names = [OPEN if ident(name) else FINE for name in value]  # only ids are given a length
    return max([FINE, *names, *(_whole(level, 1, 10) for level in value.values())])


def _needs(value: object) -> Verdict:
    if isinstance(value, list):
        return max(_needs(one) if isinstance(one, dict) else BAD for one in value) if value else OPEN
    if isinstance(value, dict) and len(value) > 32:
        return BAD
    return _levels(value)


def _capacity(value: object) -> Verdict:
    if not isinstance(value, dict):
        return BAD
    names = [FINE if name in CHANNELS else OPEN for name in value]
    return max([FINE, *names, *(_whole(most, 0, 1000) for most in value.values())])


def _relax(value: object) -> Verdict:
    if not isinstance(value, list) or len(value) > 16:
        return BAD
    verdict = FINE
    for step in value:
        if not isinstance(step, dict) or "after_s" not in step or "needs" not in step:
            return BAD
        verdict = max(verdict, seconds(step["after_s"]), _needs(step["needs"]))
    return verdict


def _prefers(value: object) -> Verdict:
    return max([FINE, *(ident(name) for name in value)]) if isinstance(value, list) else BAD


def _one_of(*words: str) -> Judge:
    return lambda value: FINE if isinstance(value, str) and value in words else BAD


def _channel(value: object) -> Verdict:
    if not isinstance(value, str):
        return BAD
    return FINE if value in CHANNELS else OPEN


def _flag(value: object) -> Verdict:
    return FINE if isinstance(value, bool) else BAD


def _text(value: object) -> Verdict:
    return FINE if isinstance(value, str) else BAD


REQUIRED: dict[str, dict[str, Judge]] = {
    "agent": {"agent": ident, "state": _one_of("ready", "away", "offline")},
    "contact": {"contact": ident, "channel": _channel, "needs": _needs},
    "answer": {
        "offer": ident,
        "contact": ident,
        "agent": ident,
        "answer": _one_of("accepted", "declined", "missed"),
    },
    "gone": {"contact": ident},
    "ended": {"contact": ident},
    "done": {"contact": ident, "agent": ident},
    "again": {"contact": ident, "needs": _needs},
    "tick": {},
    "ask": {"about": _one_of("state", "contact", "estimate")},
}
OPTIONAL: dict[str, dict[str, Judge]] = {
    "agent": {"reason": _text, "skills": _levels, "capacity": _capacity},
    "contact": {
        "target_s": seconds,
        "due_s": seconds,
        "vulnerable": _flag,
        "waited_s": seconds,
        "prefers": _prefers,
        "prefers_for_s": seconds,
        "relax": _relax,
        "citizen": ident,
    },
    "ended": {"agent": ident},
    "again": {"channel": _channel, "target_s": seconds},
}
ASKED: dict[str, dict[str, Judge]] = {
    "contact": {"contact": ident},
    "estimate": {"channel": _channel, "needs": _needs},
}


def judge(line: dict[str, object]) -> Verdict:
    """The worst verdict over all fields of a line whose event is known; `at` included."""
    event = str(line["event"])
    required = REQUIRED[event] | (ASKED.get(str(line.get("about")), {}) if event == "ask" else {})
    optional = OPTIONAL.get(event, {})
    worst = seconds(line.get("at"))
    for name, allowed in required.items():
        worst = max(worst, allowed(line[name]) if name in line else BAD)
    for name, value in line.items():
        if name in optional:
            # Whether null stands for an absent field is not said.
            worst = max(worst, OPEN if value is None else optional[name](value))
        elif name not in required and name not in {"at", "event"}:
            worst = max(worst, OPEN)  # optional fields may be added: an unknown one is the engine's affair
    return worst
