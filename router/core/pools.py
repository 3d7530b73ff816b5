"""Pools inside this one: whose agents a contact is for, handed over and overflowing with its place kept.

A pool is agents and contacts routed together. One engine may hold several: the agents of each hold the skill
`pool:NAME`, and a contact in it needs that skill beside its own needs. So matching knows nothing of pools,
and a hand-over changes needs alone, never arrival or rank.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.core import direct
from router.core.events import Relax
from router.core.timers import Timer

if TYPE_CHECKING:
    from router.core.events import Needs
    from router.core.state import ContactRecord, State
    from router.core.turn import Turn

PREFIX = "pool:"
ALTERNATIVES = 32  # of needs at most: the protocol's own bound, which snapshots keep


def needs_in(pool: str, needs: Needs) -> Needs:
    """These needs of an agent of this pool and of no other; of anybody's where it is empty."""
    own = {PREFIX + pool: 1} if pool else {}
    found: list[dict[str, int]] = []
    for minimums in needs:
        bare = {skill: least for skill, least in minimums.items() if not skill.startswith(PREFIX)} | own
        if bare not in found:
            found.append(bare)
    return tuple(found)


def enter(state: State, contact: ContactRecord, pool: str, since: int) -> None:
    """It is for this pool from now on. The contact stands in no line meanwhile."""
    contact.pool = pool
    direct.renew(contact, needs_in(pool, contact.direct or contact.needs))
    contact.relax = tuple(Relax(step.after, needs_in(pool, step.needs)) for step in contact.relax)
    rules = state.policy.pools.get(pool)
    after = rules.overflow_after if rules is not None else None
    contact.overflow_at = 0 if after is None else max(since + after, 1)


def overflow_due(state: State, contact: ContactRecord) -> None:
    """The wait in its own pool is over before it (again) joins a line."""
    if 0 < contact.overflow_at <= state.now:
        overflow(state, contact)


def overflow(state: State, contact: ContactRecord) -> None:
    """Others may serve it too; its own pool goes on. The contact stands in no line meanwhile."""
    contact.overflow_at = 0
    rules = state.policy.pools.get(contact.pool)
    if rules is not None:
        direct.renew(contact, _also(rules.overflow_to, contact.direct or contact.needs))
        contact.relax = tuple(
            Relax(each.after, _also(rules.overflow_to, each.needs)) for each in contact.relax
        )


def overflowed(turn: Turn, contact: ContactRecord) -> None:
    """The timer's part: the same while it stands in a line or is on offer."""
    stood = turn.state.in_line(contact)
    if stood:
        turn.leave_line(contact)
    overflow(turn.state, contact)
    turn.touch(contact)
    if stood:
        turn.join_line(contact)


def timer(contact: ContactRecord) -> Timer:
    """When the overflow is due."""
    return Timer(contact.overflow_at, "overflow", contact.contact)


def _also(pool: str, needs: Needs) -> Needs:
    """The alternatives of the other pool first: they are what must not be cut off."""
    both = needs_in(pool, needs)
    return (both + tuple(each for each in needs if each not in both))[:ALTERNATIVES]
