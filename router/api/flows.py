"""Flows over HTTP: publish, list, fetch, switch back, close a calendar at once, read one session's trace.

A version is checked again before it is kept; a trace holds nothing personal, so whoever designs may read it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta, Struct

from config.fault import Faults
from router.api.problems import Problem
from router.api.route import Ask, Reply, Route
from router.flows.published import LIVE, Version
from router.flows.trace import Traced
from router.log.errors import LogError

if TYPE_CHECKING:
    from router.flows.published import Published
    from router.log.flow_store import FlowStore

LONGEST = 1024 * 1024  # bytes: a main entry with the flows it runs has some 100,000
TOLD = 20  # faults that an answer lists

Name = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$(?!\n)", max_length=40)]
Text = Annotated[str, Meta(max_length=300_000)]
Note = Annotated[str, Meta(max_length=200, description="Why, for the history. Never a name")]
Aliases = Annotated[list[Name], Meta(max_length=20, description="Entries; none: the flow itself")]


class NewVersion(Struct, frozen=True):
    """The texts of a flow and of those it runs, by name."""

    texts: Annotated[dict[Name, Text], Meta(min_length=1, max_length=60)]
    note: Note = ""
    aliases: Aliases = []


class Switch(Struct, frozen=True):
    """Another version is live from now on; without a number, the one before."""

    version: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None
    note: Note = ""
    aliases: Aliases = []


class Closing(Struct, frozen=True):
    """The supervisors' switch of a calendar."""

    closed: bool


class Lived(Struct, frozen=True):
    """A switch. `at` in seconds since 1970."""

    alias: str
    version: int
    at: float
    by: str
    note: str


class FlowView(Struct, frozen=True):
    """How many versions there are, which one each alias names, and every switch."""

    flow: str
    versions: int
    live: dict[str, int]
    history: list[Lived]


class Texts(Struct, frozen=True):
    """One version, as it was published."""

    flow: str
    version: int
    texts: dict[str, str]


class Closed(Struct, frozen=True):
    """Calendars that are closed by the switch."""

    closed: list[str]


class Trace(Struct, frozen=True):
    """A session's steps, masked."""

    session: str
    steps: list[Traced]


class Flows:
    """The operations on flows."""

    def __init__(self, published: Published | None, store: FlowStore | None) -> None:
        self._published, self._store = published, store

    def routes(self) -> list[Route]:
        missing = ("no_flows", "unknown_flow")
        return [
            Route("get_flow", "GET", "/flows/{flow}", self.get, "A flow's versions, and which is live",
                  {200: FlowView}, problems=missing),
            Route("publish_flow", "POST", "/flows/{flow}", self.publish,
                  "Keep a version and make it live at once; running sessions finish on theirs",
                  {200: FlowView}, body=NewVersion, longest=LONGEST, problems=("no_flows", "faulty_flow")),
            Route("switch_flow", "PUT", "/flows/{flow}/live", self.switch,
                  "Make the version before live again, or any other", {200: FlowView}, body=Switch,
                  problems=missing),
            Route("get_flow_version", "GET", "/flows/{flow}/versions/{version}", self.version,
                  "The texts of one version", {200: Texts}, problems=missing),
            Route("get_flow_session", "GET", "/flow-sessions/{session}", self.trace,
                  "What one session went through, digits masked", {200: Trace},
                  problems=("no_flows", "unknown_session")),
            Route("close_calendar", "PUT", "/calendars/{calendar}", self.close,
                  "Close a calendar at once for every flow (`main`: all), or let its hours rule again",
                  {200: Closed}, body=Closing, problems=("no_flows",)),
        ]  # fmt: skip

    async def get(self, ask: Ask[None, None]) -> Reply:
        return Reply(await self._view(ask.path["flow"]))

    async def publish(self, ask: Ask[NewVersion, None]) -> Reply:
        flow, new = ask.path["flow"], ask.body
        if flow not in new.texts:
            raise Problem("bad_field", "the flow itself is not among its `texts`", field="texts")
        aliases = tuple(new.aliases) or (LIVE,)
        try:
            await self._kept().publish(Version(flow, new.texts), aliases, ask.caller.role, new.note)
        except Faults as faults:
            told = "\n".join(map(str, faults.faults[:TOLD]))
            raise Problem("faulty_flow", f"`guichet flow check` says:\n{told}") from None
        except LogError as fault:
            raise _away(fault) from None
        return Reply(await self._view(flow))

    async def switch(self, ask: Ask[Switch, None]) -> Reply:
        flow, wanted, published = ask.path["flow"], ask.body, self._kept()
        aliases = tuple(wanted.aliases) or (LIVE,)
        try:
            number = wanted.version or await published.before(flow, aliases[0])
            if number is None:
                raise Problem("unknown_flow", "no version was live before this one")
            if not await published.switch(flow, number, aliases, ask.caller.role, wanted.note):
                raise Problem("unknown_flow", f"there is no version {number}")
        except LogError as fault:
            raise _away(fault) from None
        return Reply(await self._view(flow))

    async def version(self, ask: Ask[None, None]) -> Reply:
        flow, number = ask.path["flow"], ask.path["version"]
        try:
            kept = await self._kept().version(flow, int(number)) if number.isdecimal() else None
        except LogError as fault:
            raise _away(fault) from None
        if kept is None:
            raise Problem("unknown_flow", "there is no such version")
        return Reply(Texts(flow, int(number), kept.texts))

    async def trace(self, ask: Ask[None, None]) -> Reply:
        self._kept()
        assert self._store is not None
        try:
            lines = await self._store.traced(ask.path["session"])
        except LogError as fault:
            raise _away(fault) from None
        if not lines:
            raise Problem("unknown_session", "it is not known, or was forgotten")
        return Reply(Trace(ask.path["session"], [msgspec.json.decode(line, type=Traced) for line in lines]))

    async def close(self, ask: Ask[Closing, None]) -> Reply:
        self._kept()
        assert self._store is not None
        try:
            await self._store.close(ask.path["calendar"], closed=ask.body.closed)
            return Reply(Closed(sorted(await self._store.closed())))
        except LogError as fault:
            raise _away(fault) from None

    async def _view(self, flow: str) -> FlowView:
        store = self._kept().store
        try:
            count, live, history = await store.count(flow), await store.live(flow), await store.history(flow)
        except LogError as fault:
            raise _away(fault) from None
        if not count:
            raise Problem("unknown_flow", "nothing of that name was ever published")
        lived = [Lived(each.alias, each.number, each.at / 1e6, each.by, each.note) for each in history]
        return FlowView(flow, count, live, lived)

    def _kept(self) -> Published:
        if self._published is None:
            raise Problem("no_flows", "this Guichet keeps no flows")
        return self._published


def _away(fault: LogError) -> Problem:
    return Problem("log_unavailable", f"nothing was changed for certain: {type(fault).__name__}")
