"""How long a contact may wait: the middle and the 10 % and 90 % points, corrected by how waits turned out.

Two ways are mixed. *Pool*: everybody ahead on the channel over the rate at which all its agents come free;
right where skills overlap. *Line*: those ahead of its own kind over the rate at which that line moves;
right where they do not. Each is a queue-length estimate that counts leavers: with k ahead the wait is a sum
of k + 1 times between departures, of rate (agents' rate) + (those still ahead) / patience (Ibrahim & Whitt
2009, QLm). The mix is what erred least so far; the points of its law are moved until a tenth of the waits
fall below the low one and a tenth above the high one (`calibrate`). Reads only; integers; its cost is that
of the kinds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from router.core.calibrate import point
from router.core.flow import ANY, ANY_KEY, cost, patience
from router.core.foretold import PLENTY, Foretold
from router.core.kept import WHOLE
from router.core.learnt import CHANNEL, KindRecord
from router.core.line import Asked
from router.core.needs import needs_key
from router.core.policy import LIVE, SECOND

if TYPE_CHECKING:
    from router.core.events import Needs
    from router.core.needs import KindKey, NeedsKey
    from router.core.state import AgentRecord, ContactRecord, State

NOBODY = 3600 * SECOND  # announced upper end where nobody present could serve
BLOCKS = 10  # a long line is added up in this many blocks


class Wait(NamedTuple):
    """The 10 % point, the middle and the 90 % point of a wait, microseconds."""

    low: int
    likely: int
    high: int


class Sum(NamedTuple):
    """Of the times between departures: mean in microseconds, and shape (mean² / variance) in thousandths."""

    mean: int
    shape: int


def estimate(state: State, channel: str, needs: Needs) -> Wait:
    """For one more contact of this kind."""
    key = needs_key(needs)
    state.roster.settle(state.agents, state.policy)
    agent = state.roster.best(Asked(channel, "", key), needs, state.policy, state.now)
    if agent is not None and not held_back(state, agent, (channel, key)):
        return Wait(0, 0, 0)
    said = foretell(state, channel, needs, waiting(state, channel), waiting(state, channel, key))
    return told(state, channel, said)


def held_back(state: State, agent: AgentRecord, kind: KindKey) -> bool:
    """Whether one more, deferrable if its channel is not live, would be kept from this agent."""
    if kind[0] in LIVE or not state.policy.reserve:
        return False
    return waiting(state, *kind) > 0 or state.reserve.slack(state, agent) < WHOLE


def estimate_of(state: State, contact: ContactRecord) -> Wait:
    """For one who waits, from now on."""
    pool, line = ahead(state, contact)
    return told(state, contact.channel, foretell(state, contact.channel, contact.needs, pool, line))


def told(state: State, channel: str, said: Foretold | None) -> Wait:
    """The interval of what was foretold."""
    if said is None:
        return Wait(0, NOBODY, NOBODY)
    record = state.kinds.get((channel, CHANNEL)) or KindRecord(channel, CHANNEL)
    shape = record.errors.shape(said.shape)
    low, high = (point(record.points, said.shape, shape, said.likely, which) for which in (0, 1))
    return Wait(min(low, said.likely), said.likely, max(high, said.likely))


def foretell(state: State, channel: str, needs: Needs, pool: int, line: int) -> Foretold | None:
    """With so many ahead on the channel and in its line; None where nobody present could serve."""
    key = needs_key(needs)
    able = state.able.places(state.agents, state.policy, channel, needs, key)
    if able == 0:
        return None
    every = state.able.places(state.agents, state.policy, channel, ANY, ANY_KEY)
    kind, whole = state.kinds.get((channel, key)), state.kinds.get((channel, CHANNEL))
    leaving = None if whole is None else patience(whole.flow)
    by_line = add(gap(state, channel, key, kind, able), leaving, line + 1)
    by_pool = add(gap(state, channel, CHANNEL, whole, every), leaving, pool + 1)
    weight = mix(kind, whole)
    likely = (weight * by_pool.mean + (1_000 - weight) * by_line.mean) // 1_000
    shape = (weight * by_pool.shape + (1_000 - weight) * by_line.shape) // 1_000
    return Foretold(state.now, by_pool.mean, by_line.mean, likely, max(shape, 1))


def mix(kind: KindRecord | None, whole: KindRecord | None) -> int:
    """The pool's part, in thousandths: by the kind's own errors once there are plenty."""
    for record in (kind, whole):
        if record is not None and record.errors.n >= PLENTY:
            return record.errors.weight()
    return 500


def gap(state: State, channel: str, key: NeedsKey, record: KindRecord | None, places: int) -> int:
    """Between two departures of one kind, or of a channel, to so many places of agents."""
    handling = state.learnt.handling(channel, key)
    return max(1, (handling if record is None else cost(record.flow, handling)) // places)


def add(gap: int, patience: int | None, terms: int) -> Sum:
    """Of `terms` exponential times: 1 / (1/gap + i/patience) for i = 0, 1, … those still ahead."""
    if patience is None:
        return Sum(gap * terms, 1_000 * terms)
    patience = max(patience, 1)  # all who left so far left in the instant they came
    mean = square = 0
    begin, blocks = 0, min(BLOCKS, terms)
    top, bottom = 2 * gap * patience, 2 * patience - gap
    for end in [terms * block // blocks for block in range(1, blocks + 1)]:
        each = top // (bottom + (begin + end) * gap)  # twice the middle index
        part = each * (end - begin)
        mean += part
        square += each * part
        begin = end
    return Sum(mean, max(1, 1_000 * mean * mean // max(square, 1)))


def waiting(state: State, channel: str, key: NeedsKey = CHANNEL) -> int:
    """How many wait on a channel, or of one kind."""
    record = state.kinds.get((channel, key))
    return 0 if record is None else record.flow.waiting


def ahead(state: State, contact: ContactRecord) -> tuple[int, int]:
    """Those of lower rank on its channel, and among them those of its own kind."""
    key = needs_key(contact.needs)
    pool = line = 0
    for each in state.lines:
        if each.channel == contact.channel:
            before = each.before(contact.rank, contact.contact)
            pool += before
            line += before if each.key == key else 0
    return pool, line
