"""The lines of `guichet engine` (protocol version 1): typed, in seconds, and how they become events.

Translation only; what an event means is the core's. Fields not named by the protocol are let pass: drivers
may keep their own.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from router.core import events
from router.core.events import AgentStateName, AnswerName, Id, Level, Levels
from router.core.policy import CHANNELS, SECOND

Seconds = Annotated[float, Meta(ge=0, lt=1e9)]
Channel = Literal["phone", "chat", "email", "callback", "counter", "appointment", "outreach"]
NeedsLine = Levels | Annotated[tuple[Levels, ...], Meta(min_length=1, max_length=32)]
Capacity = dict[Channel, Annotated[int, Meta(ge=0, le=1000)]]

assert Channel.__args__ == CHANNELS  # type: ignore[attr-defined]


def micros(seconds: float) -> int:
    """Rounded to a microsecond on entry."""
    return round(seconds * SECOND)


def optional_micros(seconds: float | None) -> int | None:
    """The same, where nothing may be said."""
    return None if seconds is None else micros(seconds)


def needs_of(needs: dict[str, int] | tuple[dict[str, int], ...]) -> events.Needs:
    """One map is one alternative."""
    return (needs,) if isinstance(needs, dict) else needs


class Line(Struct, frozen=True, tag_field="event"):
    """Common to all."""

    at: Seconds


class AgentLine(Line, frozen=True, tag="agent"):
    """Log-in, state, skills or capacity."""

    agent: Id
    state: AgentStateName
    reason: str = ""
    skills: Annotated[dict[Id, Level], Meta(max_length=1000)] | None = None
    capacity: Capacity | None = None

    def event(self) -> events.Event:
        capacity = None if self.capacity is None else {str(c): n for c, n in self.capacity.items()}
        return events.Agent(self.agent, self.state, self.reason, self.skills, capacity)


class RelaxLine(Struct, frozen=True):
    """One step of relaxation."""

    after_s: Seconds
    needs: NeedsLine


class ContactLine(Line, frozen=True, tag="contact"):
    """A contact asks for an agent."""

    contact: Id
    channel: Channel
    needs: NeedsLine
    target_s: Seconds | None = None
    due_s: Seconds | None = None
    vulnerable: bool = False
    waited_s: Seconds = 0.0
    prefers: Annotated[tuple[Id, ...], Meta(max_length=32)] = ()
    prefers_for_s: Seconds | None = None
    relax: Annotated[tuple[RelaxLine, ...], Meta(max_length=16)] = ()
    citizen: Id | None = None
    topic: Annotated[str, Meta(max_length=128)] = ""
    language: Annotated[str, Meta(max_length=128)] = ""
    direct: Id | None = None  # the lines from here on are beyond the protocol: see engine-protocol.md
    direct_for_s: Seconds | None = None
    pool: str = ""
    after: Id | None = None
    cut: bool = False
    journey: Annotated[int, Meta(ge=0, le=1000)] = 0

    def event(self) -> events.Event:
        return events.Contact(
            contact=self.contact,
            channel=self.channel,
            needs=needs_of(self.needs),
            target=optional_micros(self.target_s),
            due=optional_micros(self.due_s),
            vulnerable=self.vulnerable,
            waited=micros(self.waited_s),
            prefers=self.prefers,
            prefers_for=optional_micros(self.prefers_for_s),
            relax=tuple([events.Relax(micros(r.after_s), needs_of(r.needs)) for r in self.relax]),
            citizen=self.citizen,
            topic=self.topic,
            language=self.language,
            direct=self.direct,
            direct_for=optional_micros(self.direct_for_s),
            pool=self.pool,
            after=self.after,
            cut=self.cut,
            journey=self.journey,
        )


class AnswerLine(Line, frozen=True, tag="answer"):
    """Reply to an offer."""

    offer: Id
    contact: Id
    agent: Id
    answer: AnswerName

    def event(self) -> events.Event:
        return events.Answer(self.offer, self.contact, self.agent, self.answer)


class GoneLine(Line, frozen=True, tag="gone"):
    """The citizen left while waiting or offered."""

    contact: Id

    def event(self) -> events.Event:
        return events.Gone(self.contact)


class EndedLine(Line, frozen=True, tag="ended"):
    """Conversation over."""

    contact: Id
    agent: Id | None = None

    def event(self) -> events.Event:
        return events.Ended(self.contact, self.agent)


class DoneLine(Line, frozen=True, tag="done"):
    """Wrap-up over."""

    contact: Id
    agent: Id

    def event(self) -> events.Event:
        return events.Done(self.contact, self.agent)


class AgainLine(Line, frozen=True, tag="again"):
    """Transfer."""

    contact: Id
    needs: NeedsLine
    channel: Channel | None = None
    target_s: Seconds | None = None
    pool: str | None = None

    def event(self) -> events.Event:
        return events.Again(
            self.contact, needs_of(self.needs), self.channel, optional_micros(self.target_s), pool=self.pool
        )


class MoveLine(Line, frozen=True, tag="move"):
    """A supervisor's move; beyond the protocol."""

    contact: Id
    to: events.MoveTo
    by: Id
    reason: Annotated[str, Meta(min_length=1, max_length=200)]
    agent: Id | None = None
    direct_for_s: Seconds | None = None
    pool: str | None = None
    force: bool = False

    def event(self) -> events.Event:
        return events.Move(
            self.contact, self.to, self.by, self.reason, self.agent,
            optional_micros(self.direct_for_s), self.pool, self.force,
        )  # fmt: skip


class ChoiceLine(Line, frozen=True, tag="choice"):
    """The citizen's yes or no to a channel that was proposed."""

    contact: Id
    channel: Channel
    choice: Literal["accepted", "refused"]

    def event(self) -> events.Event:
        return events.Choice(self.contact, self.channel, self.choice)


class TickLine(Line, frozen=True, tag="tick"):
    """Time passed."""

    def event(self) -> events.Event:
        return events.Tick()


class AskLine(Line, frozen=True, tag="ask"):
    """A question; changes nothing."""

    about: Literal["state", "contact", "estimate"]
    contact: Id | None = None
    channel: Channel | None = None
    needs: NeedsLine | None = None


EventLine = (
    AgentLine
    | ContactLine
    | AnswerLine
    | GoneLine
    | EndedLine
    | DoneLine
    | AgainLine
    | MoveLine
    | ChoiceLine
    | TickLine
)
AnyLine = EventLine | AskLine
EVENTS = ("agent", "contact", "answer", "gone", "ended", "done", "again", "move", "choice", "tick", "ask")
