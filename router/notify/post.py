"""Where a message to a citizen is taken in: checked, sealed, durable, and only then promised.

Taken twice under the same id it is one message. It writes to nobody who has not agreed.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Protocol

from citizens.cabinet import UnknownCitizen
from citizens.notice import Give, Known, plan
from citizens.template import Unfit
from router.notify.notice import Notice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from citizens.consent import Consent
    from citizens.identifier import Identifier
    from citizens.journey import Happened
    from citizens.notice import Way
    from citizens.preferences import Preferences
    from router.notify.rules import Rules
    from router.notify.shelf import Shelf
    from router.notify.store import Safe

SLACK_S = 86_400  # what fills a message is kept this much longer than it is of use


class Citizens(Protocol):
    """`citizens.register.Register`, as far as this package needs it."""

    async def consents(self, citizen: str) -> tuple[Consent, ...]: ...

    async def preferences(self, citizen: str) -> Preferences: ...

    async def reach(self, citizen: str) -> tuple[Identifier, ...]: ...

    async def note(self, citizen: str, happened: Happened) -> object: ...


class NotTaken(Exception):
    """It is not sent; the code is closed. `name`: a variable of the message."""

    def __init__(self, code: str, name: str = "") -> None:
        # unknown_message, not_asked, missing, unknown, too_long, stray_brace, unknown_citizen, conflict,
        # no_way, no_consent, no_address, failed, expired
        super().__init__(code)
        self.code, self.name = code, name


class Post:
    """`send` and `look`."""

    def __init__(
        self, shelf: Shelf, safe: Safe, citizens: Citizens, rules: Rules, there: frozenset[Way],
        now: Callable[[], int], woke: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        self._shelf, self._safe, self._citizens, self._rules = shelf, safe, citizens, rules
        self._there, self._now, self._woke = there, now, woke

    async def send(
        self, citizen: str, message: str, values: Mapping[str, str], by: str, notice: str = "",
        contact: str = "", to: Identifier | None = None,
    ) -> Notice:  # fmt: skip
        """The notice, once it is durable. `to`: there and nowhere else, proved or not.

        Only what was asked for goes to an address that nobody proved. Raises NotTaken, OSError.
        """
        told = self._rules.messages.get(message)
        if told is None:
            raise NotTaken("unknown_message")
        if to is not None and told.why != "asked":
            raise NotTaken("not_asked")
        try:
            told.check(values)
        except Unfit as fault:
            raise NotTaken(fault.code, fault.name) from None
        now = self._now()
        made = Notice(
            notice or f"n-{secrets.token_hex(8)}",
            citizen,
            message,
            now,
            now + told.valid,
            by,
            contact,
            due=now,
        )
        if (known := await self._shelf.get(made.notice)) is not None:
            return _same(known.notice, made)
        asked = told.asked(made.until, self._there)
        if not asked.ways:
            raise NotTaken("no_way")
        first = plan(asked, await known_of(self._citizens, citizen, self._rules, to), (), now)
        if isinstance(first, Give):
            raise NotTaken(first.code)
        ttl_s = told.valid // 1_000_000 + SLACK_S
        record: dict[str, Any] = {"values": dict(values)}
        if to is not None:
            record["to"] = [to.kind, to.value]
        if not await self._safe.lock(citizen, made.notice, record, ttl_s):
            raise NotTaken("unknown_citizen")
        kept = _same(await self._shelf.put(made, self._rules.keep_s), made)
        self._woke()
        return kept

    async def look(self, notice: str) -> Notice | None:
        held = await self._shelf.get(notice)
        return None if held is None else held.notice

    async def failed(self, count: int) -> list[Notice]:
        return await self._shelf.failed(count)


async def known_of(citizens: Citizens, citizen: str, rules: Rules, to: Identifier | None = None) -> Known:
    """`to`: the only place where this is to go. Raises NotTaken for whom nobody knows."""
    try:
        consents = await citizens.consents(citizen)
        preferences, reach = await citizens.preferences(citizen), await citizens.reach(citizen)
    except UnknownCitizen:
        raise NotTaken("unknown_citizen") from None
    reach = reach if to is None else (to,)
    return Known(consents, preferences, reach, rules.zone, rules.quiet)


def _same(kept: Notice, made: Notice) -> Notice:
    """An id stands for one message to one citizen."""
    if (kept.citizen, kept.message) != (made.citizen, made.message):
        raise NotTaken("conflict")
    return kept
