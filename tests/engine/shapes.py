"""The shape of what the engine prints: fields, types and closed words, line by line, without any state."""

from __future__ import annotations

import json
import math

from tests.engine.expect import CODES

BECAUSE = {"gone", "expired", "agent_away", "preempted"}


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def read(raw: bytes) -> dict:
    """The answer as an object of strict JSON; ValueError if it is none."""
    answer = json.loads(raw.decode("utf-8"), parse_constant=_no_constant)
    if not isinstance(answer, dict):
        raise ValueError("the answer is not an object")
    return answer


def error_faults(answer: dict, number: int) -> list[str]:
    """An `error` answer to input line `number`, its code aside from being a known one."""
    error = answer["error"]
    if not isinstance(error, dict):
        return ["error is not an object"]
    faults = [] if "effects" not in answer else ["an error with effects"]
    if error.get("code") not in CODES:
        faults.append(f"unknown error code {error.get('code')!r}")
    if not isinstance(error.get("message"), str) or not error["message"]:
        faults.append("an error without a message")
    if not _integer(error.get("line")) or error["line"] != number:
        faults.append(f"error line {error.get('line')!r} instead of {number}")
    return faults


def answer_faults(answer: dict) -> list[str]:
    """An answer that is not an error."""
    faults = []
    if not is_number(answer.get("at")):
        faults.append(f"at is {answer.get('at')!r}")
    if "wake" not in answer or not (answer["wake"] is None or is_number(answer["wake"])):
        faults.append(f"wake is {answer.get('wake', 'missing')!r}")
    effects = answer.get("effects")
    if not isinstance(effects, list) or not all(isinstance(effect, dict) for effect in effects):
        return [*faults, "effects is not a list of objects"]
    if not all(isinstance(effect.get("effect"), str) for effect in effects):
        faults.append("an effect without a name")
    return faults


def effect_faults(effect: dict) -> list[str]:
    kind = effect["effect"]
    strings = {
        "offer": ("offer", "contact", "agent"),
        "withdraw": ("offer", "contact", "agent", "because"),
        "requeue": ("contact", "because"),
        "propose": ("contact", "because"),
        "answer": ("about",),
    }.get(kind, ())
    faults = [f"{kind}: {name} is missing or no string" for name in strings if not _string(effect.get(name))]
    if kind == "offer":
        if not is_number(effect.get("expires_at")):
            faults.append("offer: expires_at is no number")
        if not _integer(effect.get("score")):
            faults.append("offer: score is no integer")
        why = effect.get("why")
        if not isinstance(why, dict) or not why or not all(_integer(term) for term in why.values()):
            faults.append("offer: why is not a map of at least one integer term")
    elif kind == "withdraw" and effect.get("because") not in BECAUSE:
        faults.append(f"withdraw: because {effect.get('because')!r} is none of the closed words")
    elif kind == "propose":
        faults += _propose_faults(effect.get("channels"))
    return faults


def _string(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _propose_faults(channels: object) -> list[str]:
    if not isinstance(channels, list) or not channels:
        return ["propose: no channels"]
    fine = all(
        isinstance(one, dict) and _string(one.get("channel")) and not wait_faults(one) for one in channels
    )
    return [] if fine else ["propose: a channel without its name and waits"]


def wait_faults(holder: dict) -> list[str]:
    """`wait_s` {low, likely, high} of a proposal or an estimate; all null where nobody serves."""
    wait = holder.get("wait_s")
    if not isinstance(wait, dict):
        return ["wait_s is no object"]
    values = [wait.get(name, "missing") for name in ("low", "likely", "high")]
    if values == [None, None, None]:
        return []
    fine = all(is_number(value) and value >= 0 for value in values) and values == sorted(values)
    return [] if fine else [f"wait_s is {wait}"]
