"""When a reserve group opens and shuts: what its topics get, measured contact by contact.

Served within the target counts for it; gone before that, or the target passed, against it. Whoever waits on
counts again with each target more, so that a group opens for one alone too and nobody waits for ever. It says
nothing of who is a member (`groups`), and costs nothing where no topic has a group.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.core.state import GroupRecord
from router.core.timers import next_target

if TYPE_CHECKING:
    from router.core.state import ContactRecord
    from router.core.turn import Turn

RECENT = 16  # each contact counts as a sixteenth of what was measured
WHOLE = 1000  # thousandths


def counted(turn: Turn, contact: ContactRecord, *, kept: bool) -> None:
    """Somebody answers it, or the citizen hung up unserved. Late ones were counted as they became so."""
    if contact.group and not contact.served_at and turn.state.now < next_target(contact, contact.arrived_at):
        measure(turn, contact.group, kept=kept)


def measure(turn: Turn, name: str, *, kept: bool) -> None:
    """One contact more, or one target more; the group opens or shuts by it."""
    state, group = turn.state, turn.state.policy.groups.get(name)
    if group is None:
        return
    record = state.groups.setdefault(name, GroupRecord())
    gap = WHOLE - record.attained if kept else record.attained
    moved = -(-gap // RECENT)  # rounded up: whole and nothing are reached
    record.attained += moved if kept else -moved
    bound = group.close_above if record.open else group.open_below
    serves = 10 * record.attained < bound * group.promised
    if serves == record.open:
        return
    record.open, record.since = serves, state.now
    if serves:  # who waits may be taken now: one of each line, for a line is looked at from its head
        turn.contacts.update(dict.fromkeys(state.lines.heads_of(name)))
