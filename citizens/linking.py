"""The rules by which a contact is somebody's, as one pure function: explainable, and never by a claim alone.

1. Only a proof given now, of an identifier that says who somebody is, finds a citizen who proved it before.
2. One that is shared, or that two people have proved, finds nobody.
3. Nobody is found who has proved another identity of a kind of which a person has one.
4. Of two people found at once the stronger kind decides; that they are one is for an agent to say.
5. Everybody else who holds what was claimed is `likely`: for an agent to make sure of.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from citizens.claim import Claim, Held
from citizens.identifier import PERSONAL, Identifier, Kind

Reason = Literal["proved", "proved_first", "contested", "shared", "claimed", "unknown", "nothing_given"]
STRENGTH: tuple[Kind, ...] = ("franceconnect", "beneficiary", "email", "handle", "phone")
ONE_EACH: tuple[Kind, ...] = ("franceconnect", "beneficiary")
LIKELY = 8  # so many are named


class Holder(Struct, frozen=True):
    """Somebody who holds identifiers. `person` is the same for citizens that are one person."""

    citizen: str
    person: str
    held: tuple[Held, ...]
    seen_at: int

    def holds(self, identifier: Identifier) -> Held | None:
        return next((each for each in self.held if each.identifier == identifier), None)

    def proved(self, kind: Kind) -> set[str]:
        return {each.identifier.value for each in self.held if each.verified and each.identifier.kind == kind}


class Verdict(Struct, frozen=True):
    """Whose the contact is, None: somebody new. `sure`: because something personal was proved now."""

    citizen: str | None
    sure: bool
    likely: tuple[str, ...]
    why: Reason


def judge(claims: Sequence[Claim], holders: Sequence[Holder]) -> Verdict:
    """`holders`: everybody who holds any of the claimed identifiers, in any standing."""
    if not claims:
        return Verdict(None, False, (), "nothing_given")
    likely = _likely(claims, holders)
    proofs = [claim for claim in claims if claim.verified and PERSONAL[claim.identifier.kind]]
    if not proofs:
        return Verdict(None, False, likely, "claimed" if likely else "unknown")
    reason: Reason = "proved_first"
    for claim in sorted(proofs, key=lambda each: STRENGTH.index(each.identifier.kind)):
        found, why = _holder_of(claim.identifier, holders)
        if found is not None and not contradicts(proofs, found.person, holders):
            others = tuple(each for each in likely if each != found.citizen)
            return Verdict(found.citizen, True, others, "proved")
        if found is not None or why is not None:
            reason = why or "contested"
    return Verdict(None, reason == "proved_first", likely, reason)


def contradicts(proofs: Sequence[Claim], person: str, holders: Sequence[Holder]) -> bool:
    """Whether this person proved another identity of a kind of which a person has only one."""
    for kind in ONE_EACH:
        given = {claim.identifier.value for claim in proofs if claim.identifier.kind == kind}
        theirs = {value for each in holders if each.person == person for value in each.proved(kind)}
        if given and theirs and given != theirs:
            return True
    return False


def _holder_of(identifier: Identifier, holders: Sequence[Holder]) -> tuple[Holder | None, Reason | None]:
    """The one person who proved this; nobody if it is shared or two did, and why then."""
    proved = [
        (each, held) for each in holders if (held := each.holds(identifier)) is not None and held.verified
    ]
    if any(held.shared for _, held in proved):
        return None, "shared"
    if len({each.person for each, _ in proved}) > 1:
        return None, "contested"
    first = min(proved, key=lambda pair: (pair[1].at, pair[0].citizen), default=None)
    return (None, None) if first is None else (first[0], None)


def _likely(claims: Sequence[Claim], holders: Sequence[Holder]) -> tuple[str, ...]:
    """One citizen for each person: those who proved it first, then the last seen."""

    def place(holder: Holder) -> tuple[bool, int, str]:
        standings = [holder.holds(claim.identifier) for claim in claims]
        return not any(held and held.verified for held in standings), -holder.seen_at, holder.citizen

    named: dict[str, str] = {}
    for holder in sorted(holders, key=place):
        named.setdefault(holder.person, holder.citizen)
    return tuple(named.values())[:LIKELY]
