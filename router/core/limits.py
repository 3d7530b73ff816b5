"""Queue limits: how many may wait and how long, by channel and by topic, and what becomes of those beyond.

Looked at once everybody who can be offered to somebody has been: nobody is turned away whom an agent could
have had. Whoever comes and is too many, or has waited too long, is refused with the reason on record and an
effect that says so, or diverted to their gateway's own fallback, or relaxed at once. Each is counted, none is
dropped in silence. Who was served once, or came back from an agent, is not a newcomer any more. Two counters
an event; nothing here looks at the others who wait.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from router.core import direct
from router.core.effects import Divert, Refuse
from router.core.timers import Timer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from router.core.policy import Limit, Policy
    from router.core.state import ContactRecord
    from router.core.turn import Turn

TOO_MANY, TOO_LONG = "too_many", "too_long"


class Crowd:
    """How many stand in line, by channel and by topic. Derived from the records."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[str, str], int] = {}

    def count(self, scope: tuple[str, str]) -> int:
        return self._waiting.get(scope, 0)

    def joined(self, contact: ContactRecord) -> None:
        for scope in scopes(contact):
            self._waiting[scope] = self._waiting.get(scope, 0) + 1

    def left(self, contact: ContactRecord) -> None:
        for scope in scopes(contact):
            self._waiting[scope] -= 1
            if not self._waiting[scope]:
                del self._waiting[scope]


class Bound(NamedTuple):
    """A limit and what it holds for: `channel phone`, `topic tax`."""

    scope: tuple[str, str]
    limit: Limit


def scopes(contact: ContactRecord) -> tuple[tuple[str, str], ...]:
    """What a contact is counted under."""
    channel = ("channel", contact.channel)
    return (channel, ("topic", contact.topic)) if contact.topic else (channel,)


def bounds(policy: Policy, contact: ContactRecord) -> Iterator[Bound]:
    """The limits that hold for a contact, its channel's first."""
    for scope in scopes(contact):
        kind, name = scope
        rules = policy.channels[name] if kind == "channel" else policy.topics.get(name)
        if rules is not None and rules.limit is not None:
            yield Bound(scope, rules.limit)


def next_limit(policy: Policy, contact: ContactRecord) -> int | None:
    """When it will have waited too long for one of its limits that did nothing yet; None: never."""
    ends = (end_of(contact, bound) for bound in bounds(policy, contact))
    return min((end for end in ends if end is not None), default=None)


def end_of(contact: ContactRecord, bound: Bound) -> int | None:
    """When it will have waited too long for this limit, if that did nothing yet."""
    wait = bound.limit.max_wait
    return None if wait is None or bound.scope[0] in contact.passed else contact.arrived_at + wait


def enforce(turn: Turn) -> bool:
    """Of those this step looked at, whoever still waits and is beyond a limit. Whether to match again."""
    state, relaxed = turn.state, False
    for name in sorted(turn.contacts):
        contact = state.contacts[name]
        if not state.in_line(contact):
            continue
        if contact.limit_at is not None and contact.limit_at <= state.now:
            relaxed |= waited_too_long(turn, contact)
        elif name == turn.newcomer:
            relaxed |= is_too_many(turn, contact)
    return relaxed


def waited_too_long(turn: Turn, contact: ContactRecord) -> bool:
    """Each limit whose time has come does what it does, once. Whether it was relaxed."""
    state, relaxed = turn.state, False
    for bound in bounds(state.policy, contact):
        end = end_of(contact, bound)
        if end is not None and end <= state.now and state.in_line(contact):
            contact.passed += (bound.scope[0],)
            relaxed |= overflow(turn, contact, bound, TOO_LONG) and bound.limit.overflow == "relax"
    contact.limit_at = next_limit(state.policy, contact)
    turn.touch(contact)
    if contact.limit_at is not None:
        state.timers.add(Timer(contact.limit_at, "limit", contact.contact))
    return relaxed


def is_too_many(turn: Turn, contact: ContactRecord) -> bool:
    """The first limit that can do something does it. Whether it was relaxed."""
    state = turn.state
    for bound in bounds(state.policy, contact):
        most = bound.limit.max_waiting
        full = most is not None and state.crowd.count(bound.scope) > most
        if full and overflow(turn, contact, bound, TOO_MANY):
            return bound.limit.overflow == "relax"
    return False


def overflow(turn: Turn, contact: ContactRecord, bound: Bound, because: str) -> bool:
    """Do what the limit says, and count it; False where no step of relaxation is left to take."""
    state, what = turn.state, bound.limit.overflow
    if what == "relax" and not contact.relax:
        return False
    scope = " ".join(bound.scope)
    key = f"{scope} {because} {what}"
    state.overflows[key] = state.overflows.get(key, 0) + 1
    match what:
        case "refuse":
            refuse(turn, contact, because, scope)
        case "divert":
            turn.ask(Divert(contact.contact, contact.via))
        case "relax":
            relax(turn, contact)
    return True


def refuse(turn: Turn, contact: ContactRecord, because: str, limit: str) -> None:
    """It ends here, and whoever brought it can tell the citizen why."""
    contact.reason = because
    turn.move(contact, "refused")
    turn.ask(Refuse(contact.contact, because, limit, contact.via))


def relax(turn: Turn, contact: ContactRecord) -> None:
    """Its last step of relaxation at once: the place in line is kept."""
    turn.leave_line(contact)
    direct.renew(contact, contact.relax[-1].needs)
    contact.relax = ()
    turn.touch(contact)
    turn.join_line(contact)
