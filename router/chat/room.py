"""One open chat in memory: who is connected to it, and how it stands. Every message goes through here.

A message is told to nobody before it is durable, and to everybody in the order of its number. It decides
nothing: what the core decided is told to it by `stand`.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from msgspec.structs import replace

from router.chat.closing import Quiet
from router.chat.protocol import VERSION, Message, ReadTo, Standing, TypingNow, Welcome, encode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from router.chat.peer import Peer
    from router.chat.protocol import By, ToClient
    from router.chat.thread import Thread

PORTION = 100  # messages told at once to whoever comes back


class Room:
    """`citizen` is their pseudonym. `changed` is called after whatever may change what is due next."""

    def __init__(
        self, chat: str, citizen: str, language: str, thread: Thread, last: int, now: Callable[[], int]
    ) -> None:
        self.chat, self.citizen, self.language = chat, citizen, language
        self.thread = thread
        self.last = last  # number of the last message
        self.standing = Standing("asking")
        self.agents: tuple[str, ...] = ()  # in whose hands it is
        self.citizens: set[Peer] = set()
        self.desks: dict[Peer, str] = {}  # agents' sockets -> agent
        self.entry = ""  # the way in by which it came: which flow
        self.service, self.handle, self.delivered = "", "", 0  # of a chat that came by a messaging service
        self.changed: Callable[[], None] = lambda: None
        self.count: Callable[[str], None] = lambda what: None
        self._now = now
        self._turn = asyncio.Lock()
        self._heard_at, self._citizen_last = now(), False
        self._away_since: int | None = now()
        self._warned_at: int | None = None

    @property
    def quiet(self) -> Quiet:
        """What decides when it warns and closes."""
        return Quiet(
            self.standing.state, self._heard_at, self._citizen_last, self._away_since, self._warned_at
        )

    async def say(self, message: Message, sender: Peer | None = None) -> Message | None:
        """Keep it, then tell everybody. A double is told again to its sender alone: None is returned.

        Raises Closed, Full or ConnectionError: then nobody was told.
        """
        async with self._turn:
            kept = await self.thread.say(replace(message, at=self._now()))
            if kept is not None:
                self.last = kept.n
                self._note(kept)
                self._tell(kept)
                self.count("messages")
        if kept is None and sender is not None:
            await self._tell_again(message.id, sender)
        return kept

    async def has_file(self, id: str) -> bool:
        """Whether a file of this chat has this id. Raises ConnectionError."""
        return await self.thread.kept(id) is not None

    async def join(self, peer: Peer, after: int, agent: str = "") -> None:
        """Tell this peer what it lacks, then all that comes. Raises ConnectionError."""
        await peer.send(self._view(Welcome(self.chat, VERSION, self.last), agent))
        while True:
            if self.last - after <= PORTION:
                async with self._turn:
                    for message in await self.thread.after(after):
                        peer.put(self._view(message, agent))
                    self._enter(peer, agent)
                return
            for message in await self.thread.after(after, PORTION):
                await peer.send(self._view(message, agent))
            after += PORTION

    def recall(self, message: Message) -> None:
        """The last message, of before a restart."""
        self._citizen_last = message.by == "citizen"

    def leave(self, peer: Peer) -> None:
        """This socket is no more."""
        self.desks.pop(peer, None)
        self.citizens.discard(peer)
        if not self.citizens and self._away_since is None:
            self._away_since = self._now()
        self.changed()

    def stand(self, standing: Standing, agents: Iterable[str]) -> None:
        """How it stands now, by the core's word; told where it is news."""
        self.agents = tuple(agents)
        for peer in [peer for peer, agent in self.desks.items() if agent not in self.agents]:
            peer.put(self._view(Standing("closed"), self.desks.pop(peer)))
        if standing == self.standing:
            return
        if standing.state != self.standing.state:
            self._heard_at, self._citizen_last, self._warned_at = self._now(), True, None
        self.standing = standing
        self._tell(standing)
        self.changed()

    def typing(self, by: By) -> None:
        self._tell(TypingNow(by), but=by)

    def read(self, by: By, n: int) -> None:
        self._tell(ReadTo(by, min(n, self.last)), but=by)

    def end(self, code: int) -> None:
        """Let the citizen's sockets go; agents' have other chats."""
        for peer in list(self.citizens):
            peer.end(code)

    def warned(self) -> None:
        self._warned_at = self._now()

    def tell_citizen(self, what: ToClient) -> None:
        for peer in self.citizens:
            peer.put(encode(what))

    def _enter(self, peer: Peer, agent: str) -> None:
        peer.put(self._view(self.standing, agent))
        if agent:
            self.desks[peer] = agent
        else:
            self.citizens.add(peer)
            self._away_since = None
        self.changed()

    def _note(self, message: Message) -> None:
        self._citizen_last = message.by == "citizen"
        if not client_id(message).startswith("warning:"):
            self._heard_at, self._warned_at = message.at, None
        self.changed()

    def _tell(self, what: ToClient, but: By | None = None) -> None:
        if self.citizens and but != "citizen":
            for_citizen = self._view(what, "")
            for peer in self.citizens:
                peer.put(for_citizen)
        if self.desks and but != "agent":
            for_agents = self._view(what, "agent")
            for peer in self.desks:
                peer.put(for_agents)

    async def _tell_again(self, id: str, sender: Peer) -> None:
        n = await self.thread.number(id)
        if n is not None:
            agent = self.desks.get(sender, "")
            for message in await self.thread.after(n - 1, 1):
                sender.put(self._view(message, agent))

    def _view(self, what: ToClient, agent: str) -> bytes:
        """Agents hear which chat it is and who wrote; a citizen hears no pseudonym."""
        if isinstance(what, Message):
            what = replace(what, id=client_id(what), agent=what.agent if agent else "")
        if agent and "chat" in what.__struct_fields__:
            what = replace(what, chat=self.chat)
        return encode(what)


def kept_id(by: By, agent: str, id: str) -> str:
    """What a client calls a message, as it is kept: two clients' ids may be alike."""
    return f"{by}:{agent}:{id}"


def client_id(message: Message) -> str:
    """What its sender calls it."""
    return message.id.removeprefix(kept_id(message.by, message.agent, ""))
