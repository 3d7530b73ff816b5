"""Makes a failing conversation small: fewer lines, fewer fields, round times, the complaint kept."""

from __future__ import annotations

from collections.abc import Iterator

from tests.engine.generate import Step
from tests.engine.run import Conversation, run_steps


def shrink(failed: Conversation, tries: int = 400) -> Conversation:
    """A conversation as short as `tries` fresh engines can make it."""
    kind, best = _kind(failed), failed
    for propose in (_fewer_lines, _fewer_fields, _rounder_times, _fewer_lines):
        shorter = True
        while shorter and tries > 0:
            shorter = False
            for steps in propose(best.steps):
                tries -= 1
                tried = run_steps(steps)
                if tried.faults and _kind(tried) == kind:
                    best, shorter = tried, True
                    break
                if tries <= 0:
                    break
    return best


def _fewer_lines(steps: list[Step]) -> Iterator[list[Step]]:
    piece = len(steps) // 2
    while piece:
        for start in range(0, len(steps), piece):
            yield steps[:start] + steps[start + piece :]
        piece //= 2


def _fewer_fields(steps: list[Step]) -> Iterator[list[Step]]:
    for place, step in enumerate(steps):
        for thinner in _thinner(step) if isinstance(step, dict) else ():
            yield [*steps[:place], thinner, *steps[place + 1 :]]


def _thinner(value: dict) -> Iterator[dict]:
    """The map without one of its entries, at any depth; what the line cannot do without fails and is kept."""
    for name, inner in value.items():
        yield {other: kept for other, kept in value.items() if other != name}
        if isinstance(inner, dict):
            yield from ({**value, name: less} for less in _thinner(inner))
        elif isinstance(inner, list):
            yield from ({**value, name: inner[:i] + inner[i + 1 :]} for i in range(len(inner)))


def _rounder_times(steps: list[Step]) -> Iterator[list[Step]]:
    for place, step in enumerate(steps):
        if isinstance(step, dict) and step["at"] != round(step["at"]):
            yield [*steps[:place], {**step, "at": round(step["at"])}, *steps[place + 1 :]]


def _kind(said: Conversation) -> str:
    """The complaint without its particulars: enough that shrinking does not wander to another fault."""
    plain = "".join(" " if character.isdigit() else character for character in said.faults[0]).split()
    return " ".join(word for word in plain if "'" not in word)[:40]
