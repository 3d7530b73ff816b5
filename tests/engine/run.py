"""Runs a stream through a fresh engine under the checker, up to the first complaint."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tests.engine.checker import Checker
from tests.engine.driver import Engine, Silence
from tests.engine.generate import Step, Stream, resolve


@dataclass
class Conversation:
    """What was said on both sides, until the first complaint."""

    steps: list[Step] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)
    received: list[bytes] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def tell(self, last: int = 6) -> str:
        """The end of the conversation and what is wrong with it."""
        silence = [b"(nothing)"] * (len(self.sent) - len(self.received))
        pairs = zip(self.sent[-last:], (self.received + silence)[-last:], strict=True)
        told = [f"> {s[:2000].decode(errors='replace')}\n< {r.decode(errors='replace')}" for s, r in pairs]
        return "\n".join([*told, *(f"! {fault}" for fault in self.faults)])


def converse_checked(steps: Iterable[Step], engine: Engine, checker: Checker) -> Conversation:
    said = Conversation()
    for step in steps:
        line = resolve(step, checker.world)
        said.steps.append(step)
        said.sent.append(line)
        try:
            said.received.append(engine.ask(line))
        except Silence as silence:
            said.faults = [f"silence: {silence}"]
            return said
        said.faults = checker.line(line, said.received[-1])
        if said.faults:
            return said
    return said


def run_seed(seed: int, lines: int, engine: Engine | None = None) -> Conversation:
    """One seeded stream against `engine`, which must be fresh, or one of its own."""
    checker, stream = Checker(), Stream(seed)

    def steps() -> Iterator[Step]:
        for _ in range(lines):
            yield stream.next(checker.world)

    with engine or Engine() as fresh:
        return converse_checked(steps(), fresh, checker)


def run_steps(steps: list[Step]) -> Conversation:
    with Engine() as engine:
        return converse_checked(steps, engine, Checker())
