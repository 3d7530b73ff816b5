"""Who a gateway may have before it: reads the index and judges. One round trip unless a proof was given."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from citizens.facts import facts_of
from citizens.identifier import PERSONAL
from citizens.index import holders
from citizens.key import new_citizen
from citizens.keyring import VaultError
from citizens.linking import Holder, judge
from citizens.met import Met

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from citizens.cabinet import Cabinet, Opened
    from citizens.claim import Claim
    from citizens.linking import Verdict
    from citizens.store import Indexed

logger = logging.getLogger(__name__)


async def recognise(cabinet: Cabinet, claims: Sequence[Claim], now: int) -> Met:
    """The citizen this is, or a new pseudonym; with facts."""
    found = await cabinet.store.indexed([cabinet.index.name(claim.identifier) for claim in claims])
    known = readable(cabinet, found)
    if any(claim.verified and PERSONAL[claim.identifier.kind] for claim in claims):
        known |= await whole(cabinet, known.values())
    verdict = judge(claims, [holder(each) for each in known.values()])
    facts = facts_of([each.record for each in _meant(verdict, known)], now, sure=verdict.citizen is not None)
    return Met(verdict.citizen or new_citizen(), verdict.sure, facts, verdict.likely, verdict.why)


def holder(opened: Opened) -> Holder:
    """As the rules see it."""
    return Holder(opened.citizen, opened.person, opened.record.held, opened.record.seen_at)


def readable(cabinet: Cabinet, found: Iterable[Indexed]) -> dict[str, Opened]:
    """Everybody found. One whose record does not open is nobody: that must turn no caller away."""
    known: dict[str, Opened] = {}
    for each in found:
        for citizen in holders(each.entry):
            if citizen in each.citizens and citizen not in known:
                try:
                    known[citizen] = cabinet.opened(citizen, each.citizens[citizen])
                except VaultError as fault:
                    logger.error("passed over: %s", fault)
    return known


async def whole(cabinet: Cabinet, known: Iterable[Opened]) -> dict[str, Opened]:
    """All who are one person with these: what somebody else of them proved counts too."""
    members: dict[str, Opened] = {}
    for each in known:
        if each.whole and each.citizen not in members:
            members |= {other.citizen: other for other in (await cabinet.person(each.citizen)).members}
    return members


def _meant(verdict: Verdict, known: dict[str, Opened]) -> list[Opened]:
    """Whose facts are taken: of who it is; else of the one person it may be, if there is one only."""
    likely = verdict.likely[:1] if len(verdict.likely) == 1 else ()
    first = verdict.citizen or next(iter(likely), "")
    if first not in known:
        return []
    same = [each for each in known.values() if each.person == known[first].person and each.citizen != first]
    return [known[first], *same]
