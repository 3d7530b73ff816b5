"""What may be answered to a line: taken, ignored as a duplicate, or refused, and with which codes.

Several faults in one line leave the choice of code to the engine; each fault's own code is allowed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from tests.engine.fields import BAD, FINE, REQUIRED, judge, seconds
from tests.engine.world import World, micros

CODES = frozenset(
    {
        "bad_json",
        "bad_field",
        "unknown_event",
        "unknown_contact",
        "unknown_agent",
        "unknown_offer",
        "not_now",
        "time_went_back",
    }
)


@dataclass
class Expectation:
    line: dict | None = None
    at: int | None = None
    """The line's own instant, if it has one that can be read."""
    codes: set[str] = field(default_factory=set)
    """The codes allowed, should the line be refused."""
    taken: bool = False
    ignored: bool = False


def whole(digits: str) -> int | float:
    """Python refuses integers of more than 4300 digits, which are JSON and out of any limit."""
    return int(digits) if len(digits) < 400 else float("inf")


def words(line: dict) -> str:
    """The line but for its `at`, the order of its fields aside."""
    return json.dumps({name: value for name, value in line.items() if name != "at"}, sort_keys=True)


def expect(world: World, raw: bytes, seen: set[str]) -> Expectation:
    """`seen`: the words of every line taken so far."""
    try:
        line = json.loads(raw.decode("utf-8"), parse_int=whole)
    except (ValueError, RecursionError):
        return Expectation(codes={"bad_json"})
    if not isinstance(line, dict):
        return Expectation(codes={"bad_json", "bad_field"})
    at = micros(line["at"]) if seconds(line.get("at")) is FINE else None
    event = line.get("event")
    if not isinstance(event, str):
        return Expectation(at=at, codes={"bad_field", "unknown_event"})
    back = {"time_went_back"} if None not in (at, world.now) and at < world.now else set()
    if event not in REQUIRED:
        return Expectation(at=at, codes={"unknown_event"} | back | ({"bad_field"} if at is None else set()))
    verdict = judge(line)
    if verdict is BAD or at is None:
        # Its other faults count as well, as far as its ids can be read.
        readable = {name: value if isinstance(value, str) else "" for name, value in line.items()}
        return Expectation(line, at, {"bad_field"} | back | _state_faults(world, readable, at or 0))
    faults = _state_faults(world, line, at) | back
    repeated = words(line) in seen
    if repeated and event in {"contact", "answer"}:
        return Expectation(line, at, back, ignored=True)
    codes = faults | (set() if verdict is FINE else {"bad_field"})
    # Open: "a line repeated word for word" may mean more than the two examples given with it.
    ignored = repeated and event in {"gone", "ended", "done", "again"}
    return Expectation(line, at, codes, taken=not faults, ignored=ignored)


def _state_faults(world: World, line: dict, at: int) -> set[str]:
    event = line["event"]
    if event == "contact":
        return {"not_now"} if line.get("contact") in world.contacts else set()
    if event == "ask":
        unknown = line.get("about") == "contact" and line.get("contact") not in world.contacts
        return {"unknown_contact"} if unknown else set()
    if event == "answer":
        return _missing(world, line) | _answer_faults(world, line, at)
    if event not in MAY:
        return set()
    faults = _missing(world, line)
    contact = world.contacts.get(line.get("contact", ""))
    if contact is not None and contact.state not in MAY[event]:
        faults.add("not_now")
    if (
        contact is not None
        and event in {"ended", "done"}
        and line.get("agent", contact.agent) != contact.agent
    ):
        faults |= {"not_now", "bad_field"}  # which of the two is not said
    return faults


MAY = {
    "gone": {"waiting", "offered"},
    "ended": {"connected"},
    "done": {"wrap_up"},
    "again": {"connected", "wrap_up"},
}


def _missing(world: World, line: dict) -> set[str]:
    faults = set() if line.get("contact") in world.contacts else {"unknown_contact"}
    named = line["event"] in {"answer", "ended", "done"} and "agent" in line
    return faults | ({"unknown_agent"} if named and line["agent"] not in world.agents else set())


def _answer_faults(world: World, line: dict, at: int) -> set[str]:
    offer = world.offers.get(line.get("offer", ""))
    if offer is None:
        return {"unknown_offer"}
    if (offer.contact, offer.agent) != (line.get("contact"), line.get("agent")):
        return {"not_now", "bad_field"}  # which of the two is not said
    return set() if offer.open and at < offer.expires else {"not_now"}
