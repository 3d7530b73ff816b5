"""Whom Asterisk's own queue holds, and who of them Guichet may take back. Pure.

Only a caller who still waits there comes back: who talks with a member is served, who was sent there stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from router.core.asking import needs_of, target_of
from router.core.events import Contact
from router.core.policy import SECOND
from router.phone.ami import number
from router.phone.calls import FALLBACK

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from router.core.policy import Policy
    from router.core.state import State

ALIVE = ("waiting", "offered", "connected")
FIELD_MAX = 200  # characters of a caller's name or number that are kept


class Held(Struct, frozen=True):
    """A caller in the native queue. `contact` is empty if Guichet never met them."""

    channel: str
    uniqueid: str
    contact: str
    seconds: int  # since the channel began


def held(row: Mapping[str, str]) -> Held | None:
    """The caller of this row of `Status`, if they wait in the native queue and talk with nobody."""
    if row.get("context") != FALLBACK or row.get("application") != "Queue" or row.get("bridgeid"):
        return None
    contact = row.get("variable:guichet_contact", "")
    return Held(row.get("channel", ""), row.get("uniqueid", ""), contact, number(row.get("seconds", "")))


def known(state: State, callers: Iterable[Held]) -> dict[str, bool]:
    """Whether each contact comes back to its place. Those that are not here have none yet."""
    found = ((caller.contact, state.contacts.get(caller.contact)) for caller in callers)
    return {
        contact: not record.aside and (record.state in ALIVE or record.reason in ("fallback", "lost"))
        for contact, record in found
        if record is not None
    }


def anew(policy: Policy, contact: str, waited: int, via: str) -> Contact:
    """Who came while nobody asked what they want: the first topic in the first language, as in the menu."""
    topic, language = next(iter(policy.topics), ""), next(iter(policy.languages), "")
    return Contact(
        contact=contact,
        channel="phone",
        needs=(needs_of(policy, topic, language),),
        target=target_of(policy, topic),
        waited=waited * SECOND,
        via=via,
        topic=topic,
        language=language,
    )


def record(row: Mapping[str, str]) -> dict[str, str]:
    """What Asterisk knows of the caller, for the vault alone."""
    given = {
        "number": row.get("calleridnum", ""),
        "name": row.get("calleridname", ""),
        "called": row.get("dnid", ""),
        "keyed": "",
    }
    return {name: "" if value == "<unknown>" else value[:FIELD_MAX] for name, value in given.items()}
