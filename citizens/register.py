"""The one door to who somebody is, for every gateway.

It finds or makes the citizen behind identifiers, keeps their journey, preferences and consents, and never
joins two people by an unverified claim. Caller-id is a hint, never proof. What an officer does with whole
people (show, merge, split, export, erase) is in `people`.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from typing import TYPE_CHECKING, Any

from msgspec import structs

from citizens.cabinet import TRIES, Cabinet, Opened, UnknownCitizen, entries
from citizens.consent import agrees, withdrawn
from citizens.facts import facts_of
from citizens.identifier import PERSONAL
from citizens.journey import Happened, Journey, journey_of
from citizens.key import Key
from citizens.keyring import VaultError
from citizens.met import Met
from citizens.noting import note
from citizens.proving import prove
from citizens.recognising import recognise
from citizens.record import Record, came, holding
from citizens.store import Change

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from citizens.claim import Claim
    from citizens.consent import Consent, Purpose
    from citizens.identifier import Identifier
    from citizens.journey import What
    from citizens.noting import Fault
    from citizens.preferences import Preferences
    from citizens.vault import Vault

DAY_S = 86_400  # whoever is met is looked at a day later for the first time: see `retention`
CLAIMS = 16  # of one contact are looked at
KEPT = re.compile(r"[a-z0-9_-]{1,40}(:[a-z0-9_-]{1,40})?")


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
        claims = distinct(claims)
        hints, proofs = _hints(claims), [claim for claim in claims if claim.verified]
        key = Key(met.citizen)

        async def keep(under: Key | None) -> None:
            if contact and record is not None:
                await self._vault.put(contact, record, ttl_s, under)

        if met.why != "proved":
            made, _ = await asyncio.gather(self._new(key, hints, contact), keep(key))
            if not made:  # settled before, under a key that is not this one
                await keep((await self._cabinet.open(met.citizen)).key)
        else:
            try:
                await self.claim(met.citizen, hints, contact)
                await keep((await self._cabinet.open(met.citizen)).key)
            except UnknownCitizen:  # erased a moment ago, and stays so: the contact is nobody's
                await keep(None)
                return
        if proofs:
            await prove(self._cabinet, met.citizen, proofs, self._now())

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
        hints = _hints(distinct(claims))
        now = self._now()
        await self._cabinet.change(
            citizen,
            lambda opened: came(holding(opened.record, hints, now), contact, now),
            holds=self._holds(citizen, hints),
        )

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
        person = await self._cabinet.person(citizen)
        lines = await self._cabinet.store.lists([f"j:{each}" for each in person.citizens])
        kept = [entries(member, own) for member, own in zip(person.members, lines, strict=True)]
        return journey_of(citizen, [each for own in kept for each in own])

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

        def given(opened: Opened) -> Record | None:
            if consent in opened.record.consents:
                return None
            return structs.replace(opened.record, consents=(*opened.record.consents, consent))

        happened = _happened("consented", consent.at, consent.purpose, consent.agency)
        await self._cabinet.change(citizen, given, happened)

    async def withdraw(self, citizen: str, purpose: Purpose, by: str, agency: str = "") -> None:
        """Take a yes back, and note it in the journey. Raises UnknownCitizen."""
        now = self._now()
        person = await self._cabinet.person(citizen)
        for member in person.members:

            def taken(opened: Opened) -> Record | None:
                left = withdrawn(opened.record.consents, purpose, now, agency)
                if left == opened.record.consents:
                    return None
                return structs.replace(opened.record, consents=left)

            happened = _happened("withdrew", now, purpose, agency, by)
            await self._cabinet.change(member.citizen, taken, happened)

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
        if not KEPT.fullmatch(name):
            raise ValueError("a name is up to 40 of a-z 0-9 _ -, a second such part may follow a colon")
        for _ in range(TRIES):
            opened = await self._cabinet.open(citizen)
            names = tuple(dict.fromkeys((*opened.record.kept, name)))
            fresh = self._cabinet.resealed(opened, structs.replace(opened.record, kept=names))
            sets: dict[str, bytes | None] = {
                f"c:{citizen}": fresh,
                f"k:{citizen}:{name}": opened.key.seal(f"kept {name}", value),
            }
            if await self._cabinet.store.swap(Change(expects={f"c:{citizen}": opened.raw}, sets=sets)):
                return
        raise ConnectionError("the record of this citizen changes too fast")

    async def kept(self, citizen: str, name: str) -> bytes | None:
        """What `keep` kept of this person, None if nothing. Raises UnknownCitizen."""
        person = await self._cabinet.person(citizen)
        having = [each for each in person.members if name in each.record.kept]
        raws = await self._cabinet.store.get([f"k:{each.citizen}:{name}" for each in having])
        for member, raw in zip(having, raws, strict=True):
            if raw is not None:
                return member.key.open(f"kept {name}", raw)
        return None

    async def _new(self, key: Key, hints: tuple[Claim, ...], contact: str) -> bool:
        """Somebody met for the first time. False: they were settled before."""
        now = self._now()
        name = f"c:{key.citizen}"
        change = Change(
            expects={name: None},
            sets={name: self._cabinet.sealed(key, came(holding(Record(now, now), hints, now), contact, now))},
            holds=self._holds(key.citizen, hints),
            due={key.citizen: now // 1_000_000 + DAY_S},
        )
        return await self._cabinet.store.swap(change)

    def _holds(self, citizen: str, hints: tuple[Claim, ...]) -> dict[str, str]:
        """For the index. An entry that says `proved` stays so."""
        return {self._cabinet.index.name(each.identifier): f"{citizen}?" for each in hints}

    async def _as_person(self, citizen: str) -> Met:
        records = [each.record for each in (await self._cabinet.person(citizen)).members]
        return Met(citizen, True, facts_of(records, self._now(), sure=True))


def distinct(claims: Sequence[Claim]) -> list[Claim]:
    """Each identifier once, by the best that was shown."""
    best: dict[Identifier, Claim] = {}
    for claim in claims[:CLAIMS]:
        if claim.identifier not in best or claim.verified:
            best[claim.identifier] = claim
    return list(best.values())


def _hints(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    return tuple(claim for claim in claims if not claim.verified)


def _happened(what: What, at: int, purpose: str, agency: str, by: str = "") -> Happened:
    return Happened(
        f"x-{secrets.token_hex(8)}",
        at,
        what,
        about=f"{purpose}:{agency}",
        agency=agency,
        agent=by,
        reason=purpose,
    )
