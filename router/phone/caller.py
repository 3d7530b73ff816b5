"""Who is ringing, as far as a number can say: asked while the menu speaks, so that nobody waits for it.

Caller-id is a hint: it proves nothing, joins nobody to anybody, gives no credit. Without the register, or if
it does not answer, a call goes on as a call of nobody.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct

from citizens.claim import Claim
from citizens.identifier import Unusable
from citizens.keyring import VaultError
from citizens.spelling import spell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from citizens.met import Met

log = logging.getLogger(__name__)


class Known(Protocol):
    """The register, as far as the phone needs it."""

    async def recognise(self, claims: Sequence[Claim], channel: str) -> Met: ...

    async def settle(
        self, met: Met, claims: Sequence[Claim], channel: str, contact: str = "",
        record: dict[str, Any] | None = None, ttl_s: int = 86400,
    ) -> None: ...  # fmt: skip


class Caller(Struct, frozen=True):
    """Whom the register has before it."""

    met: Met
    claims: tuple[Claim, ...]


async def who_rings(register: Known, number: str) -> Caller | None:
    """None: the register cannot say."""
    try:
        claims: tuple[Claim, ...] = (Claim(spell("phone", number), "caller_id"),)
    except Unusable:
        claims = ()  # withheld, premium, an extension of the house: it identifies nobody
    try:
        return Caller(await register.recognise(claims, "phone"), claims)
    except (OSError, VaultError) as fault:
        log.warning("the caller is nobody: %s", type(fault).__name__)
        return None
