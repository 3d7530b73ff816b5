"""What the page shows, as plain values: who waits, who serves, what was decided and why, and how the log is.

Built from released entries and durable state only, and bounded whatever comes.
"""

from __future__ import annotations

import heapq
from collections import Counter, deque
from typing import TYPE_CHECKING, NamedTuple

from router.api.contact_views import waited
from router.core.effects import Offer
from router.tell.terms import of_agent
from skills.eligibility import meets

if TYPE_CHECKING:
    from collections.abc import Iterable

    from router.api.watch import Watch
    from router.core.state import AgentRecord, ContactRecord, OfferRecord, State
    from router.door import Door, Released

DECISIONS = 20
AGENTS = 60  # rows; the others are counted
LOST = 20  # rows; the others are counted


class Line(NamedTuple):
    """Contacts of one channel and topic that wait. Instants are microseconds since 1970."""

    channel: str
    topic: str
    contacts: int
    oldest: int  # first arrival of the one that has waited longest
    late: int  # how many have waited longer than promised


class Held(NamedTuple):
    """A contact in an agent's hands."""

    contact: str
    channel: str
    topic: str
    state: str  # the contact's, or `asked` in the hands of a colleague who is consulted
    since: int
    second: str  # the colleague consulted, empty if none
    held: bool  # the citizen hears music
    recording: str  # on, paused, or empty


class Lost(NamedTuple):
    """A contact whose call broke, to be called back."""

    contact: str
    channel: str
    topic: str
    language: str
    arrived_at: int


class Desk(NamedTuple):
    """An agent and what they have in hand."""

    agent: str
    state: str
    reason: str
    since: int  # idle since, if nothing is in hand
    held: tuple[Held, ...]
    phone: str  # busy with a call of their own, unreachable, or empty


class Decision(NamedTuple):
    """One offer, and what spoke for it."""

    offer: str
    at: int
    contact: str
    agent: str
    channel: str
    topic: str
    waited: int
    target: int
    skills: tuple[tuple[str, int], ...]  # those it needed, with this agent's levels
    score: int
    terms: tuple[tuple[str, int], ...]
    outcome: str  # open, accepted, declined, missed, withdrawn


class View(NamedTuple):
    """Everything on the page at one instant."""

    now: int
    lines: tuple[Line, ...]
    desks: tuple[Desk, ...]
    agents: dict[str, int]  # by what they do: free, busy, away, offline
    decisions: tuple[Decision, ...]
    arrived: int  # of the contacts that the state keeps: so long after their end
    kept_for: int
    served: int
    waiting: int
    abandoned: int
    entries: int
    policy: str
    append_age: float
    lost: tuple[Lost, ...]
    lost_in_all: int
    gateways: tuple[tuple[str, str], ...]  # those that ever said whether they are up or down


class Board:
    """Remembers the last decisions; reads the rest when somebody looks."""

    def __init__(self, door: Door, watch: Watch) -> None:
        self._door = door
        self._watch = watch
        self._decisions: deque[str] = deque(maxlen=DECISIONS)  # offers, oldest first
        self._seen: dict[str, Decision] = {}

    def hear(self, released: Released) -> None:
        for effect in released.entry.effects:
            if isinstance(effect, Offer):
                self._decisions.append(effect.offer)

    def take_up(self, state: State) -> None:
        """Begin anew from this state: the last decisions in it. Inside `door.read`."""
        last = heapq.nlargest(DECISIONS, state.offers.values(), key=lambda offer: offer.made_at)
        self._decisions = deque((offer.offer for offer in reversed(last)), DECISIONS)

    async def view(self) -> View:
        now = self._door.now()
        return await self._door.read(lambda state: self._view(state, now))

    def _view(self, state: State, now: int) -> View:
        records, tally, lost = self._watch.records(state), self._watch.tally(state), self._watch.lost(state)
        self._seen = {
            offer: decision
            for offer in self._decisions
            if (decision := self._decision(state, state.offers.get(offer))) is not None
        }
        return View(
            now,
            _lines(records, now),
            _desks(state),
            dict(Counter(_doing(record) for record in state.agents.values())),
            tuple(reversed(self._seen.values())),
            tally.total(),
            state.policy.forget_after,
            tally["served"],
            sum(record.state in ("waiting", "offered") for record in records),
            tally["abandoned"],
            state.n,
            state.policy_hash,
            self._door.last_append_age(),
            tuple(Lost(r.contact, r.channel, r.topic, r.language, r.arrived_at) for r in lost[:LOST]),
            len(lost),
            tuple(sorted(state.gateways.items())),
        )

    def _decision(self, state: State, offer: OfferRecord | None) -> Decision | None:
        """What spoke for it is noted when first seen, and only its outcome changes after."""
        if offer is None:
            return None
        seen = self._seen.get(offer.offer)
        if seen is not None:
            return seen._replace(outcome=offer.state)
        contact, agent = state.contacts.get(offer.contact), state.agents.get(offer.agent)
        if contact is None or agent is None:
            return None
        met = next((needs for needs in contact.needs if meets(agent.skills, needs)), {})
        spoke = of_agent(offer.why)  # not the place in line: nobody reckons a credit from the page
        return Decision(
            offer.offer, offer.made_at, offer.contact, offer.agent, contact.channel, contact.topic,
            offer.made_at - contact.arrived_at, contact.target,
            tuple((skill, agent.skills[skill]) for skill in met), sum(spoke.values()), tuple(spoke.items()),
            offer.state,
        )  # fmt: skip


def _lines(records: Iterable[ContactRecord], now: int) -> tuple[Line, ...]:
    """Longest wait first. An offered contact still waits: nobody has spoken to the citizen."""
    lines: dict[tuple[str, str], Line] = {}
    for record in records:
        if record.state not in ("waiting", "offered"):
            continue
        kind = (record.channel, record.topic)
        line = lines.get(kind, Line(*kind, 0, now, 0))
        late = waited(record, now) > record.target
        lines[kind] = line._replace(
            contacts=line.contacts + 1, oldest=min(line.oldest, record.arrived_at), late=line.late + late
        )
    return tuple(sorted(lines.values(), key=lambda line: (line.oldest, line.channel, line.topic)))


def _desks(state: State) -> tuple[Desk, ...]:
    """Those who are there, busy ones first."""
    present = [record for record in state.agents.values() if record.state != "offline" or record.hands]
    present.sort(key=lambda record: (not record.hands, record.state != "ready", record.agent))
    return tuple(
        Desk(
            record.agent,
            record.state,
            record.reason,
            record.idle_since,
            tuple(
                _held(held, record)
                for name in sorted(record.hands)
                if (held := state.contacts.get(name)) is not None
            ),
            min(record.devices.values(), default=""),  # `busy` before `unreachable`
        )
        for record in present[:AGENTS]
    )


def _held(held: ContactRecord, agent: AgentRecord) -> Held:
    """As seen from this agent's desk."""
    asked = held.second == agent.agent
    return Held(
        held.contact, held.channel, held.topic, "asked" if asked else held.state, held.since,
        "" if asked else held.second or "", held.held, held.recording,
    )  # fmt: skip


def _doing(record: AgentRecord) -> str:
    """Whoever cannot be rung, for a call of their own or a phone that is not there, is not free."""
    if record.hands or (record.devices and record.state == "ready"):
        return "busy"
    return "free" if record.state == "ready" else record.state
