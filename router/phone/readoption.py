"""Takes callers back from Asterisk's own queue, each to their place, once Guichet can serve again.

They are moved by a key that a queue obeys only while they wait in it: no conversation with a member is torn.
Who cannot be moved stays where they are served too.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

from router.door import Unavailable
from router.phone import ami, ami_actions
from router.phone.beat import beat_now
from router.phone.native_queue_callers import anew, held, known, record
from router.phone.said import Entered

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from router.core.events import Contact, Event
    from router.door import Door
    from router.phone.entry import Keeper
    from router.phone.native_queue_callers import Held
    from router.phone.said import Input
    from router.phone.settings import PhoneSettings
    from router.phone.wire import Wire

log = logging.getLogger(__name__)

KEY = "D"  # the dialplan's guichet-back
STATUS_S = 10.0
WITHIN_S = 1.5  # for all of them: Asterisk moves each in milliseconds


class Readoption:
    """`take_back` moves them; `heard` knows them when they arrive."""

    def __init__(
        self,
        door: Door,
        settings: PhoneSettings,
        vault: Keeper,
        is_open: Callable[[], bool],
        note: Callable[[Input], None],
        put: Callable[[str, Event], None],
        count: Callable[[str], None],
    ) -> None:
        self._door, self._settings, self._vault = door, settings, vault
        self._is_open, self._note, self._put, self._count = is_open, note, put, count
        self._new: dict[str, Contact] = {}  # on their way here without a contact yet
        self._coming: dict[str, asyncio.Event] = {}  # contact -> it is here
        self._one_at_a_time = asyncio.Lock()

    def heard(self, event: ami.AmiEvent) -> None:
        """Before the reducer hears it: a caller whom nobody had met gets a contact as they arrive."""
        if not isinstance(event, ami.Waiting) or event.contact not in self._coming:
            return
        self._coming.pop(event.contact).set()
        self._count("readopted")
        if (contact := self._new.pop(event.contact, None)) is not None:
            self._put(event.contact, contact)
            self._note(Entered(event.contact, event.channel, event.uniqueid))

    async def take_back(self, wire: Wire) -> None:
        """Returns when they are back, or soon. Raises what an action or the door raises."""
        async with self._one_at_a_time:
            rows = await wire.act(ami_actions.Status(), STATUS_S)
            callers = [(caller, row) for row in rows if (caller := held(row)) is not None]
            if not callers or not await beat_now(self._door, wire):
                return
            places = await self._door.read(lambda state: known(state, [caller for caller, _ in callers]))
            self._new.clear()
            self._coming.clear()
            for caller, row in callers:
                if places.get(caller.contact, self._is_open()):
                    with suppress(ami.Denied):  # the caller has left: their channel is no more
                        await self._move(wire, caller, row, met=caller.contact in places)
            await self._all_here()

    async def _move(self, wire: Wire, caller: Held, row: Mapping[str, str], *, met: bool) -> None:
        """For one whom nobody had met: their number goes into the vault, the log hears of them on arrival."""
        contact = caller.contact or f"c-{secrets.token_hex(8)}"
        if not met:
            policy = await self._door.read(lambda state: state.policy)
            try:
                await self._vault.put(contact, record(row), self._settings.vault_ttl_s)
            except OSError as fault:
                raise Unavailable("vault_unavailable", "the vault is away") from fault
            await wire.act(ami_actions.Setvar("GUICHET_CONTACT", contact, caller.channel))
            self._new[contact] = anew(policy, contact, caller.seconds, self._settings.name)
        self._coming[contact] = asyncio.Event()
        await wire.act(ami_actions.PlayDTMF(caller.channel, KEY))

    async def _all_here(self) -> None:
        arrivals = [each.wait() for each in self._coming.values()]
        try:
            async with asyncio.timeout(WITHIN_S):
                await asyncio.gather(*arrivals)
        except TimeoutError:
            log.warning("not every caller of the native queue came back: they left, or a member has answered")
