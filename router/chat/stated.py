"""What a citizen who writes says of who they are: claims, never proof. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from citizens.claim import Claim
from citizens.identifier import Unusable
from citizens.spelling import spell

if TYPE_CHECKING:
    from citizens.identifier import Kind


def stated(said: dict[Kind, str]) -> list[Claim]:
    """What is empty, or no such identifier, claims nothing."""
    claims = []
    for kind, value in said.items():
        try:
            if value:
                claims.append(Claim(spell(kind, value), "stated"))
        except Unusable:
            continue
    return claims
