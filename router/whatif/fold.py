"""From what happened to a recorded day. It decides and guesses nothing: what nobody saw stays None."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from statistics import median

from msgspec.structs import replace

from router.core.effects import Effect, Offer, Release, Withdraw
from router.core.events import (
    Again,
    Agent,
    Answer,
    Config,
    Contact,
    Device,
    Done,
    Ended,
    Event,
    Found,
    Gateway,
    Gone,
    Outcome,
    Tick,
)
from router.core.policy import Policy
from router.core.state import AgentRecord, ContactRecord, State
from router.whatif.day import Day, Given, Leg, Reply, Visit
from router.whatif.seen import Seen

RELEASE = 100_000  # microseconds until a leg is ended, where no gateway ever said


class Fold:
    """Hears everything in order; `day` is what it amounts to in the window."""

    def __init__(self, before: State, start: int, counted: int, end: int) -> None:
        self.start, self.counted, self.end = start, counted, end
        self.policy = before.policy  # as of what was heard
        self.presence = {name: agent_event(record) for name, record in before.agents.items()}
        self.devices = {
            (name, gateway): state
            for name, record in before.agents.items()
            for gateway, state in record.devices.items()
        }
        self.gateways = dict(before.gateways)
        self.visits: dict[str, Visit] = {}
        self.given: list[Given] = []
        self.left_out: Counter[str] = Counter()
        self._offers: dict[str, tuple[str, int]] = {}  # open ones: contact and instant
        self._asked: dict[str, int] = {}  # effects that await their outcome, and since when
        self._released: list[int] = []
        self._agents: dict[str, str] = {}  # contact -> who answered it last
        self._at_start: Policy | None = None
        self._opening: list[Event] = []
        for record in before.contacts.values():
            if record.state not in ("ended", "gone"):
                self.visits[record.contact] = carried(record, before.now)
                self._agents[record.contact] = record.agent or ""

    def hear(self, seen: Seen) -> bool:
        """One event; False once the window is over."""
        if seen.at > self.end:
            return False
        if seen.at >= self.start and self._at_start is None:
            self._open()
        inside = seen.at >= self.start
        for effect in seen.effects:
            if isinstance(effect, Withdraw):
                self._withdrawn(effect, seen.at)
        self._event(seen, inside)
        for effect in seen.effects:
            self._effect(effect, seen.at)
        return True

    def day(self) -> Day:
        """The recorded day, once everything was heard."""
        if self._at_start is None:
            self._open()
        free = self._busy_until()
        opening = [Given(free.get(name_of(event), self.start), 0, event) for event in self._opening]
        visits = sorted(self.visits.values(), key=lambda visit: (visit.at, visit.n))
        return Day(
            self.start, self.counted, self.end, self._at_start or self.policy,
            [visit for visit in visits if self._lives(visit)], [*opening, *self.given],
            {name: event.skills or {} for name, event in self.presence.items()},
            dict(self.left_out), round(median(self._released)) if self._released else RELEASE,
        )  # fmt: skip

    def _open(self) -> None:
        """The window begins: what is true now is said at its start."""
        self._at_start = self.policy
        over = [name for name, visit in self.visits.items() if _closed(visit)]
        for name in over:
            del self.visits[name]
        self._opening = [
            *(Gateway(name, "down") for name, state in self.gateways.items() if state == "down"),
            *(event for event in self.presence.values() if event.state != "offline"),
            *(Device(agent, gateway, state) for (agent, gateway), state in self.devices.items()),  # type: ignore[arg-type]
        ]

    def _busy_until(self) -> dict[str, int]:
        """Agents with a conversation from before the window: they come when it is over."""
        until: dict[str, int] = {}
        for visit in self.visits.values():
            leg = visit.legs[-1]
            if visit.at < self.start and leg.answered is not None and leg.answered < self.start:
                over = leg.done or (leg.ended or self.end) + (leg.wrap_by_core or 0)
                agent = self._agents.get(visit.event.contact)
                if agent is not None and over > self.start:
                    until[agent] = max(over, until.get(agent, 0))
        return until

    def _lives(self, visit: Visit) -> bool:
        """Whether it came in the window, or waited when it began."""
        if visit.at >= self.start:
            return True
        leg = visit.legs[-1]
        over = visit.left if visit.left is not None else leg.answered
        return over is None or over >= self.start

    # ---- what was said

    def _event(self, seen: Seen, inside: bool) -> None:
        at, n = seen.at, seen.n
        match seen.event:
            case Contact() as event:
                target = event.target
                if target is None:
                    target = self.policy.channels[event.channel].target
                self.visits[event.contact] = Visit(
                    event, at, n, target, [Leg(at)], counted=at >= self.counted
                )
            case Answer() as event:
                self._reply(event.offer, event.answer, at, n)
                if event.answer == "accepted":
                    self._answered(event.contact, event.agent, at)
            case Found(where="bridged") as event:
                self._answered(event.contact, event.agent or "", at)
            case Found(where="absent" | "lost") as event:
                self._vanished(event.contact, event.where, at, n)
            case Gone() as event:
                self._left(event.contact, event.reason, at, n)
            case Ended() as event:
                self._ended(event.contact, at, n)
            case Done() as event:
                if (leg := self._leg(event.contact)) is not None:
                    leg.done, leg.done_n = at, n
            case Again() as event:
                if (leg := self._leg(event.contact)) is not None:
                    leg.again, leg.again_at, leg.again_n = event, at, n
                    self.visits[event.contact].legs.append(Leg(at))
            case Outcome() as event:
                since = self._asked.pop(event.effect, None)
                if since is not None and event.result == "done":
                    self._released.append(at - since)
            case Agent() | Device() | Gateway() | Config():
                self._present(seen, inside)
            case Tick():
                pass
            case event:
                if inside:
                    self.left_out[type(event).__name__.lower()] += 1

    def _present(self, seen: Seen, inside: bool) -> None:
        event = seen.event
        if inside:
            self.given.append(Given(seen.at, seen.n, event))
        if isinstance(event, Agent):
            known = self.presence.get(event.agent)
            skills, capacity = event.skills, event.capacity
            if known is not None:
                skills = known.skills if skills is None else skills
                capacity = known.capacity if capacity is None else capacity
            self.presence[event.agent] = Agent(event.agent, event.state, event.reason, skills, capacity)
        elif isinstance(event, Device):
            self.devices.pop((event.agent, event.gateway), None)
            if event.state != "free":
                self.devices[event.agent, event.gateway] = event.state
        elif isinstance(event, Gateway):
            self.gateways[event.gateway] = event.state
        elif isinstance(event, Config):
            for name in self.policy.agents.keys() - event.policy.agents.keys():
                if (known := self.presence.get(name)) is not None:
                    self.presence[name] = replace(known, state="offline")
            for name, rules in event.policy.agents.items():
                known = self.presence.get(name)
                if known is not None and rules != self.policy.agents.get(name):
                    skills, capacity = dict(rules.skills), dict(rules.capacity)
                    self.presence[name] = Agent(name, known.state, known.reason, skills, capacity)
            self.policy = event.policy

    def _effect(self, effect: Effect, at: int) -> None:
        if isinstance(effect, Offer):
            self._offers[effect.offer] = (effect.contact, at)
        elif isinstance(effect, (Withdraw, Release)) and effect.effect_id:
            self._asked[effect.effect_id] = at

    def _withdrawn(self, effect: Withdraw, at: int) -> None:
        self._reply(effect.offer, "expired" if effect.because == "expired" else "cut", at)

    def _reply(self, offer: str, how: str, at: int, n: int | None = None) -> None:
        contact, made = self._offers.pop(offer, ("", 0))
        leg = self._leg(contact)
        if leg is not None:
            leg.replies.append(Reply(how, at - made) if n is None else Reply(how, at - made, n))

    # ---- what became of a contact

    def _leg(self, contact: str) -> Leg | None:
        visit = self.visits.get(contact)
        return visit.legs[-1] if visit is not None else None

    def _answered(self, contact: str, agent: str, at: int) -> None:
        leg = self._leg(contact)
        if leg is not None and leg.answered is None:
            leg.answered = at
            self._agents[contact] = agent

    def _ended(self, contact: str, at: int, n: int) -> None:
        leg = self._leg(contact)
        if leg is not None:
            leg.ended, leg.ended_n = at, n
            leg.wrap_by_core = self.policy.channels[self.visits[contact].event.channel].wrap_up

    def _left(self, contact: str, reason: str, at: int, n: int) -> None:
        visit = self.visits.get(contact)
        if visit is not None:
            visit.left, visit.left_n, visit.reason = at, n, reason

    def _vanished(self, contact: str, where: str, at: int, n: int) -> None:
        """A gateway found nobody: the conversation is over, or the citizen left while waiting."""
        leg = self._leg(contact)
        if leg is not None and leg.answered is not None:
            if leg.ended is None:
                leg.ended, leg.ended_n, leg.done, leg.done_n = at, n, at, n
        else:
            self._left(contact, where, at, n)


def recorded(stream: Iterable[Seen], before: State, start: int, counted: int, end: int) -> Day:
    """The day from `start` to `end`; who comes before `counted` is lived, and not counted."""
    fold = Fold(before, start, counted, end)
    for seen in stream:
        if not fold.hear(seen):
            break
    return fold.day()


def _closed(visit: Visit) -> bool:
    """Whether nothing can happen to it any more."""
    leg = visit.legs[-1]
    return visit.left is not None or leg.done is not None or (leg.ended is not None and leg.again is None)


def agent_event(record: AgentRecord) -> Agent:
    """What an agent would say to be as the record has them."""
    return Agent(record.agent, record.state, record.reason, dict(record.skills), dict(record.capacity))


def carried(record: ContactRecord, now: int) -> Visit:
    """A contact that the state before the log knew already."""
    leg = Leg(record.since if record.state in ("connected", "wrap_up") else record.arrived_at)
    if record.state in ("connected", "wrap_up"):
        leg.answered = record.since
    if record.state == "wrap_up":
        leg.ended = record.since
    event = Contact(
        record.contact, record.channel, record.needs, record.target,
        None if record.due_at is None else max(0, record.due_at - now), relax=record.relax,
        citizen=record.citizen, via=record.via, topic=record.topic, language=record.language,
    )  # fmt: skip
    return Visit(event, record.arrived_at, 0, record.target, [leg], counted=False)


def name_of(event: Event) -> str:
    """The agent an opening event is about, if any."""
    return event.agent if isinstance(event, Agent) else ""
