"""What may go on a Contact event of what is known of a citizen. Pure.

Credit never rests on an unverified signal: without a proof given in this very contact nobody is vulnerable,
was cut off, or came before. What is left then (language, agent, how they wish to be served) may be another's
of the same household: it does no harm.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct, field

from citizens.preferences import Preferences
from citizens.record import Recent, Record

DAY = 86_400_000_000  # microseconds
CUT_FOR = 7 * DAY  # so long a call that was cut gives credit to the next
BEFORE = 30 * DAY  # so far back earlier contacts count, and the agent is remembered


class Facts(Struct, frozen=True, omit_defaults=True):
    """Facts for routing. `topics`: earlier contacts by topic, for `Contact.journey` once it is known."""

    language: str = ""
    prefers: tuple[str, ...] = ()  # agents, by pseudonym
    preferences: Preferences = Preferences()
    vulnerable: bool = False
    cut: bool = False
    journey: int = 0
    topics: dict[str, int] = field(default_factory=dict)


def facts_of(records: Sequence[Record], now: int, *, sure: bool) -> Facts:
    """Of one person: the records of all citizens they are, the one met first."""
    if not records:
        return Facts()
    recent = sorted((each for record in records for each in record.recent), key=lambda each: each.at)
    recent = [each for each in recent if now - each.at < BEFORE]
    preferences = next(
        (each.preferences for each in records if each.preferences != Preferences()), Preferences()
    )
    spoken = next((each.language for each in sorted(records, key=_seen, reverse=True) if each.language), "")
    harmless = Facts(
        language=preferences.language or spoken,
        prefers=_agent(recent) if preferences.same_agent else (),
        preferences=preferences,
    )
    if not sure:
        return harmless
    last = recent[-1] if recent else None
    return Facts(
        language=harmless.language,
        prefers=harmless.prefers,
        preferences=preferences,
        vulnerable=any(each.vulnerable is not None for each in records),
        cut=last is not None and last.cut and now - last.at < CUT_FOR,
        journey=len(recent),
        topics=dict(Counter(each.topic for each in recent if each.topic)),
    )


def _agent(recent: Sequence[Recent]) -> tuple[str, ...]:
    """Who served them last."""
    agents = [each.agent for each in recent if each.agent]
    return (agents[-1],) if agents else ()


def _seen(record: Record) -> int:
    return record.seen_at
