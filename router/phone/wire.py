"""The AMI link: panoramisk's manager and protocol, cured of what is dangerous in them.

The only file that imports panoramisk. An action is sent once and never again by itself: when the link breaks
first, its outcome is `Unknown` and the gateway looks at the channels instead. It must never let a value end
a header line, never die of one bad message, and never come back after `close`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import secrets
import ssl
import time
from itertools import count
from typing import TYPE_CHECKING, Any

from panoramisk.ami_protocol import AMIProtocol
from panoramisk.manager import Manager

from router.phone import ami, ami_actions
from router.phone.ami import Denied, Unknown, Unsent
from router.phone.asked import Asked
from router.phone.frame import Frames, Lines, NotAsterisk, event_name, headers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from router.phone.frame import Said
    from router.phone.settings import AmiSettings

log = logging.getLogger(__name__)

QUEUE_MAX = 10_000  # events not yet read: beyond it we are lost, and looking afresh is cheaper
CONNECT_S = 3.0
ACTION_S = 3.0
PING_S = 2.0
BACKOFF_S, BACKOFF_MAX_S = 0.2, 10.0


class Protocol(AMIProtocol):  # type: ignore[misc]
    """Frames bytes, drops early what nobody reads, survives a message it cannot read."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.factory = self.wire
        self.responses: dict[str, Asked] = {}
        # Of this link alone: panoramisk draws one prefix at import, which a fork or a second link shares.
        self.prefix = secrets.token_hex(8)
        self.numbers = count(1)
        self.frames = Frames()

    def data_received(self, data: bytes) -> None:
        try:
            frames = self.frames.feed(data)
        except NotAsterisk as fault:
            log.error("AMI: %s; link dropped", fault)
            self.transport.abort()
            return
        for frame in frames:
            try:
                self.frame_received(frame)
            except Exception:
                log.exception("an AMI message could not be read")

    def frame_received(self, frame: bytes) -> None:
        name = event_name(frame)
        if name and b"\r\nActionID: " not in frame:
            if name in ami.WANTED:
                self.factory.dispatch(Lines(frame))
            return
        said = headers(frame)
        # An answer or a row of a list goes to whoever asked; an event that only bears the id is an event.
        asked = self.responses.get(said.get("actionid", ""))
        if asked is not None and ("event" not in said or (asked.as_list and asked.answer)):
            if asked.add(said):
                self.responses.pop(said["actionid"], None)
        elif "event" in said:
            self.factory.dispatch(said)

    def send(self, data: dict[str, str], as_list: bool = False) -> asyncio.Future[Any]:
        """As panoramisk's manager sends its login."""
        return self.ask([(data, as_list)])[0].future

    def ask(self, actions: Iterable[tuple[dict[str, str], bool]]) -> list[Asked]:
        """All in one write, or none. Raises Unsent."""
        if self.closed or self.transport.is_closing():
            raise Unsent("the AMI link is closed")
        asked = [
            Asked(lines, f"{self.prefix}-{next(self.numbers)}", as_list=bool(as_list))
            for lines, as_list in actions
        ]
        self.responses.update((each.id, each) for each in asked)
        self.transport.write("".join(each.text for each in asked).encode())
        return asked

    def connection_lost(self, exc: Exception | None) -> None:
        self.close()
        self.factory.connection_lost(exc)

    def close(self) -> None:
        """Whatever was asked and not answered is Unknown from here on: it is never sent again."""
        self.closed = True
        asked, self.responses = list(self.responses.values()), {}
        for each in asked:
            if not each.future.done():
                each.future.set_exception(Unknown("the AMI link broke before the answer"))
                each.future.exception()  # marked as seen: nobody may be waiting any more
        self.transport.abort()


class Wire(Manager):  # type: ignore[misc]
    """One link to one Asterisk, kept up until `close`. `events` yields everything in order."""

    def __init__(self, settings: AmiSettings, secret: str, may: Callable[[], bool] = lambda: True) -> None:
        """`may`: whether this Asterisk is ours to steer. Raises OSError for a `ca_file` that is none."""
        tls = ssl.create_default_context(cafile=settings.ca_file) if settings.ca_file else False
        super().__init__(
            host=settings.host, port=settings.port, ssl=tls, username=settings.user, secret=secret,
            events="on", protocol_factory=lambda: Protocol(self), ping_delay=5, log=log,
        )  # fmt: skip
        self.events: asyncio.Queue[ami.AmiEvent] = asyncio.Queue(QUEUE_MAX)
        self.may = may
        self.ahead = 0.0  # seconds by which Asterisk's clock is ahead of ours
        self.stopped = False
        self.failures = 0
        self.tasks: set[asyncio.Task[None]] = set()
        self.timer: asyncio.TimerHandle | None = None
        self.connecting: asyncio.Task[Any] | None = None

    @property
    def up(self) -> bool:
        return bool(self.authenticated and self.protocol is not None and not self.protocol.closed)

    async def act(
        self,
        action: ami_actions.Action,
        deadline_s: float = ACTION_S,
        *,
        first: ami_actions.Action | None = None,
    ) -> list[dict[str, str]]:
        """Send one action once, `first` before it in the same write: how both went is how it went.

        Raises Unsent, Unknown or Denied.
        """
        if not self.up:
            raise Unsent("there is no AMI link")
        if not self.may() and not isinstance(action, ami_actions.Ping):
            raise Unsent("another gateway steers this Asterisk")
        return await self._ask([first, action] if first is not None else [action], deadline_s)

    async def _ask(self, actions: Sequence[ami_actions.Action], deadline_s: float) -> list[dict[str, str]]:
        protocol = self.protocol
        asked: list[Asked] = protocol.ask(
            (ami_actions.headers(each), ami_actions.is_list(each)) for each in actions
        )
        try:
            async with asyncio.timeout(deadline_s):
                answers = [await each.future for each in asked]
        except TimeoutError:
            raise Unknown(f"no answer to {type(actions[-1]).__name__} within {deadline_s:g} s") from None
        finally:
            for each in asked:
                protocol.responses.pop(each.id, None)
        for answer in answers:
            if not answer.success:
                raise Denied(answer[0].get("message", "refused"))
        return answers[-1]

    # what panoramisk's manager calls

    def connect(self) -> asyncio.Task[Any]:
        self.connecting = super().connect()
        self.loop.call_later(CONNECT_S, self.connecting.cancel)  # no effect on one that is done
        return self.connecting

    def connection_made(self, f: asyncio.Future[Any]) -> None:
        fault = None if f.cancelled() else f.exception()
        if f.cancelled() or fault is not None:
            self._again(f"not reached: {type(fault).__name__ if fault else 'no answer in time'}")
        elif self.stopped:
            f.result()[0].abort()
        else:
            with contextlib.suppress(Unsent):  # lost again already: connection_lost has seen to it
                super().connection_made(f)

    def login(self, future: asyncio.Future[Any]) -> bool:
        if future.cancelled() or future.exception() is not None or self.stopped:
            return False
        if not super().login(future):
            log.error("Asterisk refused the AMI login: check user, secret and ACL in manager.conf")
            self.protocol.transport.abort()
            return False
        self.failures = 0
        self.pinger.cancel()
        self.ping()
        self._deliver(ami.LoggedIn())
        return True

    def dispatch(self, event: Said) -> list[str]:
        typed = ami.read(event)
        if typed is not None:
            self._deliver(typed)
        return []

    def ping(self) -> None:
        self.pinger = self.loop.call_later(PING_S, self.ping)
        task = self.loop.create_task(self._ping())
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _ping(self) -> None:
        protocol = self.protocol
        try:
            (pong,) = await self.act(ami_actions.Ping(), ACTION_S)
            self.ahead = float(pong.get("timestamp", "")) - time.time()
        except (Unsent, Unknown, Denied) as fault:
            log.warning("AMI ping failed: %s; link dropped", fault)
            protocol.transport.abort()
        except ValueError:
            pass  # an Asterisk without a clock in its answer: the clocks are taken as equal

    def connection_lost(self, exc: Exception | None) -> None:
        self.authenticated = False
        if self.pinger is not None:
            self.pinger.cancel()
            self.pinger = None
        if not self.stopped:
            self._deliver(ami.LinkLost())
            self._again("lost")

    def close(self) -> None:
        """End the link for good."""
        self.stopped = True
        for each in (self.timer, self.connecting, *self.tasks):
            if each is not None:
                each.cancel()
        super().close()

    def _again(self, because: str) -> None:
        if self.stopped:
            return
        delay = min(BACKOFF_S * 2**self.failures, BACKOFF_MAX_S) * random.uniform(0.5, 1.0)
        self.failures = min(self.failures + 1, 16)
        log.warning("AMI link %s; next try in %.1f s", because, delay)
        self.timer = self.loop.call_later(delay, self.connect)

    def _deliver(self, event: ami.AmiEvent) -> None:
        try:
            self.events.put_nowait(event)
        except asyncio.QueueFull:
            log.error("%d AMI events unread: link dropped, to look afresh", QUEUE_MAX)
            self.protocol.transport.abort()
