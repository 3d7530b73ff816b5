"""By which way a citizen is told something, and when: their preference, consent and quiet hours. Pure.

It writes to nobody against their will: silence is no consent. What they asked for themselves (a code, an
answer) needs none and waits for no morning.
"""

from __future__ import annotations

from typing import Literal, get_args

import phonenumbers
from msgspec import Struct

from citizens.consent import Consent, Purpose, agrees
from citizens.identifier import Identifier
from citizens.preferences import Preferences
from citizens.quiet import Quiet, allowed_in, own, zones_of

Way = Literal["email", "sms", "voice"]
WAYS: tuple[Way, ...] = get_args(Way)
Why = Literal["asked", "service", "proactive"]

CONSENT: dict[Way, Purpose] = {
    "email": "contact_by_email",
    "sms": "contact_by_sms",
    "voice": "contact_by_voice",
}
LIKED: dict[str, tuple[Way, ...]] = {"email": ("email",), "phone": ("voice", "sms"), "chat": ("sms", "email")}
RINGS: frozenset[Way] = frozenset(("sms", "voice"))  # what wakes people
_MOBILE = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)


class Asked(Struct, frozen=True):
    """What is to be told: by which ways at all, in the agency's order, and why."""

    ways: tuple[Way, ...]
    why: Why
    until: int  # microseconds: later it is of no use


class Known(Struct, frozen=True):
    """What is known of the citizen, and of how the site keeps quiet."""

    consents: tuple[Consent, ...]
    preferences: Preferences
    reach: tuple[Identifier, ...]
    zone: str  # where the site is
    quiet: Quiet = Quiet()


class Tried(Struct, frozen=True):
    """A way that was tried. `over`: not again."""

    way: Way
    times: int
    over: bool = False


class Send(Struct, frozen=True):
    """Now, by this way, there."""

    way: Way
    to: Identifier


class Wait(Struct, frozen=True):
    """Not before this instant."""

    until: int


class Give(Struct, frozen=True):
    """Nothing can be done; the code is closed."""

    code: Literal["no_consent", "no_address", "failed", "expired"]


Plan = Send | Wait | Give


def plan(asked: Asked, known: Known, tried: tuple[Tried, ...], now: int) -> Plan:
    """The next step. A way kept waiting by quiet hours is not passed over, unless time runs out first."""
    if now >= asked.until:
        return Give("expired")
    over = {each.way for each in tried if each.over}
    reachable = [(way, to) for way in ordered(asked.ways, known.preferences) if (to := _where(way, known))]
    willing = [(way, to) for way, to in reachable if _agreed(way, asked.why, known.consents, now)]
    left = [(way, to) for way, to in willing if way not in over]
    for way, to in left:
        start = now if asked.why == "asked" else _start(way, known, now)
        if start <= now:
            return Send(way, to)
        if start < asked.until:
            return Wait(start)
    if left:
        return Give("expired")
    return Give("failed" if willing else "no_consent" if reachable else "no_address")


def ordered(ways: tuple[Way, ...], preferences: Preferences) -> tuple[Way, ...]:
    """What the citizen likes first. Whoever speaks through a relay is not rung."""
    liked = [way for way in LIKED.get(preferences.channel, ()) if way in ways]
    either = dict.fromkeys((*liked, *ways))
    return tuple(way for way in either if way != "voice" or not preferences.relay)


def _where(way: Way, known: Known) -> Identifier | None:
    if way == "email":
        return next((each for each in known.reach if each.kind == "email"), None)
    return next((each for each in known.reach if each.kind == "phone" and _takes(way, each)), None)


def _takes(way: Way, number: Identifier) -> bool:
    return way == "voice" or phonenumbers.number_type(phonenumbers.parse(number.value)) in _MOBILE


def _agreed(way: Way, why: Why, consents: tuple[Consent, ...], now: int) -> bool:
    if why == "asked":
        return True
    needed: tuple[Purpose, ...] = (CONSENT[way], "proactive") if why == "proactive" else (CONSENT[way],)
    return all(agrees(consents, purpose, now) for purpose in needed)


def _start(way: Way, known: Known, now: int) -> int:
    if way not in RINGS:
        return now
    quiets = (known.quiet, own(known.preferences.rest))
    return allowed_in(quiets, zones_of(known.reach, known.zone), now)
