"""`identify`, and whose contact it is: the register is asked, and what the citizen claims proves nothing.

A proof is the agency's word alone: its own service says that what was given belongs together, a number and
its secret. It decides nothing about who is one with whom, and logs no claim.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Protocol

from citizens.cabinet import UnknownCitizen
from citizens.claim import Claim, How
from citizens.identifier import KINDS, PERSONAL, Identifier, Unusable
from citizens.keyring import VaultError
from citizens.met import Met
from citizens.spelling import spell
from ivr_flows.session import Done, Perform, Session

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from router.flows.lookup import Lookups

LEAST = 2  # things given that belong together: a number alone is known to many

log = logging.getLogger(__name__)


class Register(Protocol):
    """`citizens.register.Register`, as far as flows need it. Raises OSError where it cannot be asked."""

    async def meet(
        self, claims: Sequence[Claim], channel: str, contact: str = "",
        record: dict[str, Any] | None = None, ttl_s: int = 86_400,
    ) -> Met: ...  # fmt: skip

    async def settle(
        self, met: Met, claims: Sequence[Claim], channel: str, contact: str = "",
        record: dict[str, Any] | None = None, ttl_s: int = 86_400,
    ) -> None: ...  # fmt: skip

    async def claim(self, citizen: str, claims: Sequence[Claim], contact: str = "") -> None: ...

    async def prove(self, citizen: str, claim: Claim) -> Met: ...


class Who:
    """`service`: the one of the configuration that checks claims; "": nobody can be identified."""

    def __init__(self, register: Register, lookups: Lookups, service: str) -> None:
        self._register, self._lookups, self._service = register, lookups, service

    async def keep(
        self, session: Session, known: dict[str, str], contact: str, record: dict[str, Any], ttl_s: int
    ) -> bool:
        """Whether the contact's record is in the vault, under its citizen's key."""
        try:
            if citizen := known.get("citizen"):
                met = Met(citizen, True, why="proved")
                await self._register.settle(met, (), session.channel, contact, record, ttl_s)
            else:
                claims = self._rings(known)
                met = await self._register.meet(claims, session.channel, contact, record, ttl_s)
                known["citizen"] = met.citizen
        except (OSError, VaultError) as fault:
            log.warning("the contact is nobody's: %s", type(fault).__name__, extra={"contact": contact})
            return False
        return True

    def _rings(self, known: dict[str, str]) -> list[Claim]:
        """The number that the network names: a hint, never a proof."""
        number = _spelled("phone", known.get("caller", ""))
        return [] if number is None else [Claim(number, "caller_id")]

    async def identify(self, name: str, session: Session, asked: Perform, known: dict[str, str]) -> Done:
        """`next` if the agency vouches for what was given and the register has one person for it."""
        given = {kind: str(value) for kind, value in asked.arguments.items() if value not in (None, "")}
        if not self._service:
            return Done("unavailable")
        if not known.get("citizen"):
            known["citizen"] = (await self._register.meet(self._rings(known), session.channel)).citizen
        citizen = known["citizen"]
        how: How = "keyed" if session.channel == "phone" else "stated"
        claimed = identifiers(given)
        await self._register.claim(citizen, [Claim(each, how) for each in claimed], session.contact)
        if len(given) < LEAST:
            return Done("unknown")
        checked = await self._lookups.ask(self._service, given, asked.within_s)
        if checked.port != "next":
            return Done("unknown" if checked.port == "missing" else "unavailable")
        return await self._proved(citizen, claimed)

    async def _proved(self, citizen: str, claimed: Sequence[Identifier]) -> Done:
        met = None
        for each in claimed:
            if PERSONAL[each.kind]:
                try:
                    met = await self._register.prove(citizen, Claim(each, "secret"))
                except UnknownCitizen:  # erased a moment ago
                    return Done("unknown")
                if not met.sure:  # two people proved it, or it is shared: an agent makes sure
                    return Done("unknown")
        if met is None:
            return Done("unknown")
        facts = met.facts
        return Done("next", {
            "citizen": citizen, "vulnerable": facts.vulnerable, "returning": facts.journey > 0
        })  # fmt: skip


def identifiers(given: Mapping[str, str]) -> list[Identifier]:
    """Those among the claims that identify; a date of birth does not."""
    found = [_spelled(kind, value) for kind, value in given.items() if kind in KINDS]
    return [each for each in found if each is not None]


def _spelled(kind: str, value: str) -> Identifier | None:
    try:
        return spell(next(each for each in KINDS if each == kind), value)
    except Unusable:
        return None
