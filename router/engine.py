"""`guichet engine`: the core over standard input and output, one JSON line each way. No network, no clock.

It is how auditors repeat a decision and how other languages drive the core: the same `step` as in production.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Iterable
from typing import BinaryIO, TypeVar, cast

import msgspec

from router.core.digest import digest
from router.core.effects import Effect, Offer, Propose
from router.core.estimate import Wait, estimate, estimate_of
from router.core.policy import SECOND, Policy
from router.core.refusal import Refusal
from router.core.state import State
from router.core.step import step
from router.core.why import explain
from router.engine_lines import EVENTS, AnyLine, AskLine, micros, needs_of

TIDY = 250  # lines, each of which leaves some eight objects

Json = dict[str, object]
T = TypeVar("T")

_decoder = msgspec.json.Decoder(AnyLine)
_encode = msgspec.json.Encoder().encode


def seconds(at: int) -> int | float:
    """Microseconds as the protocol writes them: 16, not 16.0."""
    whole, rest = divmod(at, SECOND)
    return at / SECOND if rest else whole


class Engine:
    """One pool, driven by lines."""

    def __init__(self, policy: Policy | None = None) -> None:
        self.state = State()
        self.lines = 0
        if policy is not None:
            self.state.policy = policy

    def run(self, source: Iterable[bytes], sink: BinaryIO) -> None:
        """Answer every line until the source ends; each answer is flushed at once."""
        for line in source:
            sink.write(self.answer(line) + b"\n")
            sink.flush()
            self.tidy()

    def tidy(self) -> None:
        """Between lines, every so often: garbage among what was made since is collected."""
        if self.lines % TIDY == 0:
            gc.collect(0)

    def answer(self, line: bytes) -> bytes:
        """The one line that answers this one."""
        self.lines += 1
        at = self.state.now
        try:
            parsed = parse(line)
            at = micros(parsed.at)
            return _encode(self._ask(parsed, at) if isinstance(parsed, AskLine) else self._event(parsed, at))
        except Refusal as refusal:
            error = {"code": refusal.code, "message": refusal.message, "line": self.lines}
            return _encode({"at": seconds(at), "error": error})

    def _event(self, parsed: AnyLine, at: int) -> Json:
        assert not isinstance(parsed, AskLine)
        result = step(self.state, parsed.event(), at)
        if result.refusal is not None:
            raise result.refusal
        answer: Json = {"at": seconds(at), "effects": [effect_line(e) for e in result.effects]}
        if result.duplicate:
            answer["ignored"] = "duplicate"
        answer["wake"] = self._wake()
        return answer

    def _ask(self, question: AskLine, at: int) -> Json:
        if at < self.state.now:
            raise Refusal("time_went_back", f"it is {seconds(self.state.now)} already")
        reply: Json = {"effect": "answer", "about": question.about}
        if question.about == "state":
            reply |= about_state(self.state)
        elif question.about == "contact":
            reply |= about_contact(self.state, field(question.contact, "contact"))
        else:
            if question.needs is None:
                raise Refusal("bad_field", "this question needs `needs`")
            needs = needs_of(question.needs)
            reply["wait_s"] = wait_line(estimate(self.state, field(question.channel, "channel"), needs))
        return {"at": seconds(at), "effects": [reply], "wake": self._wake()}

    def _wake(self) -> int | float | None:
        wake = self.state.wake()
        return None if wake is None else seconds(wake)


def field(value: T | None, name: str) -> T:
    """A field that this question needs."""
    if value is None:
        raise Refusal("bad_field", f"this question needs `{name}`")
    return value


def parse(line: bytes) -> AnyLine:
    """A typed line. Raises Refusal with the protocol's code."""
    try:
        text = line.decode()  # the decoder below does not look into strings of fields it skips
        return cast("AnyLine", _decoder.decode(text))
    except UnicodeDecodeError as error:
        raise Refusal("bad_json", f"this line is not UTF-8: {error}") from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise refusal_of(text, error) from None


def refusal_of(line: str, error: Exception) -> Refusal:
    """Which code an undecodable line gets; NaN and Infinity, which JSON lacks, are bad fields."""
    try:
        raw = json.loads(line, parse_int=float)  # as an int, 5000 digits would be no JSON
    except RecursionError:
        return Refusal("bad_json", "this line is nested too deep")
    except ValueError:
        return Refusal("bad_json", f"this line is not JSON: {error}")
    if not isinstance(raw, dict):
        return Refusal("bad_field", "a line is one JSON object with `at` and `event`")
    event = raw.get("event")
    if isinstance(event, str) and event not in EVENTS:
        return Refusal("unknown_event", f"event {event[:128]!r} is none of {', '.join(EVENTS)}")
    if str(error) == "Input data was truncated":  # msgspec, of whole JSON
        return Refusal("bad_field", "half of a surrogate pair is no character")
    return Refusal("bad_field", str(error))


def effect_line(effect: Effect) -> Json:
    """An effect as the protocol writes it: seconds, and nothing of gateways."""
    if isinstance(effect, Offer):  # by far the most of them, and the rest is slower
        return {
            "effect": "offer",
            "offer": effect.offer,
            "contact": effect.contact,
            "agent": effect.agent,
            "expires_at": seconds(effect.expires_at),
            "score": effect.score,
            "why": effect.why,
        }
    line: Json = msgspec.to_builtins(effect)
    line.pop("via", None)
    line.pop("effect_id", None)
    if isinstance(effect, Propose):
        line["channels"] = [
            {"channel": way.channel, "wait_s": wait_line(Wait(way.low, way.likely, way.high))}
            for way in effect.channels
        ]
    return line


def about_state(state: State) -> Json:
    """Counts and digest."""
    ready = [agent for agent in state.agents.values() if agent.state == "ready"]
    idle = sum(not agent.hands for agent in ready)
    counts: Json = msgspec.to_builtins(state.counts)
    return counts | {"agents_ready": len(ready), "agents_idle": idle, "digest": digest(state)}


def about_contact(state: State, name: str) -> Json:
    """Where one contact stands, and why."""
    contact = state.contacts.get(name)
    if contact is None:
        raise Refusal("unknown_contact", f"no contact {name} is known")
    in_line = contact.state == "waiting" and not contact.aside
    return {
        "contact": name,
        "state": contact.state,
        "arrived_at": seconds(contact.arrived_at),
        "position": state.lines.position(contact) if in_line else None,
        "offer": contact.offer,
        "wait_s": wait_line(estimate_of(state, contact)) if in_line else None,
        "why": msgspec.to_builtins(explain(state, contact)),
    }


def wait_line(wait: Wait) -> Json:
    """An interval in seconds."""
    return {"low": seconds(wait.low), "likely": seconds(wait.likely), "high": seconds(wait.high)}
