"""All agencies' facts on one citizen for one agency: asked, or kept from before, with their age.

Only what the table of sharing and the citizen's consent allow is asked for at all. What is kept is sealed
under the citizen's key. An agency that does not answer is named, never passed over in silence.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

import msgspec
from msgspec import Struct

from citizens.stated import Fact, Judged, Kind, judge, usable
from router.outward import Failed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from citizens.consent import Purpose
    from citizens.identifier import Identifier
    from citizens.sharing import Agencies
    from router.facts.asking import Source


class Register(Protocol):
    """`citizens.register.Register`, as far as this package needs it."""

    async def agrees(self, citizen: str, purpose: Purpose, agency: str = "") -> bool: ...

    async def keep(self, citizen: str, name: str, value: bytes) -> None: ...

    async def kept(self, citizen: str, name: str) -> bytes | None: ...


class Asked(Struct, frozen=True):
    """One agency's server, and how long its answers are good."""

    source: Source
    kinds: frozenset[Kind]
    fresh_days: int
    cache: int  # microseconds


class Answered(Struct, frozen=True):
    """What came of asking one agency. `code`: kept, asked, no_consent, not_shared, or why it failed."""

    agency: str
    code: str
    asked_at: int | None = None  # microseconds: when it stated what is shown


class Kept(Struct, frozen=True):
    """What was kept of an agency's answer."""

    at: int
    purpose: str
    kinds: tuple[str, ...]
    facts: tuple[Fact, ...]


class Page(Struct, frozen=True):
    """All that may be shown."""

    facts: tuple[Judged, ...]
    answers: tuple[Answered, ...]


class Ledger:
    """`page` is what an agent of `to` may see."""

    def __init__(
        self, register: Register, agencies: Agencies, servers: Mapping[str, Asked], now: Callable[[], int]
    ) -> None:
        self._register, self._agencies, self._servers, self._now = register, agencies, servers, now

    async def page(
        self, citizen: str, identifiers: Sequence[Identifier], to: str, purpose: str, reference: str
    ) -> Page:
        """Raises OSError, UnknownCitizen."""
        agreed = await self._register.agrees(citizen, "share", to)
        about = (citizen, identifiers, to, agreed, purpose, reference)
        each = await asyncio.gather(*(self._of(agency, *about) for agency in self._servers))
        facts = [fact for found, _ in each for fact in found if usable(fact, purpose)]
        fresh = {name: server.fresh_days for name, server in self._servers.items()}
        return Page(judge(facts, self._now(), fresh), tuple(answer for _, answer in each))

    async def _of(
        self, agency: str, citizen: str, identifiers: Sequence[Identifier], to: str, agreed: bool,
        purpose: str, reference: str,
    ) -> tuple[Sequence[Fact], Answered]:  # fmt: skip
        server, now = self._servers[agency], self._now()
        kinds = server.kinds & self._agencies.told(agency, to, agreed=agreed)
        if not kinds:
            may = server.kinds & self._agencies.told(agency, to, agreed=True)
            return (), Answered(agency, "no_consent" if may else "not_shared")
        name = f"facts:{agency}"
        kept = await self._kept(citizen, name)
        good = kept is not None and kinds <= set(kept.kinds) and kept.purpose == purpose
        if kept is not None and good and now - kept.at < server.cache:
            return _only(kept.facts, kinds), Answered(agency, "kept", kept.at)
        if not identifiers:
            return (), Answered(agency, "no_identifier")
        try:
            facts = await server.source.ask(identifiers, sorted(kinds), purpose, reference)
        except Failed as fault:
            same = kept is not None and kept.purpose == purpose
            shown = _only(kept.facts, kinds) if kept is not None and same else ()
            return shown, Answered(agency, fault.code, kept.at if kept is not None and same else None)
        fresh = Kept(now, purpose, tuple(sorted(kinds)), tuple(facts))
        await self._register.keep(citizen, name, msgspec.json.encode(fresh))
        return facts, Answered(agency, "asked", now)

    async def _kept(self, citizen: str, name: str) -> Kept | None:
        raw = await self._register.kept(citizen, name)
        try:
            return None if raw is None else msgspec.json.decode(raw, type=Kept)
        except msgspec.MsgspecError:
            return None  # of another version: asked again


def _only(facts: Sequence[Fact], kinds: frozenset[Kind]) -> list[Fact]:
    return [fact for fact in facts if fact.kind in kinds]
