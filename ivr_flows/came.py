"""What a service answered. Every answer leads on; whatever fails, or is not understood, leads to a person."""

from __future__ import annotations

from typing import Any

from ivr_flows.model import Node
from ivr_flows.question import ask
from ivr_flows.questions import Offer, Wait
from ivr_flows.services import Appointment, Hours, Identify, Lookup, Notify, Route
from ivr_flows.session import Done, Perform, Values
from ivr_flows.turn import Turn

MOST_ROWS = 3
MOST_TEXT = 1_000
TOLD = ("opens", "closes", "reason", "place", "begins")
_PYTHON: dict[str, tuple[type, ...]] = {
    "text": (str,), "date": (str,), "number": (int, float), "bool": (bool,)
}  # fmt: skip


def came(turn: Turn, node: Node | None, asked: Perform, done: Done) -> str | None:
    """Where it leads, or None: something else is waited for, or it is over. No node: the flow failed."""
    match asked.service:
        case "route":
            return _routed(turn, node, done)
        case "wait":
            return _waited(turn, node, done)
    match node:
        case Hours():
            turn.learn(_told(done.values))
            ways = {"closed": node.closed, "emergency": node.emergency or node.closed}
            return ways.get(done.port, node.open)  # who cannot tell does not send anybody away
        case _ if done.port != "next":
            return _other(turn, node, done.port)
        case Offer(offer=channels, next=to):
            had = [row for row in done.rows if row.get("channel") in channels]
            turn.rows = tuple(row for row in had if row["channel"] not in turn.refused)[:MOST_ROWS]
            return ask(turn, node) if turn.rows else to
        case Appointment() if asked.service == "slots":
            turn.rows = done.rows[:MOST_ROWS]
            return ask(turn, node) if turn.rows else _other(turn, node, "unavailable")
        case Lookup(gives=gives):
            turn.set(_given(done.values, dict(gives)))
        case Identify():
            turn.learn({**done.values, "verified": True})
        case _:
            turn.learn(_told(done.values))
    onward = getattr(node, "next", None)
    if not isinstance(onward, str):
        turn.end("transferred" if asked.service == "transfer" else "done")
        return None
    return onward


def _other(turn: Turn, node: Node | None, port: str) -> str | None:
    """By the port of that name; by `unavailable` where it has none; else to a person."""
    ports = ("missing", "unknown", "refused", "unavailable")
    named = getattr(node, port, None) if port in ports else None
    to = named or (getattr(node, "unavailable", None) if port not in ports[:3] else None)
    if to is None and isinstance(node, Notify | Offer):
        return node.next
    return to or turn.to_person()


def _routed(turn: Turn, node: Node | None, done: Done) -> str | None:
    if done.port == "next":
        turn.contact = str(done.values.get("contact", ""))
        if isinstance(node, Route):
            return node.next
        turn.perform(
            "wait", turn.contact, arguments={"music": "default", "announce_s": 30, "callback_key": ""}
        )
        return None
    if isinstance(node, Route) and node.unavailable is not None:
        return node.unavailable
    turn.asks.append(turn.house("regret"))
    turn.end("nobody")
    return None


def _waited(turn: Turn, node: Node | None, done: Done) -> str | None:
    if done.port == "callback" and isinstance(node, Wait) and node.callback is not None:
        return node.callback
    if done.port == "next":
        turn.served = True
        if isinstance(node, Wait) and node.next is not None:
            return node.next
        turn.end("served")
        return None
    if isinstance(node, Wait) and node.unavailable is not None:
        return node.unavailable
    return turn.to_person() if node is not None else _routed(turn, node, Done("unavailable"))


def _told(values: Values) -> Values:
    """What may be said afterwards. Who somebody is, only `identify` tells."""
    return {name: value for name, value in values.items() if name in TOLD}


def _given(values: Values, gives: dict[str, Any]) -> Values:
    """What was promised, in its kind; anything else is nothing."""
    taken: Values = {}
    for name, kind in gives.items():
        value = values.get(name)
        fits = isinstance(value, _PYTHON[kind]) and (kind == "bool" or not isinstance(value, bool))
        taken[name] = (value[:MOST_TEXT] if isinstance(value, str) else value) if fits else None
    return taken
