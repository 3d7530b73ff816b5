"""The smallest router there can be, a FastAGI peer and an AMI client, to try the dialplan alone.

It gives callers to agents as it is told, and can be told to misbehave. It must know nothing of router/: what
holds with it in Guichet's place is the dialplan's own merit.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

Event = dict[str, str]
AGENTS = tuple(f"ag{number:02}" for number in range(1, 21))


class Standin:
    """`agi` is what it does with a call at entry; `route` turns a waiting caller into an endpoint or None.

    `members`: whose phones the native queue rings. Without `menu` it is only somebody with an AMI login.
    """

    def __init__(
        self,
        lab,
        *,
        entry=None,
        route: Callable[[Event], str | None] = lambda event: None,
        members: Sequence[str] = AGENTS,
        menu: bool = True,
    ) -> None:
        self.lab = lab
        self.menu = menu
        self.members = members
        self.entry = entry or Standin.accept
        self.route = route
        self.events: list[Event] = []
        self._news = asyncio.Condition()
        self._contacts = 0

    async def __aenter__(self) -> "Standin":
        if self.menu:
            host, port = self.lab.agi.split(":")
            self._agi = await asyncio.start_server(self._agi_peer, host, int(port))
        self._reader, self._writer = await asyncio.open_connection(self.lab.host, self.lab.ami_port)
        await self._reader.readline()
        self.act(Action="Login", Username="guichet", Secret=self.lab.secret("ami"))
        self._listening = asyncio.create_task(self._listen())
        await self.heard(lambda event: event.get("Event") == "FullyBooted")
        for member in self.members:
            self.act(Action="QueueAdd", Queue="guichet-fallback", Interface=f"PJSIP/{member}")
        if self.members:
            last = f"PJSIP/{self.members[-1]}"
            await self.heard(
                lambda event: (event.get("Event"), event.get("Interface")) == ("QueueMemberAdded", last)
            )
        return self

    async def __aexit__(self, *error) -> None:
        self._listening.cancel()
        with suppress(asyncio.CancelledError):
            await self._listening
        self._writer.close()
        if self.menu:
            self._agi.close()

    def act(self, **fields: object) -> None:
        text = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        self._writer.write(f"{text}\r\n".encode())

    def close_entry(self) -> None:
        """From now on nothing listens where the menu should be."""
        self._agi.close()

    def beat(self, age: int = 0) -> None:
        """Tell the dialplan that the router lives (or did, `age` seconds ago)."""
        self.act(Action="Setvar", Variable="GUICHET_BEAT", Value=int(time.time()) - age)

    def redirect(self, channel: str, endpoint: str) -> None:
        self.act(Action="Redirect", Channel=channel, Context="guichet-dial", Exten=endpoint, Priority=1)

    async def heard(self, wanted: Callable[[Event], bool], within: float = 20, count: int = 1) -> Event:
        """The `count`-th event (so far or to come) that is wanted."""

        def found() -> bool:
            return sum(map(wanted, self.events)) >= count

        async with self._news:
            await asyncio.wait_for(self._news.wait_for(found), within)
        return [event for event in self.events if wanted(event)][count - 1]

    async def _listen(self) -> None:
        while True:
            block = (await self._reader.readuntil(b"\r\n\r\n")).decode(errors="replace")
            event = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
            if event.get("UserEvent") == "GuichetWaiting" and (endpoint := self.route(event)):
                self.redirect(event["Channel"], endpoint)
            async with self._news:
                self.events.append(event)
                self._news.notify_all()

    # ------------------------------------------------------------ at entry

    async def _agi_peer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            await reader.readuntil(b"\n\n")
            await self.entry(self, reader, writer)
        writer.close()

    async def accept(self, reader, writer) -> None:
        self._contacts += 1
        await self.say(reader, writer, f'SET VARIABLE GUICHET_CONTACT "c-{self._contacts:016x}"')
        await self.say(reader, writer, 'SET VARIABLE GUICHET_ROUTED "wait"')

    async def close_service(self, reader, writer) -> None:
        await self.say(reader, writer, 'SET VARIABLE GUICHET_ROUTED "closed"')

    async def digits(self, reader, writer) -> None:
        """Ask for four digits, keep the answer, accept."""
        self.keyed = await self.say(reader, writer, "GET DATA beep 8000 4")
        await self.accept(reader, writer)

    async def hang_on(self, reader, writer) -> None:
        """Accept the connection and say nothing."""
        await reader.read()

    async def die(self, reader, writer) -> None:
        """Close without a receipt, as a crash does."""

    @staticmethod
    async def say(reader, writer, command: str) -> str:
        writer.write(f"{command}\n".encode())
        return (await reader.readuntil(b"\n")).decode().strip()
