"""The one door to who somebody is, for every gateway.

It finds or makes the citizen behind identifiers, keeps their journey, preferences and consents, and never
joins two people by an unverified claim. Caller-id is a hint, never proof. What an officer does with whole
people (show, merge, split, export, erase) is in `people`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import structs

from citizens import consenting, gathering
from citizens.cabinet import Cabinet, UnknownCitizen
from citizens.consent import agrees
from citizens.facts import facts_of
from citizens.identifier import PERSONAL
from citizens.keeping import keep, kept
from citizens.keyring import VaultError
from citizens.met import Met
from citizens.noting import note
from citizens.proving import prove
from citizens.recognising import recognise
from citizens.settling import DAY_S, claim, distinct, hints_of, settle

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from citizens.claim import Claim
    from citizens.consent import Consent, Purpose
    from citizens.identifier import Identifier
    from citizens.journey import Happened, Journey
    from citizens.noting import Fault
    from citizens.preferences import Preferences
    from citizens.vault import Vault


class Register:
    """`await open()` it before anything else."""

    def __init__(self, cabinet: Cabinet, vault: Vault, now: Callable[[], int]) -> None:
        self._cabinet, self._vault, self._now = cabinet, vault, now

    async def open(self) -> None:
        """Raises OSError, or VaultError if the master key is not the one that was in use."""
        await self._cabinet.index.open()

    async def recognise(self, claims: Sequence[Claim], channel: str) -> Met:
        """Who this may be: reads only, one round trip. `settle` it once the contact is on the log."""
        return await recognise(self._cabinet, distinct(claims), self._now())

    async def settle(
        self, met: Met, claims: Sequence[Claim], channel: str, contact: str = "",
        record: dict[str, Any] | None = None, ttl_s: int = DAY_S,
    ) -> None:  # fmt: skip
        """Write down who was met and, sealed under their key, what is known of this contact.

        Repeating it is harmless. It may run beside the append of the Contact event: one round trip for
        somebody new.
        """
        sealed = (contact, record, ttl_s)
        await settle(self._cabinet, self._vault, met, distinct(claims), sealed, self._now())

    async def meet(
        self, claims: Sequence[Claim], channel: str, contact: str = "",
        record: dict[str, Any] | None = None, ttl_s: int = DAY_S,
    ) -> Met:  # fmt: skip
        """`recognise`, then `settle`: for gateways whose path need not be fast."""
        met = await self.recognise(claims, channel)
        await self.settle(met, claims, channel, contact, record, ttl_s)
        return met

    async def prove(self, citizen: str, claim: Claim) -> Met:
        """A proof given during a contact: `citizen` may turn out to be somebody known, and is joined to them.

        The returned `Met.citizen` is still the one given; both read as one person from now on. Raises
        UnknownCitizen, or ValueError for what proves nothing.
        """
        if not claim.verified:
            raise ValueError(f"{claim.how} proves nothing")
        verdict = await prove(self._cabinet, citizen, [claim], self._now())
        met = await self._as_person(citizen)
        sure = PERSONAL[claim.identifier.kind] and verdict.why in ("proved", "proved_first")
        return structs.replace(met, sure=sure, likely=verdict.likely, why=verdict.why)

    async def claim(self, citizen: str, claims: Sequence[Claim], contact: str = "") -> None:
        """Identifiers that came up during a contact and prove nothing. Raises UnknownCitizen."""
        await claim(self._cabinet, citizen, hints_of(distinct(claims)), contact, self._now())

    async def name(self, citizen: str, name: str) -> None:
        """As they write it, in any script. Raises UnknownCitizen."""
        await self._cabinet.change(citizen, lambda opened: structs.replace(opened.record, name=name))

    async def note(self, citizen: str, happened: Happened) -> bool:
        """Write the journey; the same id twice is one entry. False: nobody knows this citizen (any more)."""
        fault = (await self.note_all({citizen: [happened]})).get(citizen)
        if isinstance(fault, VaultError):
            raise fault
        return fault is None

    async def note_all(self, happenings: Mapping[str, Sequence[Happened]]) -> dict[str, Fault]:
        """Of many citizens at once; returns who could not be written, and why."""
        return await note(self._cabinet, happenings)

    async def journey(self, citizen: str) -> Journey:
        """Everything that happened with this person, through whichever of their identities.

        Raises UnknownCitizen.
        """
        return await gathering.journey(self._cabinet, await self._cabinet.person(citizen))

    async def preferences(self, citizen: str) -> Preferences:
        """Raises UnknownCitizen."""
        return (await self._as_person(citizen)).facts.preferences

    async def prefer(self, citizen: str, preferences: Preferences) -> None:
        """Replaces what was preferred. Raises UnknownCitizen."""
        await self._cabinet.change(
            citizen, lambda opened: structs.replace(opened.record, preferences=preferences)
        )

    async def consents(self, citizen: str) -> tuple[Consent, ...]:
        """All that was ever given, with what was taken back. Raises UnknownCitizen."""
        person = await self._cabinet.person(citizen)
        return tuple(each for member in person.members for each in member.record.consents)

    async def consent(self, citizen: str, consent: Consent) -> None:
        """Keep one yes with its proof, and note it in the journey. Raises UnknownCitizen."""
        await consenting.give(self._cabinet, citizen, consent)

    async def withdraw(self, citizen: str, purpose: Purpose, by: str, agency: str = "") -> None:
        """Take a yes back, and note it in the journey. Raises UnknownCitizen."""
        await consenting.withdraw(self._cabinet, citizen, purpose, by, agency, self._now())

    async def agrees(self, citizen: str, purpose: Purpose, agency: str = "") -> bool:
        """Whether a yes to this stands now. False for whom nobody knows."""
        try:
            return agrees(await self.consents(citizen), purpose, self._now(), agency)
        except UnknownCitizen:
            return False

    async def reach(self, citizen: str) -> tuple[Identifier, ...]:
        """Where a message may be sent: what was proved to be theirs, the newest proof first.

        Raises UnknownCitizen.
        """
        person = await self._cabinet.person(citizen)
        held = [each for member in person.members for each in member.record.held if each.verified]
        held = [each for each in held if each.identifier.kind in ("phone", "email")]
        ordered = sorted(held, key=lambda each: -each.at)
        return tuple(dict.fromkeys(each.identifier for each in ordered))

    async def keep(self, citizen: str, name: str, value: bytes) -> None:
        """Keep something small of another part (facts of an agency …) sealed under the citizen's key.

        `value` is JSON, for an export shows it, unless the part exports it itself (see `elsewhere`). Raises
        UnknownCitizen.
        """
        await keep(self._cabinet, citizen, name, value)

    async def kept(self, citizen: str, name: str) -> bytes | None:
        """What `keep` kept of this person, None if nothing. Raises UnknownCitizen."""
        return await kept(self._cabinet, citizen, name)

    async def _as_person(self, citizen: str) -> Met:
        records = [each.record for each in (await self._cabinet.person(citizen)).members]
        return Met(citizen, True, facts_of(records, self._now(), sure=True))
