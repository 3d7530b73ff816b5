"""One input's turn through a session: where it is, what it knows, what it has asked for so far.

The verbs of the interpreter's sentences. It decides nothing about nodes, and reads no clock: `now` is given.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import structs

from ivr_flows.evaluate import holds, value_of
from ivr_flows.expression import parse
from ivr_flows.inner import Run
from ivr_flows.kinds import Value
from ivr_flows.model import Flow, Flows, Node
from ivr_flows.session import Ask, End, Frame, Heard, Perform, Say, Session, Step, Values

MOST_SILENT = 100  # nodes entered for one input, before a person is asked for instead
MOST_ENTERED = 1_000  # nodes entered in a session, likewise
MOST_PATH = 300  # of the path, its end is kept
MOST_HEARD = 100
MOST_HEARD_TEXT = 2_000

# Variables that every flow has, with their kinds.
BUILT_IN: Mapping[str, str] = {
    "caller": "text", "called": "text", "channel": "text", "language": "text", "citizen": "text",
    "contact": "text", "topic": "text", "today": "date", "verified": "bool", "vulnerable": "bool",
    "returning": "bool", "opens": "text", "closes": "text", "reason": "text", "place": "text",
    "begins": "text",
}  # fmt: skip

_GAP = re.compile(r"\{\s*([a-z_][a-z0-9_]*)")


class Turn:
    """A session while one input is worked on."""

    def __init__(self, flows: Flows, session: Session, now: int) -> None:
        self.flows, self.was, self.now = flows, session, now
        self.frames = list(session.frames)
        self.asks: list[Ask] = []
        self.known = session.known
        self.path = list(session.path)
        self.heard = list(session.heard)
        self.channel, self.language = session.channel, session.language
        self.attempt, self.at, self.rows = session.attempt, session.at, session.rows
        self.refused, self.topic, self.contact = session.refused, session.topic, session.contact
        self.served, self.ended = session.served, session.ended
        self.waits_for = session.waits_for
        self.entered = session.entered
        self.silent = 0
        self.rescued = session.rescued

    def step(self) -> Step:
        """What became of it."""
        session = structs.replace(
            self.was,
            frames=tuple(self.frames),
            known=self.known,
            channel=self.channel,
            language=self.language,
            waits_for=self.waits_for,
            attempt=self.attempt,
            rows=self.rows,
            at=self.at,
            path=tuple(self.path[-MOST_PATH:]),
            heard=tuple(self.heard[-MOST_HEARD:]),
            refused=self.refused,
            topic=self.topic,
            contact=self.contact,
            served=self.served,
            ended=self.ended,
            entered=self.entered,
            rescued=self.rescued,
        )
        return Step(session, tuple(self.asks))

    # --- where it is

    @property
    def frame(self) -> Frame:
        return self.frames[-1]

    @property
    def flow(self) -> Flow:
        return self.flows.flows[self.frame.flow]

    @property
    def node(self) -> Node:
        return self.flow.nodes[self.frame.node]

    @property
    def place(self) -> str:
        """The node as paths and prompts name it."""
        return f"{self.frame.flow}.{self.frame.node}"

    def move(self, node: str) -> None:
        """The frame stands at another node of its flow."""
        self.frames[-1] = structs.replace(self.frame, node=node)
        self.attempt, self.at, self.rows = 1, 0, ()

    def run(self, flow: str, variables: Values) -> str:
        """Into another flow; its start."""
        self.frames.append(Frame(flow, "", variables))
        return self.flow.head.start

    def leave(self, name: str) -> str | None:
        """The end of a flow: back to the one that ran it, or the end of all."""
        if len(self.frames) == 1:
            self.end(name)
            return None
        inner = self.frames.pop()
        node = self.node
        if not isinstance(node, Run):
            return self.to_person()
        self.set({ours: inner.variables.get(theirs) for ours, theirs in node.take.items()})
        return node.ends.get(name, node.next)

    def to_person(self) -> str | None:
        """The node that leads to a person, in the nearest flow around that has one; None: asked at once."""
        while self.flow.head.person is None and len(self.frames) > 1:
            self.frames.pop()
        if self.flow.head.person is None:
            self.rescue()
        return self.flow.head.person

    def rescue(self) -> None:
        """A person, whatever else fails: no flow's word is needed for it."""
        del self.frames[1:]
        self.rescued = True
        arguments = {"language": self.language, "vulnerable": False}
        self.perform("route", self.topic, arguments=arguments)

    # --- what it knows

    def variables(self) -> Values:
        """Everything an expression or a text may name."""
        zone = ZoneInfo(self.flow.head.time_zone)
        today = dt.datetime.fromtimestamp(self.now / 1_000_000, zone).date().isoformat()
        return (
            self.frame.variables
            | self.known
            | {
                "channel": self.channel,
                "language": self.language,
                "topic": self.topic,
                "contact": self.contact,
                "today": today,
            }
        )

    def set(self, values: Values) -> None:
        """Variables of the present flow."""
        if values:
            self.frames[-1] = structs.replace(self.frame, variables=self.frame.variables | values)

    def learn(self, values: Values) -> None:
        """Built-in variables, which every flow of the session sees; others are dropped."""
        self.known = self.known | {name: value for name, value in values.items() if name in BUILT_IN}

    def value(self, expression: Value) -> Value:
        """What an expression of the file comes to now."""
        return value_of(parse(expression), self.variables())

    def holds(self, expression: Value) -> bool:
        return holds(parse(expression), self.variables())

    def given(self, expressions: Mapping[str, Value]) -> Values:
        """Each expression's value, none of which sees the others."""
        return {name: self.value(expression) for name, expression in expressions.items()}

    # --- what it asks for

    def words(self, words: Mapping[str, str], part: str, extra: Values | None = None) -> Say:
        """A text of the present node, in the citizen's language or the nearest that there is."""
        first = self.flow.head.languages[0]
        plain = self.language.removesuffix("-plain")
        tag = next((tag for tag in (self.language, plain, first) if tag in words), "")
        tag = tag or next(iter(words))
        text = words[tag]
        known: dict[str, Any] = self.variables() | (extra or {})
        values = {name: known.get(name) for name in _GAP.findall(text)}
        return Say(f"{self.place}.{part}", tag, text, values)

    def house(self, word: str, values: Values | None = None, language: str = "") -> Say:
        """Words that every flow shares; the renderer has them."""
        return Say(f"house.{word}", language or self.language, "", values or {})

    def say(self, words: Mapping[str, str] | None, part: str = "say") -> None:
        if words:
            self.asks.append(self.words(words, part))

    def wait(self, ask: Ask) -> None:
        """Nothing goes on before this is answered."""
        self.asks.append(ask)
        self.waits_for = ask

    def perform(self, service: Any, name: str = "", **more: Any) -> None:  # noqa: ANN401 - Perform types them
        """Have a service do something."""
        self.wait(Perform(self.place, service, name, **more))

    def end(self, reason: str) -> None:
        self.ended, self.waits_for = reason, None
        self.asks.append(End(reason))

    def hear(self, text: str, means: str = "") -> None:
        """Keep what was answered, for the agent."""
        self.heard.append(Heard(self.place, text[:MOST_HEARD_TEXT], means))
