"""Offers over HTTP: the agent's answer, and who is behind the contact they were offered."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from citizens.vault import VaultError
from router.api.contact_views import LOST, ContactView
from router.api.contacts import hands, read_contact, unknown
from router.api.problems import Problem, of_refusal
from router.api.route import Ask, Reply, Route
from router.api.shapes import OfferAnswer
from router.core.events import Answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from router.core.state import State
    from router.door import Door

log = logging.getLogger("guichet.api")


class Vault(Protocol):
    """Where what is known of a citizen is kept, encrypted, for a while."""

    async def get(self, contact: str) -> Mapping[str, Any] | None:
        """What is kept for this contact, None if nothing is (any more). Raises OSError, VaultError."""


class Kept(msgspec.Struct, frozen=True):
    """What the vault keeps of who is behind a contact. Never stored or logged by the reader."""

    contact: str
    record: dict[str, Any]
    citizen: str | None = None  # whose it is: `GET /citizens/{citizen}?purpose=serve&contact=…` tells more


class Offers:
    """The operations of an agent on what they were offered."""

    def __init__(self, door: Door, vault: Vault) -> None:
        self._door = door
        self._vault = vault

    def routes(self) -> list[Route]:
        return [
            Route(
                "answer_offer", "POST", "/offers/{offer}/answer", self.answer, "Accept or decline an offer",
                {200: ContactView}, body=OfferAnswer, problems=("unknown_offer", "not_yours", "not_now"),
            ),
            Route(
                "get_caller", "GET", "/contacts/{contact}/caller", self.caller,
                "Who is behind a contact in the agent's hands, or one that was lost and is to be called back",
                {200: Kept},
                problems=(
                    "unknown_contact", "nothing_kept", "not_yours", "vault_unavailable", "vault_unreadable",
                ),
            ),
        ]  # fmt: skip

    async def answer(self, ask: Ask[OfferAnswer, None]) -> Reply:
        offer = ask.path["offer"]

        def question(state: State) -> tuple[str, str]:
            record = state.offers.get(offer)
            if record is None:
                raise Problem("unknown_offer", f"no offer {offer} is open")
            ask.caller.must_be(record.agent)
            return record.contact, record.agent

        contact, agent = await self._door.read(question)
        result = await self._door.submit(Answer(offer, contact, agent, ask.body.answer))
        if result.refusal is not None:
            raise of_refusal(result.refusal)
        return Reply(await read_contact(self._door, contact))

    async def caller(self, ask: Ask[None, None]) -> Reply:
        contact = ask.path["contact"]

        def question(state: State) -> str | None:
            record = state.contacts.get(contact)
            if record is None:
                raise unknown(contact)
            ask.caller.must_be(*hands(state, record))
            if ask.caller.role != "agent" and (record.state, record.reason) != ("gone", LOST):
                raise Problem("not_yours", "only its own agent knows the citizen, unless the call was lost")
            return record.citizen

        citizen = await self._door.read(question)
        kept = await self._kept(contact)
        if kept is None:
            raise Problem("nothing_kept", "nothing is known of who is behind this contact, or it has expired")
        return Reply(Kept(contact, dict(kept), citizen))

    async def _kept(self, contact: str) -> Mapping[str, Any] | None:
        try:
            return await self._vault.get(contact)
        except OSError:
            raise Problem(
                "vault_unavailable", "Redis is gone or slow: try again", headers={"Retry-After": "1"}
            ) from None
        except VaultError as fault:
            log.error("%s", fault, extra={"contact": contact})
            raise Problem("vault_unreadable", "the operator finds the mend in the logs") from None
