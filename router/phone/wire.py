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

from panoramisk.actions import Action
from panoramisk.ami_protocol import AMIProtocol
from panoramisk.manager import Manager
from panoramisk.message import Message

from router.phone import ami
from router.phone.ami import Denied, Unknown, Unsent
from router.phone.frame import Frames, NotAsterisk, event_name, headers

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.phone.settings import AmiSettings

log = logging.getLogger(__name__)

QUEUE_MAX = 10_000  # events not yet read: beyond it we are lost, and looking afresh is cheaper
CONNECT_S = 3.0
ACTION_S = 3.0
PING_S = 2.0
BACKOFF_S, BACKOFF_MAX_S = 0.2, 10.0


class Asked(Action):  # type: ignore[misc]
    """An action on its way. A list ends at `EventList: Complete`, not at an English sentence."""

    def add_message(self, message: Message) -> bool:
        self.responses.append(message)
        first = self.responses[0]
        ends = ("complete", "cancelled")
        if first.success and self.as_list and str(message.eventlist).lower() not in ends:
            return False
        if not self.future.done():
            self.future.set_result(list(self.responses) if self.as_list else first)
        return True


class Heard(Message):  # type: ignore[misc]
    """A message with its headers as they came: panoramisk's own reading unquotes and erases some."""

    def __init__(self, plain: dict[str, str]) -> None:
        # Not by panoramisk's own constructors: each header costs a call there, twice as long as all else.
        self._store = {name: (name, value) for name, value in plain.items()}
        self.plain = plain


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
        if name and name not in ami.WANTED and b"\r\nActionID: " not in frame:
            return
        said = headers(frame)
        # An answer or a row of a list goes to whoever asked; an event that only bears the id is an event.
        asked = self.responses.get(said.get("actionid", ""))
        if asked is not None and ("event" not in said or (asked.as_list and asked.responses)):
            if asked.add_message(Heard(said)):
                self.responses.pop(said["actionid"], None)
        elif "event" in said:
            self.factory.dispatch(said)

    def send(self, data: dict[str, str], as_list: bool = False) -> asyncio.Future[Any]:
        if self.closed or self.transport.is_closing():
            raise Unsent("the AMI link is closed")
        about = {**data, "ActionID": f"{self.prefix}-{next(self.numbers)}"}
        asked = Asked(ami.checked(about), as_list=as_list)
        self.responses[asked.id] = asked
        self.transport.write(str(asked).encode())
        return asked.future  # type: ignore[no-any-return]

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

    async def act(self, action: ami.Action, deadline_s: float = ACTION_S) -> list[dict[str, str]]:
        """Send one action once. Raises Unsent, Unknown or Denied."""
        if not self.up:
            raise Unsent("there is no AMI link")
        if not self.may() and not isinstance(action, ami.Ping):
            raise Unsent("another gateway steers this Asterisk")
        return await self._ask(ami.headers(action), ami.is_list(action), deadline_s)

    async def _ask(self, headers: dict[str, str], as_list: bool, deadline_s: float) -> list[dict[str, str]]:
        protocol = self.protocol
        future = protocol.send(headers, as_list=as_list)
        try:
            async with asyncio.timeout(deadline_s):
                answer = await future
        except TimeoutError:
            raise Unknown(f"no answer to {headers['Action']} within {deadline_s:g} s") from None
        finally:
            for key in [key for key, asked in protocol.responses.items() if asked.future is future]:
                del protocol.responses[key]
        messages = answer if as_list else [answer]
        if not messages[0].success:
            raise Denied(str(messages[0]["Message"]) if "Message" in messages[0] else "refused")
        return [message.plain for message in messages]

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

    def dispatch(self, event: dict[str, str]) -> list[str]:
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
            (pong,) = await self.act(ami.Ping(), ACTION_S)
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
