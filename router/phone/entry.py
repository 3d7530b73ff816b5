"""A call at the door: menu, vault, contact, and only then the receipt that lets it wait for an agent.

Whatever fails here leaves the receipt out, and Asterisk's own queue takes the call. The caller's number, name
and keys go into the vault and nowhere else.
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct

from router.core.asking import needs_of, target_of
from router.core.events import Contact, Gone
from router.door import Unavailable
from router.phone import menu
from router.phone.caller import Caller, Known, who_rings
from router.phone.said import Accepted, Entered, Submitting, Turned

if TYPE_CHECKING:
    from router.core.events import Event
    from router.door import Door
    from router.phone.agi import Agi
    from router.phone.ruling import Ruling
    from router.phone.said import Input
    from router.phone.settings import PhoneSettings

log = logging.getLogger(__name__)

RECEIPT = "GUICHET_ROUTED"
CONTACT = re.compile(r"c-[0-9a-f]{16}\Z")
FIELD_MAX = 200  # characters of a caller's name or number that are kept


class Keeper(Protocol):
    """The vault, as far as the entry needs it."""

    async def put(self, contact: str, record: dict[str, Any], ttl_s: int) -> None: ...


class Entry(Struct, frozen=True):
    """What a call at the door needs. `note` tells the reducer, `count` the metrics."""

    door: Door
    ruling: Ruling
    vault: Keeper
    settings: PhoneSettings
    is_open: Callable[[], bool]
    note: Callable[[Input], None]
    count: Callable[[str], None]
    receipt: Callable[[str], str] = lambda contact: "wait"  # `dial:ENDPOINT` if an agent is free already
    register: Known | None = None  # None: calls are nobody's

    async def receive(self, agi: Agi) -> None:
        """One call, until it has its receipt or not."""
        began = time.monotonic_ns()
        if not self.is_open():
            self.count("closed")
            await agi.set_variable(RECEIPT, "closed")
            return
        contact, named = _named(agi)
        self.note(Entered(contact, agi.headers.get("channel", ""), agi.headers.get("uniqueid", "")))
        taken = False
        try:
            if not named:
                await agi.put_variable("GUICHET_CONTACT", contact)
            taken = await self._taken(agi, contact, began)
        finally:
            self.note(Accepted(contact) if taken else Turned(contact))
        self.count("accepted" if taken else "turned")
        if taken:
            receipt = self.receipt(contact)
            if receipt != "wait":
                self.count("at_once")
            await agi.last_variable(RECEIPT, receipt)

    async def _taken(self, agi: Agi, contact: str, began: int) -> bool:
        """Whether the log holds the contact and the vault its record: only then may a wait be promised.

        Both are asked at once, the vault first. A contact whose record could not be kept is gone again, and
        its caller goes to the native queue.
        """
        try:
            policy = await self.ruling.policy()
        except Unavailable as fault:
            log.warning("no receipt: %s", fault.code, extra={"contact": contact})
            return False
        asking = asyncio.create_task(self._who(agi))
        try:
            chosen = await menu.ask(agi, self.settings.menu, tuple(policy.languages), tuple(policy.topics))
            caller = await asking
        finally:
            asking.cancel()
        last = () if caller is None or policy.last_agent_for is None else caller.met.facts.prefers
        self.note(Submitting(contact))
        asked = Contact(
            contact=contact,
            channel="phone",
            needs=(needs_of(policy, chosen.topic, chosen.language),),
            target=target_of(policy, chosen.topic),
            waited=(time.monotonic_ns() - began) // 1000,
            via=self.settings.name,
            topic=chosen.topic,
            language=chosen.language,
            citizen=None if caller is None else caller.met.citizen,
            prefers=last,
            prefers_for=policy.last_agent_for if last else None,
        )
        record = _record(agi, chosen.keyed)
        kept, logged = await asyncio.gather(self._kept(contact, record, caller), self._logged(contact, asked))
        if logged and not kept:
            await self._logged(contact, Gone(contact, "fallback"))
        return logged and kept

    async def _logged(self, contact: str, event: Event) -> bool:
        """Whether the log took it."""
        try:
            result = await self.door.submit(event)
        except Unavailable as fault:
            log.warning("no receipt: %s", fault.code, extra={"contact": contact})
            return False
        if result.refusal is not None:
            log.error("no receipt: %s", result.refusal.code, extra={"contact": contact})
        return result.refusal is None

    async def _who(self, agi: Agi) -> Caller | None:
        """Who is ringing: nobody without a register."""
        if self.register is None:
            return None
        return await who_rings(self.register, agi.headers.get("callerid", ""))

    async def _kept(self, contact: str, record: dict[str, str], caller: Caller | None) -> bool:
        """Whether the vault has the record, under its citizen's key if there is one."""
        ttl_s = self.settings.vault_ttl_s
        try:
            if caller is None or self.register is None:
                await self.vault.put(contact, record, ttl_s)
            else:
                await self.register.settle(caller.met, caller.claims, "phone", contact, record, ttl_s)
        except OSError as fault:
            log.warning("no receipt, the vault is away: %s", type(fault).__name__, extra={"contact": contact})
            return False
        return True


def _named(agi: Agi) -> tuple[str, bool]:
    """The contact's id, and whether the dialplan has given it: a dialplan of before did not."""
    given = agi.headers.get("arg_2", "")
    return (given, True) if CONTACT.match(given) else (f"c-{secrets.token_hex(8)}", False)


def _record(agi: Agi, keyed: str) -> dict[str, str]:
    """What Asterisk knows of the caller. `unknown` is its word for nothing."""
    given = {
        "number": agi.headers.get("callerid", ""),
        "name": agi.headers.get("calleridname", ""),
        "called": agi.headers.get("dnid", ""),
        "keyed": keyed,
    }
    return {name: "" if value == "unknown" else value[:FIELD_MAX] for name, value in given.items()}
