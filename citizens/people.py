"""What is done with whole people: show, find, merge, split, export, erase. Each names who asks, and why.

It reads nothing before the access log has it: a log that cannot be written shows nobody anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, structs

from citizens import correcting, gathering
from citizens.cabinet import TRIES
from citizens.erasing import destroy, erase
from citizens.exporting import export
from citizens.index import holders
from citizens.joining import join, new_link, part
from citizens.store import Seen

if TYPE_CHECKING:
    from collections.abc import Callable

    from citizens.cabinet import Cabinet, Person
    from citizens.elsewhere import Elsewhere
    from citizens.erasing import Erased
    from citizens.exporting import Export
    from citizens.identifier import Identifier
    from citizens.journey import Journey
    from citizens.links import Link, Why
    from citizens.purposes import Asked
    from citizens.record import Vulnerable
    from citizens.vault import Vault


class Found(Struct, frozen=True):
    """Somebody who holds an identifier. `person` is the same for citizens that are one person."""

    citizen: str
    person: str
    proved: bool


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
        await correcting.share(self._cabinet, citizen, identifier, shared=shared)

    async def drop(self, citizen: str, identifier: Identifier, asked: Asked) -> None:
        """This is not theirs (any more). Raises UnknownCitizen, KeyError if they never held it."""
        await self.saw(citizen, asked)
        await correcting.drop(self._cabinet, citizen, identifier)

    async def protect(self, citizen: str, vulnerable: Vulnerable | None, asked: Asked) -> None:
        """Found vulnerable by somebody who may say so, or no longer. Raises UnknownCitizen."""
        await self.saw(citizen, asked)
        await self._cabinet.change(
            citizen, lambda opened: structs.replace(opened.record, vulnerable=vulnerable)
        )

    async def journey(self, citizen: str, asked: Asked) -> Journey:
        """All that happened with this person. Raises UnknownCitizen."""
        await self.saw(citizen, asked)
        return await gathering.journey(self._cabinet, await self._cabinet.person(citizen))

    async def export(self, citizen: str, asked: Asked) -> Export:
        """Everything kept of this person, readable: theirs to have. Raises UnknownCitizen."""
        await self.saw(citizen, asked)
        person = await self._cabinet.person(citizen)
        return await export(self._cabinet, self._vault, self.elsewhere, person)

    async def erase(self, citizen: str, asked: Asked) -> Erased:
        """Destroy the keys of this person and all that they opened. Raises UnknownCitizen."""
        await self.saw(citizen, asked)
        return await erase(self._cabinet, self._vault, self.elsewhere, citizen)

    async def destroy(self, person: Person) -> int | None:
        """Their time is over: nobody asked. None: this person was changed meanwhile, look again."""
        return await destroy(self._cabinet, self._vault, self.elsewhere, person)

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

    async def saw(self, citizen: str, asked: Asked) -> None:
        """On the access log, before anything is read."""
        seen = Seen(self._now(), citizen, asked.by, asked.role, asked.what, asked.purpose, asked.contact)
        await self._cabinet.store.saw(seen, self._keep_days)

    async def seen(self, citizen: str, after: str, count: int) -> list[tuple[str, Seen]]:
        """Who saw whom and why, newest first; of everybody for ''."""
        return await self._cabinet.store.seen(citizen, after, count)
