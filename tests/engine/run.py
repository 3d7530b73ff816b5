"""Runs a stream through a fresh engine under the checker; shrinks a failing one to the lines that matter."""

from __future__ import annotations

import json
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
        pairs = zip(self.sent[-last:], [*self.received, b"(nothing)"][-last:], strict=False)
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


def shrink(failed: Conversation, tries: int = 400) -> Conversation:
    """A conversation as short as can be found that ends in a complaint of the same kind."""
    kind = _kind(failed)
    best, piece = failed, max(1, len(failed.steps) // 2)
    while tries > 0:
        start, shorter = 0, False
        while start < len(best.steps) and tries > 0:
            tries -= 1
            tried = run_steps(best.steps[:start] + best.steps[start + piece :])
            if tried.faults and _kind(tried) == kind:
                best, shorter = tried, True
            else:
                start += piece
        if piece == 1 and not shorter:
            break
        piece = max(1, piece // 2)
    return best


def _kind(said: Conversation) -> str:
    """The complaint without its particulars: enough that shrinking does not wander to another fault."""
    plain = "".join(" " if c.isdigit() else c for c in said.faults[0]).split()
    return " ".join(word for word in plain if "'" not in word)[:40]


def as_test(said: Conversation) -> str:
    """The conversation as the lines of a regression test."""
    return "\n".join(
        s if isinstance(s := step, bytes) else json.dumps(s, ensure_ascii=False) for step in said.steps
    )
