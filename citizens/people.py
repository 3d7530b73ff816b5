"""What is done with whole people: show, find, merge, split, export, erase. Each names who asks, and why.

It reads nothing before the access log has it: a log that cannot be written shows nobody anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct, structs

from citizens.cabinet import TRIES, Opened, Person, entries
from citizens.elsewhere import Theirs
from citizens.index import holders
from citizens.joining import join, new_link, part
from citizens.journey import Journey, journey_of
from citizens.links import path
from citizens.store import Change, Seen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from citizens.cabinet import Cabinet
    from citizens.elsewhere import Elsewhere
    from citizens.identifier import Identifier
    from citizens.links import Link, Why
    from citizens.purposes import Asked
    from citizens.record import Vulnerable
    from citizens.vault import Vault


SEEN_MOST = 10_000  # lines of the access log that an export holds for each citizen


class Found(Struct, frozen=True):
    """Somebody who holds an identifier. `person` is the same for citizens that are one person."""

    citizen: str
    person: str
    proved: bool


class Export(Struct, frozen=True):
    """Everything kept of one person."""

    person: Person
    journey: Journey
    contacts: dict[str, dict[str, Any]]  # what the vault still has of their contacts
    kept: dict[str, bytes]  # of other parts: JSON
    elsewhere: dict[str, Any]  # chats, letters, notices …
    seen: list[Seen]


class Erased(Struct, frozen=True):
    """Whom it concerned, and how many of their contacts had records."""

    citizens: tuple[str, ...]
    contacts: int


class People:
    """Whole people."""

    def __init__(self, cabinet: Cabinet, vault: Vault, now: Callable[[], int], keep_days: int = 365) -> None:
        self._cabinet, self._vault, self._now, self._keep_days = cabinet, vault, now, keep_days
        self.elsewhere: list[Elsewhere] = []

    async def show(self, citizen: str, asked: Asked) -> Person:
        """Who this is, through all their identities. Raises UnknownCitizen."""
        await self.saw(citizen, asked)
        return await self._cabinet.person(citizen)

    async def find(self, identifier: Identifier, asked: Asked) -> list[Found]:
        """Who holds it: those who proved it first. Each of them is on the access log as found."""
        (found,) = await self._cabinet.store.indexed([self._cabinet.index.name(identifier)])
        standing = holders(found.entry)
        for citizen in found.citizens:
            await self.saw(citizen, asked)
        each = [
            Found(citizen, self._cabinet.opened(citizen, raw).person, standing[citizen])
            for citizen, raw in found.citizens.items()
        ]
        return sorted(each, key=lambda one: not one.proved)

    async def merge(self, one: str, other: str, why: Why, asked: Asked) -> Link:
        """From now on these two are one person. Raises UnknownCitizen, Unjoinable."""
        await self.saw(one, asked)
        await self.saw(other, asked)
        for _ in range(TRIES):
            link = new_link(one, other, why, asked.by, self._now())
            first, second = await self._cabinet.person(one), await self._cabinet.person(other)
            if await self._cabinet.store.swap(join(self._cabinet, first, second, link, {})):
                return link
        raise ConnectionError("the links of this citizen change too fast")

    async def split(self, citizen: str, link: str, asked: Asked) -> None:
        """The exact inverse of what drew the link. Raises UnknownCitizen, KeyError for another's link."""
        await self.saw(citizen, asked)
        for _ in range(TRIES):
            person = await self._cabinet.person(citizen)
            if await self._cabinet.store.swap(part(self._cabinet, person, link)):
                return
        raise ConnectionError("the links of this citizen change too fast")

    async def share(self, citizen: str, identifier: Identifier, shared: bool, asked: Asked) -> None:
        """Say that others use this address too, or no longer. Raises UnknownCitizen, KeyError."""
        await self.saw(citizen, asked)

        def told(opened: Opened) -> Any:  # noqa: ANN401
            held = {each.identifier: each for each in opened.record.held}
            held[identifier] = structs.replace(held[identifier], shared=shared)
            return structs.replace(opened.record, held=tuple(held.values()))

        await self._cabinet.change(citizen, told)

    async def drop(self, citizen: str, identifier: Identifier, asked: Asked) -> None:
        """This is not theirs (any more). Raises UnknownCitizen, KeyError if they never held it."""
        await self.saw(citizen, asked)
        name, index = f"c:{citizen}", self._cabinet.index.name(identifier)
        for _ in range(TRIES):
            opened = await self._cabinet.open(citizen)
            left = tuple(each for each in opened.record.held if each.identifier != identifier)
            if len(left) == len(opened.record.held):
                raise KeyError(identifier.kind)
            fresh = self._cabinet.resealed(opened, structs.replace(opened.record, held=left))
            change = Change(expects={name: opened.raw}, sets={name: fresh}, drops=[(index, citizen)])
            if await self._cabinet.store.swap(change):
                return
        raise ConnectionError("the record of this citizen changes too fast")

    async def protect(self, citizen: str, vulnerable: Vulnerable | None, asked: Asked) -> None:
        """Found vulnerable by somebody who may say so, or no longer. Raises UnknownCitizen."""
        await self.saw(citizen, asked)
        await self._cabinet.change(
            citizen, lambda opened: structs.replace(opened.record, vulnerable=vulnerable)
        )

    async def journey(self, citizen: str, asked: Asked) -> Journey:
        """All that happened with this person. Raises UnknownCitizen."""
        await self.saw(citizen, asked)
        return await self._journey(await self._cabinet.person(citizen))

    async def export(self, citizen: str, asked: Asked) -> Export:
        """Everything kept of this person, readable: theirs to have. Raises UnknownCitizen."""
        await self.saw(citizen, asked)
        person = await self._cabinet.person(citizen)
        theirs = await self._theirs(person)
        records = {
            name: kept
            for name in self._others(theirs.contacts)
            if (kept := await self._vault.get(name)) is not None
        }
        kept = {name: theirs.kept[name] for name in self._others(theirs.kept)}
        elsewhere: dict[str, Any] = {}
        for room in self.elsewhere:
            elsewhere |= await room.export(theirs)
        seen = [seen for each in person.citizens for _, seen in await self.seen(each, "", SEEN_MOST)]
        return Export(person, theirs.journey, records, kept, elsewhere, seen)

    async def erase(self, citizen: str, asked: Asked) -> Erased:
        """Destroy the keys of this person and all that they opened. Raises UnknownCitizen.

        The log keeps pseudonyms that lead nowhere; the access log keeps who asked for it.
        """
        await self.saw(citizen, asked)
        for _ in range(TRIES):
            person = await self._cabinet.person(citizen)
            contacts = await self.destroy(person)
            if contacts is not None:
                await self._cabinet.store.compact()
                return Erased(person.citizens, contacts)
        raise ConnectionError("the record of this citizen changes too fast")

    async def destroy(self, person: Person) -> int | None:
        """How many contacts had records; None: this person was changed meanwhile, look again.

        The keys go last: cut short anywhere, whoever asked for it can ask again.
        """
        theirs = await self._theirs(person)
        for room in self.elsewhere:
            await room.erased(theirs)
        for contact in theirs.contacts:
            await self._vault.destroy(contact)
        return len(theirs.contacts) if await self._cabinet.store.swap(self.gone(person)) else None

    def gone(self, person: Person) -> Change:
        """Every key and value of this person, and every way to them."""
        expects: dict[str, bytes | None] = {f"c:{each.citizen}": each.raw for each in person.members}
        sets: dict[str, bytes | None] = {f"c:{each.citizen}": None for each in person.members}
        if person.raw is not None:
            whole = person.members[0].whole
            expects[f"w:{whole}"], sets[f"w:{whole}"] = person.raw, None
        drops = []
        for each in person.members:
            sets[f"j:{each.citizen}"] = None
            sets |= {f"k:{each.citizen}:{name}": None for name in each.record.kept}
            drops += [(self._cabinet.index.name(held.identifier), each.citizen) for held in each.record.held]
        return Change(expects=expects, sets=sets, drops=drops, due=dict.fromkeys(person.citizens))

    async def same(self, citizen: str) -> tuple[str, ...]:
        """All citizens who are this person. Raises UnknownCitizen."""
        return (await self._cabinet.person(citizen)).citizens

    async def likely(self, citizen: str) -> set[str]:
        """Who else holds what this person claims: whom an agent may compare them with.

        Raises UnknownCitizen.
        """
        person = await self._cabinet.person(citizen)
        held = (one for each in person.members for one in each.record.held)
        names = {self._cabinet.index.name(each.identifier) for each in held}
        found = await self._cabinet.store.indexed(sorted(names))
        return {each for row in found for each in row.citizens} - set(person.citizens)

    def explain(self, person: Person, citizen: str) -> tuple[Link, ...]:
        """Why this citizen is the person asked for: the links between them, in order."""
        return path(person.whole, person.members[0].citizen, citizen)

    async def saw(self, citizen: str, asked: Asked) -> None:
        """On the access log, before anything is read."""
        seen = Seen(self._now(), citizen, asked.by, asked.role, asked.what, asked.purpose, asked.contact)
        await self._cabinet.store.saw(seen, self._keep_days)

    async def seen(self, citizen: str, after: str, count: int) -> list[tuple[str, Seen]]:
        """Who saw whom and why, newest first; of everybody for ''."""
        return await self._cabinet.store.seen(citizen, after, count)

    async def _journey(self, person: Person) -> Journey:
        lines = await self._cabinet.store.lists([f"j:{each}" for each in person.citizens])
        kept = [entries(member, own) for member, own in zip(person.members, lines, strict=True)]
        return journey_of(person.members[0].citizen, [each for own in kept for each in own])

    async def _theirs(self, person: Person) -> Theirs:
        journey = await self._journey(person)
        contacts = tuple(contacts_of(person, journey))
        return Theirs(person.citizens, contacts, journey, await self._kept(person.members))

    def _others(self, names: Iterable[str]) -> list[str]:
        """Without what the rooms export themselves."""
        return [name for name in names if not any(room.owns(name) for room in self.elsewhere)]

    async def _kept(self, members: Sequence[Opened]) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for each in members:
            raws = await self._cabinet.store.get([f"k:{each.citizen}:{name}" for name in each.record.kept])
            for name, raw in zip(each.record.kept, raws, strict=True):
                if raw is not None:
                    found.setdefault(name, each.key.open(f"kept {name}", raw))
        return found


def contacts_of(person: Person, journey: Journey) -> list[str]:
    """Every contact of theirs, also one of which the journey is still to be told."""
    told = {each.contact for each in journey.entries}
    come = {each.contact for member in person.members for each in member.record.recent}
    return sorted((told | come) - {""})
