"""For which agency an agent asks about a contact in their hands: by the pool whose agent they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from citizens.sharing import pool_of
from router.api.contacts import hands, unknown
from router.api.problems import Problem

if TYPE_CHECKING:
    from citizens.sharing import Agencies
    from router.api.permissions import Caller
    from router.core.state import State
    from router.door import Door


class Desk(Struct, frozen=True):
    """Who asks about whom. `agency` is '' for an agent of no agency's pool."""

    citizen: str
    agency: str
    topic: str
    language: str
    state: str
    pool: str


async def desk_of(door: Door, agencies: Agencies, contact: str, caller: Caller) -> Desk:
    """Raises Problem unless the contact is in the caller's hands and a citizen is known behind it."""

    def question(state: State) -> Desk:
        record = state.contacts.get(contact)
        if record is None:
            raise unknown(contact)
        caller.must_be(*hands(state, record))
        if not record.citizen:
            raise Problem("nothing_kept", "nobody is known behind this contact")
        agent = state.agents.get(caller.agent)
        agency = agencies.of_pool(pool_of(agent.skills)) if agent is not None else None
        name = agency.agency if agency is not None else ""
        return Desk(
            record.citizen, name, record.topic or "", record.language or "", record.state, record.pool or ""
        )

    return await door.read(question)
