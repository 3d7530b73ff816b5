"""A digest of the whole state, kept incrementally: equal states have equal digests on any machine."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import TypeVar

import msgspec

from router.core.marks import mark_of
from router.core.state import State

K = TypeVar("K")

_MODULUS = 1 << 128
_encode = msgspec.msgpack.Encoder(order="deterministic").encode


def digest(state: State) -> str:
    """32 hex digits. Costs only what changed since the last call.

    The records are summed, each as its own hash modulo 2^128, so a changed one is taken out and put back in
    whatever the order; the few fields beside them are hashed with that sum.
    """
    marks = state.marks
    _recount(state, "agent", marks.agents, state.agents)
    _recount(state, "contact", marks.contacts, state.contacts)
    _recount(state, "offer", marks.offers, state.offers)
    _recount(state, "kind", marks.kinds, state.kinds)
    rest = (
        state.n, state.now, _policy_mark(state), state.policy_hash, state.counts, state.offers_made,
        state.effects_made, state.epoch, state.seen, state.inbox, state.gateways, state.groups,
        state.overflows,
    )  # fmt: skip
    return blake2b(marks.sum.to_bytes(16, "big") + _encode(rest), digest_size=16).hexdigest()


def _recount(state: State, kind: str, touched: set[K], records: Mapping[K, object]) -> None:
    marks = state.marks
    for name in touched:
        before = marks.hashes.pop((kind, name), 0)
        record = records.get(name)
        after = 0
        if record is not None:
            after = int.from_bytes(blake2b(_encode((kind, record)), digest_size=16).digest(), "big")
            marks.hashes[kind, name] = after
        marks.sum = (marks.sum - before + after) % _MODULUS
    touched.clear()


def _policy_mark(state: State) -> str:
    known = state.marks.policy
    if known is None or known[0] is not state.policy:
        known = state.marks.policy = (state.policy, mark_of(state.policy))
    return known[1]
