"""Whether this caller may see this citizen now: an agent through a contact in their hands, others by purpose.

It also turns what can go wrong with the register into problems; nothing personal is in any of them.
"""

from __future__ import annotations

import logging
import time
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

from citizens.cabinet import UnknownCitizen
from citizens.joining import Unjoinable
from citizens.keyring import VaultError
from citizens.purposes import Asked, may_see
from router.api.contacts import hands, unknown
from router.api.problems import Problem

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from citizens.people import People
    from router.api.citizen_shapes import Looked
    from router.api.permissions import Caller
    from router.core.state import State
    from router.door import Door

log = logging.getLogger("guichet.api")
COMMON = ("unknown_citizen", "vault_unavailable", "vault_unreadable")
GATED = (*COMMON, "not_yours", "unknown_contact")
CONTRADICTIONS = {
    "already_one": "they are one person already",
    "contradicts": "each has proved another identity of a kind of which a person has one",
    "too_many": "so many citizens cannot be one person",
}


class CitizenGate:
    """Looked through by every operation on a citizen."""

    def __init__(self, door: Door, people: People) -> None:
        self._door, self._people = door, people

    def parts(self, caller: Caller, purpose: str, part: str = "") -> tuple[str, ...]:
        """What this role may see for this purpose, or a Problem."""
        parts = may_see(caller.role, purpose)
        if not parts or (part and part not in parts):
            raise Problem("wrong_purpose", f"the role {caller.role} may not see this for {purpose}")
        return parts

    async def asked(self, caller: Caller, citizen: str, what: str, looked: Looked) -> Asked:
        """For the access log. An agent's contact must be this citizen's, or of one it may be."""
        if caller.role == "agent":
            await self._in_hands(caller, citizen, looked.contact, also_likely=looked.purpose == "verify")
        return Asked(caller.name, caller.role, what, looked.purpose, looked.contact)

    async def writes(self, caller: Caller, citizen: str, what: str, contact: str) -> Asked:
        """For what is written down on the citizen's own word."""
        if caller.role == "agent":
            await self._in_hands(caller, citizen, contact, also_likely=False)
        purpose = "serve" if caller.role == "agent" else "request"
        return Asked(caller.name, caller.role, what, purpose, contact)

    async def _in_hands(self, caller: Caller, citizen: str, contact: str, *, also_likely: bool) -> None:
        if not contact:
            raise Problem("not_yours", "an agent names the contact in their hands", field="contact")

        def question(state: State) -> str | None:
            record = state.contacts.get(contact)
            if record is None:
                raise unknown(contact)
            caller.must_be(*hands(state, record))
            return record.citizen

        theirs = await self._door.read(question)
        async with self.told():
            if theirs == citizen:
                return
            if theirs is not None and citizen in await self._people.same(theirs):
                return
            if also_likely and theirs is not None and citizen in await self._people.likely(theirs):
                return
        raise Problem("not_yours", "this contact is another citizen's")

    @asynccontextmanager
    async def told(self) -> AsyncIterator[None]:
        """What goes wrong in the register, as problems."""
        try:
            yield
        except UnknownCitizen:
            raise Problem("unknown_citizen", "never met, erased, or not kept any longer") from None
        except VaultError as fault:
            log.error("%s", fault)
            raise Problem("vault_unreadable", "the operator finds the mend in the logs") from None
        except OSError:
            raise Problem(
                "vault_unavailable", "Redis is gone or slow: try again", headers={"Retry-After": "1"}
            ) from None


@contextmanager
def _unjoinable() -> Iterator[None]:
    try:
        yield
    except Unjoinable as fault:
        raise Problem("contradiction", CONTRADICTIONS[fault.code]) from None


@asynccontextmanager
async def contradiction() -> AsyncIterator[None]:
    """Two who cannot be one person."""
    with _unjoinable():
        yield


def now() -> int:
    """Microseconds since 1970."""
    return time.time_ns() // 1000
