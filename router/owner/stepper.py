"""Steps what came in, into a batch: stamps, applies, encodes. No I/O: nothing here is durable yet.

It never lets an exception of `step` out, nor goes on with the state that `step` left behind then.
"""

from __future__ import annotations

import logging

import msgspec

from router.core.digest import digest
from router.core.events import Event, Refused, Shift, Tick
from router.core.state import State
from router.core.step import Result
from router.core.version import CORE_VERSION
from router.log.entry import Entry
from router.log.errors import TooLarge
from router.log.fold import DIGEST_EVERY, Step
from router.owner.batch import Batch
from router.owner.clock import Clock
from router.owner.intake import Intake, Submission

LARGEST_ENTRY = 8 << 20  # what append.lua takes
FIRST_MUTE, LONGEST_MUTE = 1_000_000, 60_000_000  # microseconds without ticks after one was poison

logger = logging.getLogger(__name__)
_encode = msgspec.msgpack.Encoder().encode


class Stepper:
    """Owns the state between two appends."""

    def __init__(self, state: State, clock: Clock, step: Step) -> None:
        self.state = state
        self.clock = clock
        self._step = step
        self._mute, self._muted_until = FIRST_MUTE, 0

    def turn(self, intake: Intake) -> Batch:
        """Whatever came while the last append flew, at most 256 events or 1 MB, then timers still due."""
        batch = Batch(self.state.n + 1)
        jump = self.clock.turn()
        at = self.clock.now()
        if jump:
            logger.warning("the clock jumped by %.1f s: deadlines shift", jump / 1e6)
            self._take(batch, Submission(Shift(jump)), at)
        while intake and not batch.full():
            self._take(batch, intake.pop(), at)
        due = self.due()
        if due is not None and due <= at and batch.poison is None:
            self._take(batch, Submission(Tick()), at)
        return batch

    def alone(self, event: Event, about: Submission | None = None) -> Batch:
        """A batch of one event of our own; `about` lends its origin."""
        batch = Batch(self.state.n + 1)
        self._take(batch, Submission(event, about.origin if about else None), self.clock.now())
        return batch

    def due(self) -> int | None:
        """When the next tick is to be: a poison one is not tried again at once."""
        wake = self.state.wake()
        return None if wake is None else max(wake, self._muted_until)

    def mute_ticks(self) -> None:
        """A tick was poison: ever rarer from here on, since the same timer is due again."""
        self._muted_until = self.clock.now() + self._mute
        self._mute = min(2 * self._mute, LONGEST_MUTE)

    def _take(self, batch: Batch, submission: Submission, at: int) -> None:
        try:
            result = self._apply(batch, submission.event, submission, at)
            if submission.origin is not None and (result.refusal is not None or result.duplicate):
                # On record, so that the inbox advances past it.
                code = result.refusal.code if result.refusal is not None else "duplicate"
                self._apply(batch, Refused(code, contact_of(submission.event)), submission, at)
        except Exception:
            logger.exception("poison: a %s event could not be stepped", type(submission.event).__name__)
            batch.poison = submission
        else:
            batch.answer(submission, result)

    def _apply(self, batch: Batch, event: Event, submission: Submission, at: int) -> Result:
        state = self.state
        ruled = state.policy_hash
        result = self._step(state, event, at, submission.origin)
        if result.refusal is None and not result.duplicate:
            mark = digest(state) if state.n % DIGEST_EVERY == 0 else ""
            entry = Entry(state.n, at, event, result.effects, CORE_VERSION, ruled, submission.origin, mark)
            raw = _encode(entry)
            if len(raw) > LARGEST_ENTRY:
                raise TooLarge(f"the entry of a {type(event).__name__} event is {len(raw)} bytes")
            batch.add(entry, raw)
        return result


def contact_of(event: Event) -> str | None:
    """The contact an event names, if it names one."""
    return getattr(event, "contact", None)
