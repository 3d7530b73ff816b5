"""Running sessions: an input in, what the citizen is to hear and to be asked out; the rest is performed here.

A renderer (phone, chat) starts a session, gives it inputs and shows what comes. Waiting for the agent and
transfers outside are the renderer's own: they come out as asks. Everything else never leaves this room.
It decides nothing: the interpreter does. A failure here is an answer, `unavailable`, that leads to a person.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

import msgspec

from ivr_flows.interpreter import advance
from ivr_flows.model import Flows
from ivr_flows.session import Ask, Done, Input, Left, Perform, Session, Started
from router.flows.ports import Ports
from router.flows.published import Published
from router.flows.trace import traced
from router.log.errors import LogError
from router.log.flow_store import FlowStore

THEIRS = ("wait", "transfer")  # what the renderer performs
MOST_PERFORMED = 200  # services asked for one input

log = logging.getLogger(__name__)


class Running:
    """One citizen's session with the version it began on."""

    def __init__(self, name: str, flows: Flows, version: int, known: dict[str, str]) -> None:
        self.name, self.flows, self.version, self.known = name, flows, version, known
        self.session = Session()
        self.tracing: asyncio.Task[None] | None = None

    @property
    def ended(self) -> str:
        """Why, once it is."""
        return self.session.ended


class Runner:
    """Starts sessions and takes them on."""

    def __init__(
        self,
        published: Published,
        ports: Ports,
        traces: FlowStore | None = None,
        trace_s: float = 604_800,
        clock: Callable[[], int] = lambda: time.time_ns() // 1000,
    ) -> None:
        self._published, self._ports, self._traces = published, ports, traces
        self._trace_s, self._clock = trace_s, clock
        self._tracing: set[asyncio.Task[None]] = set()

    async def start(
        self,
        name: str,
        flow: str,
        channel: str,
        known: dict[str, str],
        *,
        alias: str = "live",
        draft: bool = False,
        language: str = "",
    ) -> tuple[Running, tuple[Ask, ...]]:
        """A session called `name`. Raises Unpublished, Faults (of a draft) or LogError: no flow then."""
        if draft:
            running = Running(name, await self._published.draft(flow), 0, known)
        else:
            flows, version = await self._published.live(flow, alias)
            running = Running(name, flows, version, known)
        return running, await self.take(running, Started(channel, language, dict(known)))

    async def resume(
        self, name: str, flow: str, version: int, session: Session, known: dict[str, str]
    ) -> Running:
        """A session as it was kept, on its version (0: a draft). Raises Unpublished, Faults or LogError."""
        flows = await (self._published.at(flow, version) if version else self._published.draft(flow))
        running = Running(name, flows, version, known)
        running.session = session
        return running

    async def take(self, running: Running, happened: Input) -> tuple[Ask, ...]:
        """What to say and ask now. The last ask is waited for: Choose, Collect, Perform of THEIRS, or End."""
        lines: list[bytes] = []
        try:
            return await self._take(running, happened, lines)
        finally:
            running.tracing = asyncio.create_task(self._trace(running, lines, running.tracing))
            self._tracing.add(running.tracing)
            running.tracing.add_done_callback(self._tracing.discard)
            if running.ended:
                await asyncio.shield(running.tracing)

    async def _take(self, running: Running, happened: Input, lines: list[bytes]) -> tuple[Ask, ...]:
        asks: list[Ask] = []
        for _ in range(MOST_PERFORMED):
            before, now = running.session, self._clock()
            step = advance(running.flows, before, happened, now)
            running.session = step.session
            if step.fault:
                log.error("the interpreter failed: %s", step.fault, extra={"session": running.name})
            first = isinstance(happened, Started)
            lines.append(msgspec.json.encode(
                traced(before, happened, step, now, running.flows.main if first else "", running.version)
            ))  # fmt: skip
            asks += [ask for ask in step.asks if not isinstance(ask, Perform) or ask.service in THEIRS]
            waited = step.session.waits_for
            if isinstance(happened, Left) or not isinstance(waited, Perform) or waited.service in THEIRS:
                break
            happened = await self._performed(running, waited)
        return tuple(asks)

    async def _performed(self, running: Running, asked: Perform) -> Done:
        try:
            return await self._ports.perform(
                running.name, running.session, asked, running.known, self._clock()
            )
        except Exception as fault:  # whatever it was, the citizen goes on, to a person
            log.warning("%s failed: %s", asked.service, type(fault).__name__, extra={"session": running.name})
            return Done("unavailable")

    async def _trace(self, running: Running, lines: list[bytes], before: asyncio.Task[None] | None) -> None:
        """In order, and beside the conversation, which must not wait for it."""
        if self._traces is None or not self._trace_s or not lines:
            return
        if before is not None:
            await before
        try:
            await self._traces.trace(running.name, lines, max(1, int(self._trace_s)))
        except LogError as fault:  # a trace is worth less than the conversation
            log.warning("a trace is lost: %s", type(fault).__name__, extra={"session": running.name})
