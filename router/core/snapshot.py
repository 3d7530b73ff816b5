"""The whole state as bytes, and back: `thaw(freeze(state))` continues exactly as `state` would."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from router.core import callbacks, continuity
from router.core.deadlines import set_timers
from router.core.learnt import KindRecord, Learnt
from router.core.lifecycle import FINISHED
from router.core.needs import KindKey
from router.core.policy import Policy
from router.core.state import AgentRecord, ContactRecord, Counts, GroupRecord, OfferRecord, State
from router.core.version import CORE_VERSION


class Frozen(Struct):
    """The durable half of a state, in its own order."""

    core: str
    n: int
    now: int
    policy: Policy
    policy_hash: str
    agents: dict[str, AgentRecord]
    contacts: dict[str, ContactRecord]
    offers: dict[str, OfferRecord]
    counts: Counts
    offers_made: int
    effects_made: int
    epoch: int
    seen: dict[str, int]
    inbox: str
    gateways: dict[str, str] = {}  # not in snapshots of core 1
    groups: dict[str, GroupRecord] = {}  # nor of core 2
    overflows: dict[str, int] = {}  # nor of core 2
    kinds: dict[KindKey, KindRecord] = {}  # nor of core 2


DURABLE = tuple(name for name in Frozen.__struct_fields__ if name != "core")


def freeze(state: State) -> bytes:
    """Msgpack of everything durable in the state."""
    return msgspec.msgpack.encode(Frozen(CORE_VERSION, *(getattr(state, name) for name in DURABLE)))


def thaw(frozen: bytes) -> State:
    """The state again, lines and timers rebuilt. Raises ValueError for bytes that hold no such state.

    A snapshot of the core before this one is taken: that is where a new core takes over. Entries after it
    that another core decided are refused by whoever folds the log.
    """
    kept = msgspec.msgpack.decode(frozen, type=Frozen)  # ValidationError and DecodeError are ValueErrors
    state = State()
    for name in DURABLE:
        setattr(state, name, getattr(kept, name))
    rebuild(state)
    return state


def rebuild(state: State) -> None:
    """All that is derived, from the records alone."""
    finished = []
    for contact in state.contacts.values():
        if contact.state in FINISHED:
            finished.append((contact.since, contact.contact))
        elif state.in_line(contact):
            state.lines.add(contact, state.now)
            state.crowd.joined(contact)
            state.relaxing.joined(contact)
        callbacks.follow(state, contact)
        continuity.follow(state, contact)
        for effect in contact.controls:
            state.controls[effect] = contact.contact
    state.finished.extend(sorted(finished))
    for agent in state.agents.values():
        for effect in agent.releasing:
            state.errands[effect] = agent.agent
    state.roster.touched.update(state.agents)
    set_timers(state)
    state.marks.agents.update(state.agents)
    state.marks.contacts.update(state.contacts)
    state.marks.offers.update(state.offers)
    state.able.touched.update(dict.fromkeys(state.agents))
    state.learnt = Learnt(state.kinds, state.marks.kinds)
    state.marks.kinds.update(state.kinds)
    state.reserve.rebuild(state)
