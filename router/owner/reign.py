"""The loop of one owner, from the lease it took to the lease it lost.

take what came → step → one append → release. Nothing leaves before the append has returned.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from router.core.events import Refused, Takeover, Tick
from router.core.refusal import Refusal
from router.core.state import State
from router.core.step import Result
from router.ending import end
from router.log.errors import LogUnreachable, Stuck
from router.log.fold import Step, catch_up, last_snapshot
from router.log.lease import LENGTH, RENEW_AFTER, Lease, elapsed
from router.log.pool_log import PoolLog
from router.owner.batch import Batch
from router.owner.clock import Clock
from router.owner.feed import feed
from router.owner.intake import Intake, Submission
from router.owner.observer import Observer
from router.owner.release import Release
from router.owner.stepper import Stepper, contact_of
from router.owner.writer import Writer

PATIENCE = 2.0  # seconds a submitter waits for a log that does not answer
PAUSE = 0.25

logger = logging.getLogger(__name__)


class Reign:
    """One acquisition of the lease."""

    def __init__(
        self, log: PoolLog, state: State, lease: Lease, step: Step, intake: Intake, release: Release,
        observer: Observer,
    ) -> None:  # fmt: skip
        self._log, self._step, self._lease = log, step, lease
        self._intake, self._release, self._observer = intake, release, observer
        self.clock = Clock(lease, state.now)
        self._stepper = Stepper(state, self.clock, step)
        self._writer = Writer(log, state.n, self._note_trouble)
        self._flying = Batch(state.n + 1)  # stepped, and perhaps not durable yet
        self._ending = False
        self.durable = False  # whether every bit of `state` is
        self.trouble = False  # the log takes nothing now

    @property
    def state(self) -> State:
        return self._stepper.state

    def age(self) -> float:
        """Seconds since an append last returned."""
        return elapsed() - self._writer.wrote_at

    def end(self) -> None:
        """What is here is still made durable; `last` returns then."""
        self._ending = True
        self._intake.wake()

    def fail(self, code: str, message: str) -> None:
        """Promises nothing to those whose events were stepped, and perhaps not made durable."""
        self._flying.fail(code, message)

    async def begin(self) -> None:
        """What open offers became is unknown to us: gateways are asked. Raises Stuck."""
        takeover = self._stepper.alone(Takeover(self._lease.epoch))
        if takeover.poison is not None:
            raise Stuck(
                "this core cannot take the pool over: start the former version, report the trace above"
            )
        await self._commit(takeover, 0.0)
        self._observer.reigns(self._lease.epoch)

    async def last(self) -> None:
        """Until `end`, or until the lease or entries are lost (Fenced, Gap)."""
        feeding = asyncio.create_task(feed(self._log, self._intake, self.state.inbox))
        try:
            while not self._ending or self._intake:
                await self._intake.wait(self._pause())
                await self._turn()
                if self._ending:
                    feeding.cancel()
                elif feeding.done():
                    feeding.result()  # raises: without its inbox no owner goes on
        finally:
            await end([feeding])

    def _pause(self) -> float:
        """Until the lease is to be renewed or the next timer is due."""
        pause = RENEW_AFTER - self.age()
        due = self._stepper.due()
        return pause if due is None else min(pause, (due - self.clock.now()) / 1e6)

    async def _turn(self) -> None:
        started = elapsed()
        batch = self._stepper.turn(self._intake)
        await self._commit(batch, elapsed() - started)
        if batch.poison is not None:
            await self._put_aside(batch.poison)

    async def _commit(self, batch: Batch, step_seconds: float) -> None:
        """Appends, then releases. An empty batch renews the lease if it is time."""
        self._flying = batch
        self.durable = not batch.encoded and batch.poison is None
        if batch.encoded or self.age() >= RENEW_AFTER:
            started = elapsed()
            with self._patience():
                sent = await self._writer.write(batch.encoded, batch.inbox)
            self.trouble = False
            self._observer.appended(len(batch.encoded), step_seconds, elapsed() - started)
            self._release.tell(batch.entries, self.clock.at(sent) + LENGTH)
        batch.resolve()
        if batch.poison is None:
            self.durable = True
            self._release.answer(self.state)

    async def _put_aside(self, submission: Submission) -> None:
        """What `step` left behind is not a state: take it from the log again, and record what was refused."""
        self._observer.poisoned()
        self._stepper.state = await self._rebuilt()
        if isinstance(submission.event, Tick):
            self._stepper.mute_ticks()
        record = self._stepper.alone(Refused("poison", contact_of(submission.event)), submission)
        if record.poison is not None:
            logger.critical("even the record of a poison event is poison: it is passed over without one")
            self._stepper.state = await self._rebuilt()
            record = Batch(self.state.n + 1)
        message = "this event could not be applied; it is put aside for a supervisor"
        record.answer(submission, Result(refusal=Refusal("poison", message)))
        await self._commit(record, 0.0)

    async def _rebuilt(self) -> State:
        with self._patience():
            while True:
                try:
                    state = await last_snapshot(self._log)
                    await catch_up(self._log, state, self._step)
                    return state
                except LogUnreachable as error:
                    self._note_trouble()
                    logger.warning("the log cannot be read, trying again: %s", error)
                    await asyncio.sleep(PAUSE)

    @contextmanager
    def _patience(self) -> Iterator[None]:
        """Those who wait are told if what is done here takes longer than they may be kept waiting."""
        late = asyncio.get_running_loop().call_later(PATIENCE, self._give_up)
        try:
            yield
        finally:
            late.cancel()

    def _note_trouble(self) -> None:
        self.trouble = True

    def _give_up(self) -> None:
        """The log has not answered in time. The batch stays and is tried further; those who wait are told."""
        self.trouble = True
        for waiting in (self._flying, self._intake, self._release):
            waiting.fail("log_unavailable", "the log does not answer")
