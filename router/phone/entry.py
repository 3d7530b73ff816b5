"""A call at the door: menu, vault, contact, and only then the receipt that lets it wait for an agent.

Whatever fails here leaves the receipt out, and Asterisk's own queue takes the call. The caller's number, name
and keys go into the vault and nowhere else.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct

from router.core.asking import needs_of, target_of
from router.core.events import Contact
from router.door import Unavailable
from router.phone import menu
from router.phone.said import Accepted, Entered, Submitting, Turned

if TYPE_CHECKING:
    from router.door import Door
    from router.phone.agi import Agi
    from router.phone.said import Input
    from router.phone.settings import PhoneSettings

log = logging.getLogger(__name__)

RECEIPT = "GUICHET_ROUTED"
FIELD_MAX = 200  # characters of a caller's name or number that are kept


class Keeper(Protocol):
    """The vault, as far as the entry needs it."""

    async def put(self, contact: str, record: dict[str, Any], ttl_s: int) -> None: ...


class Entry(Struct, frozen=True):
    """What a call at the door needs. `note` tells the reducer, `count` the metrics."""

    door: Door
    vault: Keeper
    settings: PhoneSettings
    is_open: Callable[[], bool]
    note: Callable[[Input], None]
    count: Callable[[str], None]
    receipt: Callable[[str], str] = lambda contact: "wait"  # `dial:ENDPOINT` if an agent is free already

    async def receive(self, agi: Agi) -> None:
        """One call, until it has its receipt or not."""
        began = time.monotonic_ns()
        if not self.is_open():
            self.count("closed")
            await agi.set_variable(RECEIPT, "closed")
            return
        contact = f"c-{secrets.token_hex(8)}"
        self.note(Entered(contact, agi.headers.get("channel", ""), agi.headers.get("uniqueid", "")))
        taken = False
        try:
            await agi.set_variable("GUICHET_CONTACT", contact)
            taken = await self._taken(agi, contact, began)
        finally:
            self.note(Accepted(contact) if taken else Turned(contact))
        self.count("accepted" if taken else "turned")
        if taken:
            receipt = self.receipt(contact)
            if receipt != "wait":
                self.count("at_once")
            await agi.set_variable(RECEIPT, receipt)

    async def _taken(self, agi: Agi, contact: str, began: int) -> bool:
        """Whether the log holds the contact: durable, so that it may be promised a wait."""
        try:
            event = await self._asked(agi, contact, began)
            self.note(Submitting(contact))
            result = await self.door.submit(event)
        except Unavailable as fault:
            log.warning("no receipt: %s", fault.code, extra={"contact": contact})
            return False
        except OSError as fault:
            log.warning("no receipt, the vault is away: %s", type(fault).__name__, extra={"contact": contact})
            return False
        if result.refusal is not None:
            log.error("no receipt: %s", result.refusal.code, extra={"contact": contact})
        return result.refusal is None

    async def _asked(self, agi: Agi, contact: str, began: int) -> Contact:
        """The menu, then the vault: the record is kept before the log can name the contact."""
        policy = await self.door.read(lambda state: state.policy)
        chosen = await menu.ask(agi, self.settings.menu, tuple(policy.languages), tuple(policy.topics))
        await self.vault.put(contact, _record(agi, chosen.keyed), self.settings.vault_ttl_s)
        return Contact(
            contact=contact,
            channel="phone",
            needs=(needs_of(policy, chosen.topic, chosen.language),),
            target=target_of(policy, chosen.topic),
            waited=(time.monotonic_ns() - began) // 1000,
            via=self.settings.name,
            topic=chosen.topic,
            language=chosen.language,
        )


def _record(agi: Agi, keyed: str) -> dict[str, str]:
    """What Asterisk knows of the caller. `unknown` is its word for nothing."""
    given = {
        "number": agi.headers.get("callerid", ""),
        "name": agi.headers.get("calleridname", ""),
        "called": agi.headers.get("dnid", ""),
        "keyed": keyed,
    }
    return {name: "" if value == "unknown" else value[:FIELD_MAX] for name, value in given.items()}
