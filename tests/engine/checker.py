"""The law checker: is fed every line sent and every line received, and says what the answer breaks.

It keeps its own `World` from `engine-protocol.md` alone. After a complaint the world may no longer be the
engine's: a caller should stop there.
"""

from __future__ import annotations

from tests.engine.asks import Digests, ask_faults
from tests.engine.expect import Expectation, expect, words
from tests.engine.play import settle
from tests.engine.shapes import answer_faults, error_faults, is_number, read
from tests.engine.world import World, micros


class Checker:
    """`line` returns the complaints about one exchange; an empty list is a lawful answer."""

    def __init__(self) -> None:
        self.world = World()
        self._digests = Digests()
        self._taken: set[str] = set()
        self._number = 0

    def line(self, sent: bytes, received: bytes) -> list[str]:
        self._number += 1
        expected = expect(self.world, sent, self._taken)
        try:
            answer = read(received)
        except ValueError as wrong:
            return [f"not a line of JSON: {wrong}"]
        faults = error_faults(answer, self._number) if "error" in answer else answer_faults(answer)
        if faults:
            return faults
        if "error" in answer:
            return self._refused(expected, answer)
        if micros(answer["at"]) != expected.at:
            return [f"at is {answer['at']!r} instead of {expected.at}: {', '.join(sorted(expected.codes))}"]
        if "ignored" in answer:
            return self._ignored(expected, answer)
        return self._taken_line(expected, answer)

    def _refused(self, expected: Expectation, answer: dict) -> list[str]:
        code = answer["error"]["code"]
        if code not in expected.codes:
            allowed = sorted(expected.codes) or ["none"]
            return [f"refused with {code}; allowed here: {', '.join(allowed)}"]
        # Whose `at` an error carries is shown by one example only: the line's, or the clock as it stands.
        stands = {self.world.now or 0} | ({expected.at} if expected.at is not None else set())
        at = answer.get("at")
        return [] if is_number(at) and micros(at) in stands else [f"an error at {at!r}"]

    def _ignored(self, expected: Expectation, answer: dict) -> list[str]:
        if not expected.ignored:
            return ["ignored although it repeats no line taken before"]
        faults = [] if answer["ignored"] == "duplicate" else [f"ignored: {answer['ignored']!r}"]
        if answer["effects"]:
            faults.append("a duplicate with effects")
        return faults + self._same_wake(answer)

    def _taken_line(self, expected: Expectation, answer: dict) -> list[str]:
        line = expected.line
        if line is None or not expected.taken:
            allowed = "ignored" if expected.ignored else f"refused with {', '.join(sorted(expected.codes))}"
            return [f"taken although it should be {allowed}"]
        if line["event"] == "ask":
            return ask_faults(self.world, self._digests, line, answer["effects"]) + self._same_wake(answer)
        wake = None if answer["wake"] is None else micros(answer["wake"])
        self._digests.moved()
        self._taken.add(words(line))
        self.world, faults = settle(self.world, line, answer["effects"], wake)
        return faults

    def _same_wake(self, answer: dict) -> list[str]:
        """A duplicate and an ask fire no timer, so the next one is due when it was, be that in the past."""
        wake = None if answer["wake"] is None else micros(answer["wake"])
        return [] if wake == self.world.wake else [f"wake moved from {self.world.wake} to {wake}"]
