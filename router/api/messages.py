"""What the live socket says: one type per message, made from released entries and the state they left."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from router.api.contact_views import ContactView, contact_view
from router.api.contacts import hands
from router.api.views import AgentView, agent_view, seconds
from router.api.watch import named
from router.core.effects import Offer, Perform, Withdraw
from router.core.events import Agent, Config, Consult, Consulted, Control, Device, Gateway, Outcome
from router.tell.terms import of_agent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from router.core.state import ContactRecord, State
    from router.log.entry import Entry


class Hello(Struct, frozen=True, tag_field="type", tag="hello"):
    """The socket is open: who listens, and the number of the last entry before it."""

    role: str
    agent: str
    n: int


class OfferMade(Struct, frozen=True, tag_field="type", tag="offer"):
    """A contact is offered to an agent: answer with `POST /offers/{offer}/answer`."""

    n: int
    offer: str
    contact: str
    agent: str
    channel: str
    topic: str
    language: str
    expires_in_s: float
    score: int
    why: dict[str, int]


class OfferWithdrawn(Struct, frozen=True, tag_field="type", tag="withdraw"):
    """An open offer is over, otherwise than by its answer."""

    n: int
    offer: str
    contact: str
    agent: str
    because: str


class ContactMoved(Struct, frozen=True, tag_field="type", tag="contact"):
    """A contact as it is now. Several changes in quick succession may come as one."""

    n: int
    contact: ContactView


class AgentMoved(Struct, frozen=True, tag_field="type", tag="agent"):
    """An agent as they are now."""

    n: int
    agent: AgentView


class ControlTold(Struct, frozen=True, tag_field="type", tag="control"):
    """What came of a control: `result` is done, failed or unknown; `reason` a code of the gateway's.

    Who is listened to is not told of it: supervisors alone are.
    """

    n: int
    contact: str
    what: str
    by: str
    result: str
    reason: str


class ConsultTold(Struct, frozen=True, tag_field="type", tag="consult"):
    """A colleague is asked about a contact, or what came of it: asked, answered, joined, failed, over."""

    n: int
    contact: str
    agent: str
    second: str
    result: str


class GatewayMoved(Struct, frozen=True, tag_field="type", tag="gateway"):
    """A gateway can, or can not, steer its contacts now: `state` is up or down."""

    n: int
    gateway: str
    state: str


class PolicyChanged(Struct, frozen=True, tag_field="type", tag="config"):
    """Another policy rules."""

    n: int
    hash: str
    by: str
    reason: str


Message = (
    Hello | OfferMade | OfferWithdrawn | ContactMoved | AgentMoved
    | ControlTold | ConsultTold | GatewayMoved | PolicyChanged
)  # fmt: skip
ASKED_MOST = 1000  # controls whose outcome is awaited; of an older one, the contact alone is told


class Addressed(NamedTuple):
    """A message and the agent it concerns besides the supervisors; empty for none."""

    message: Message
    agents: frozenset[str]


class Teller:
    """Turns entries into messages. Remembers whose hands a contact was in, so that they hear of its end,
    and which control an outcome is of.
    """

    def __init__(self) -> None:
        self._held: dict[str, tuple[str, ...]] = {}  # contact -> agents
        self._ends: list[tuple[int, str]] = []  # heap: when a timer may take which contact out of hands
        self._asked: dict[str, tuple[Perform, str]] = {}  # effect -> it and who asked, oldest first

    def tell(self, entries: Iterable[Entry], state: State, now: int) -> list[Addressed]:
        """The messages of these entries. To be called inside `door.read`, on a state at or after the last."""
        told: list[Addressed] = []
        moved: dict[str, None] = {}
        agents: dict[str, None] = {}
        n = 0
        for entry in entries:
            n = entry.n
            told += self._decided(entry, state, now)
            told += self._talked(entry, state, moved)
            moved |= dict.fromkeys(named(entry))
            agents |= dict.fromkeys(_agents(entry, state))
        moved |= dict.fromkeys(self._let_go(state))
        for contact in moved:
            told += self._moved(contact, state, now, n, agents)
        for agent in agents:
            record = state.agents.get(agent)
            if record is not None:
                told.append(Addressed(AgentMoved(n, agent_view(state, record, now)), frozenset((agent,))))
        return told

    def _decided(self, entry: Entry, state: State, now: int) -> Iterator[Addressed]:
        for effect in entry.effects:
            if isinstance(effect, Offer):
                contact = state.contacts.get(effect.contact)
                if contact is None:
                    continue
                left, spoke = seconds(effect.expires_at - now), of_agent(effect.why)
                yield Addressed(
                    OfferMade(
                        entry.n, effect.offer, effect.contact, effect.agent, contact.channel, contact.topic,
                        contact.language, left, sum(spoke.values()), spoke,
                    ),
                    frozenset((effect.agent,)),
                )  # fmt: skip
            elif isinstance(effect, Withdraw):
                yield Addressed(
                    OfferWithdrawn(entry.n, effect.offer, effect.contact, effect.agent, effect.because),
                    frozenset((effect.agent,)),
                )
        if isinstance(entry.event, Config):
            config = entry.event
            yield Addressed(PolicyChanged(entry.n, config.hash, config.by, config.reason), frozenset())

    def _talked(self, entry: Entry, state: State, moved: dict[str, None]) -> Iterator[Addressed]:
        """What was asked within conversations, and what came of it."""
        match entry.event:
            case Control() as control:
                for effect in entry.effects:
                    if isinstance(effect, Perform):
                        self._asked[effect.effect_id] = effect, control.by
                while len(self._asked) > ASKED_MOST:
                    del self._asked[next(iter(self._asked))]
            case Outcome(name, result, reason) if name in self._asked:
                effect, by = self._asked.pop(name)
                moved[effect.contact] = None
                told = ControlTold(entry.n, effect.contact, effect.what, by, result, reason)
                both = frozenset((effect.agent, effect.second)) - {""}
                yield Addressed(told, frozenset() if effect.what == "listen" else both)
            case Consult(contact, second) | Consulted(contact, second):
                record = state.contacts.get(contact)
                agent = (record.agent if record else None) or ""
                came = entry.event.result if isinstance(entry.event, Consulted) else "asked"
                both = frozenset((agent, second)) - {""}
                yield Addressed(ConsultTold(entry.n, contact, agent, second, came), both)
            case Gateway(gateway, to):
                yield Addressed(GatewayMoved(entry.n, gateway, to), frozenset())
            case _:
                pass

    def _moved(
        self, contact: str, state: State, now: int, n: int, agents: dict[str, None]
    ) -> Iterator[Addressed]:
        record = state.contacts.get(contact)
        before = self._held.pop(contact, ())
        if record is None:
            return
        after = hands(state, record)
        if after:
            self._held[contact] = after
            self._watch(record)
        concerned = frozenset((*before, *after))
        agents |= dict.fromkeys(sorted(concerned))
        yield Addressed(ContactMoved(n, contact_view(record, now)), concerned)

    def _let_go(self, state: State) -> Iterator[str]:
        """Whose wrap-up or consultation a timer has ended: its entry names nobody."""
        look_again: dict[str, ContactRecord] = {}
        while self._ends and self._ends[0][0] <= state.now:
            _, contact = heappop(self._ends)
            record = state.contacts.get(contact)
            if contact not in self._held:
                continue
            if record is None or hands(state, record) != self._held[contact]:
                yield contact
            else:  # the end was moved, or its entry is still to come
                look_again[contact] = record
        for record in look_again.values():
            self._watch(record)

    def _watch(self, record: ContactRecord) -> None:
        for end in (record.wrap_until, record.consult_until):
            if end:
                heappush(self._ends, (end, record.contact))


def _agents(entry: Entry, state: State) -> Iterator[str]:
    """Agents whose own state an entry may have changed. Of a gateway that went, all phones are unknown."""
    if isinstance(entry.event, (Agent, Device)):
        yield entry.event.agent
    elif isinstance(entry.event, Gateway):
        yield from state.agents
    for effect in entry.effects:
        agent = getattr(effect, "agent", None)
        if isinstance(agent, str):
            yield agent
