"""What flows want of the rest of Guichet: hours, waits, a place in line, a call-back, a message.

It translates and decides nothing: whether there is a place says the core. Numbers, names and what was keyed
go into the vault before the log can name the contact, and nowhere else.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, cast

from config.tree import Tree
from ivr_flows.hours import opening
from ivr_flows.session import Done, Perform, Session, Values
from router.core.asking import needs_of, target_of
from router.core.estimate import NOBODY, estimate
from router.core.events import Contact, Needs
from router.core.policy import SECOND, Policy
from router.core.state import State
from router.door import Door
from router.flows.lookup import Lookups
from router.flows.who import Who

MOST_SAID = 30_000  # bytes of answers in a record; the vault takes 64 KB

# What other rooms may perform; without one its service is unavailable.
Performer = Callable[[str, Session, Perform, dict[str, str]], Awaitable[Done]]


class Keeper(Protocol):
    """The vault, as far as flows need it."""

    async def put(self, contact: str, record: dict[str, Any], ttl_s: int) -> None: ...


class Ports:
    """Everything that is installed."""

    def __init__(
        self,
        tree: Tree,
        door: Door,
        vault: Keeper,
        *,
        closed: Callable[[], Awaitable[frozenset[str]]] | None = None,
        lookups: Lookups | None = None,
        more: dict[str, Performer] | None = None,
        who: Who | None = None,
        noted: Callable[[str], None] = lambda contact: None,
        via: str = "phone",
    ) -> None:
        self._tree, self._door, self._vault = tree, door, vault
        self._closed = closed
        self._lookups = lookups or Lookups(tree.flows.services)
        self._more = more or {}
        self._who = who
        self._noted, self._via = noted, via

    async def perform(
        self, name: str, session: Session, asked: Perform, known: dict[str, str], now: int
    ) -> Done:
        """What came of it. Whatever it raises, the runner takes for `unavailable`."""
        match asked.service:
            case "hours":
                return await self._hours(asked.name, now)
            case "lookup":
                return await self._lookups.ask(asked.name, asked.arguments, asked.within_s)
            case "waits":
                return await self._waits(session, asked)
            case "route":
                return await self._route(name, session, asked, known, now)
            case "callback":
                return await self._callback(name, session, asked, known)
        performer = self._more.get(asked.service)
        return Done("unavailable") if performer is None else await performer(name, session, asked, known)

    async def _hours(self, calendar: str, now: int) -> Done:
        hours = self._tree.hours if calendar == "main" else self._tree.flows.calendars[calendar]
        closed = await self._closed() if self._closed is not None else frozenset()
        found = opening(hours, now, emergency=calendar in closed or "main" in closed)
        return Done(found.port, cast("Values", dict(found.values)))

    async def _waits(self, session: Session, asked: Perform) -> Done:
        """An interval for each channel that somebody serves now."""
        channels = [str(each) for each in asked.arguments["channels"]]

        def question(state: State) -> tuple[Values, ...]:
            needs = _needs(state.policy, asked.name, session.language, {})
            rows: list[Values] = []
            for channel in channels:
                wait = estimate(state, channel, needs)
                if wait.high < NOBODY:
                    span = {"low": wait.low / SECOND, "high": wait.high / SECOND}
                    rows.append({"channel": channel, "wait": span})
            return tuple(rows)

        return Done("next", rows=await self._door.read(question))

    async def _route(
        self, name: str, session: Session, asked: Perform, known: dict[str, str], now: int
    ) -> Done:
        contact = (known.get("contact") if not session.contact else None) or f"c-{secrets.token_hex(8)}"
        needs, target, language = await self._door.read(
            lambda state: (
                _needs(state.policy, asked.name, session.language, asked.needs),
                target_of(state.policy, asked.name if asked.name in state.policy.topics else ""),
                _tongue(state.policy, session.language),
            )
        )
        await self._keep(contact, name, session, known)
        self._noted(contact)
        event = Contact(
            contact=contact,
            channel=session.channel,
            needs=needs,
            target=target,
            vulnerable=asked.arguments.get("vulnerable") is True,
            waited=max(0, now - int(known.get("began", now))),
            citizen=known.get("citizen") or None,
            via=self._via if session.channel == "phone" else "",  # in writing nobody must be rung or moved
            topic=asked.name,
            language=language,
        )
        result = await self._door.submit(event)
        return Done("unavailable") if result.refusal is not None else Done("next", {"contact": contact})

    async def _callback(self, name: str, session: Session, asked: Perform, known: dict[str, str]) -> Done:
        """A promise: the number is in the vault before the log holds the contact."""
        number = str(asked.arguments.get("number") or "")
        if not number:
            return Done("unavailable")
        contact = f"c-{secrets.token_hex(8)}"
        needs, language = await self._door.read(
            lambda state: (
                _needs(state.policy, asked.name, session.language, {}),
                _tongue(state.policy, session.language),
            )
        )
        known = known | {"number": number}
        await self._keep(contact, name, session, known)
        event = Contact(
            contact=contact,
            channel="callback",
            needs=needs,
            citizen=known.get("citizen") or None,
            via="callback",
            topic=asked.name,
            language=language,
            after=session.contact or None,
        )
        result = await self._door.submit(event)
        return Done("unavailable") if result.refusal is not None else Done("next", {"contact": contact})

    async def _keep(self, contact: str, name: str, session: Session, known: dict[str, str]) -> None:
        record = {
            "number": known.get("number") or known.get("caller", ""),
            "name": known.get("name", ""),
            "called": known.get("called", ""),
            "keyed": "",
            "session": name,
            "path": list(session.path[-100:]),
            "said": said(session),
        }
        ttl_s = round(self._tree.vault.expiry_s)
        if self._who is None or not await self._who.keep(session, known, contact, record, ttl_s):
            await self._vault.put(contact, record, ttl_s)


def said(session: Session) -> list[list[str]]:
    """What was answered, the latest for certain: a record has its bounds, and a flood must cost no place."""
    kept: list[list[str]] = []
    left = MOST_SAID
    for each in reversed(session.heard):
        left -= len(each.text.encode("utf-8", "replace")) + len(each.node) + len(each.means.encode()) + 20
        if left < 0:
            break
        kept.append([each.node, each.text, each.means])
    return kept[::-1]


def _tongue(policy: Policy, language: str) -> str:
    """The language as the policy names it: agents speak one, whatever the variant of its texts."""
    plain = language.partition("-")[0]
    return next((tag for tag in (language, plain) if tag in policy.languages), "")


def _needs(policy: Policy, topic: str, language: str, more: dict[str, int]) -> Needs:
    """The topic's and the language's, and what the flow adds. A topic that is gone asks for nothing."""
    needs = needs_of(policy, topic if topic in policy.topics else "", _tongue(policy, language))
    for skill, level in more.items():
        needs[skill] = max(level, needs.get(skill, 0))
    return (needs,)
