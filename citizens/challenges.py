"""Secrets sent to an address and given back once: the proofs `link` and `code`.

A secret proves something only where it was asked for: it is bound to the citizen who is in that conversation.
So nobody gains by making somebody else open a link, and a link that was used, is old, or was sent again
proves nothing. The secret itself is kept nowhere.
"""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec import Struct, structs

from citizens.cabinet import TRIES
from citizens.claim import Claim
from citizens.store import Change

if TYPE_CHECKING:
    from collections.abc import Callable

    from citizens.cabinet import Cabinet
    from citizens.identifier import Identifier
    from citizens.met import Met
    from citizens.register import Register

GUESSES = 5  # wrong answers to one secret
SENDINGS = 5  # secrets for one address in one day
DAY_S = 86_400
LASTS = {"code": 10 * 60, "link": 24 * 3600}  # seconds
SECOND = 1_000_000  # microseconds

Way = Literal["code", "link"]


class Refused(Exception):
    """It proves nothing. `code`: wrong, used_or_old, too_many."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Challenge(Struct, frozen=True, array_like=True):
    """What is kept, sealed under the citizen's key."""

    mark: bytes  # of the secret; empty: given back already
    how: Way
    until: int  # microseconds since 1970
    guesses: int = 0
    sendings: int = 1


class Challenges:
    """Asks and checks."""

    def __init__(self, cabinet: Cabinet, register: Register, now: Callable[[], int]) -> None:
        self._cabinet, self._register, self._now = cabinet, register, now

    async def ask(self, citizen: str, identifier: Identifier, how: Way) -> str:
        """The secret to send there, and nowhere else. The one sent before is void.

        Raises UnknownCitizen, Refused.
        """
        opened = await self._cabinet.open(citizen)
        name, (raw, former) = self._name(citizen, identifier), await self._former(citizen, identifier)
        if former is not None and former.sendings >= SENDINGS:
            raise Refused("too_many")
        secret = secrets.token_urlsafe(24) if how == "link" else f"{secrets.randbelow(10**6):06d}"
        until = self._now() + LASTS[how] * SECOND
        sendings = 1 if former is None else former.sendings + 1
        kept = Challenge(_mark(opened.key.raw, secret), how, until, 0, sendings)
        sealed = opened.key.seal(name, msgspec.msgpack.encode(kept))
        if not await self._cabinet.store.swap(
            Change(expects={name: raw}, sets={name: sealed}, ttl_s={name: DAY_S})
        ):
            raise Refused("too_many")  # somebody else asked in the same instant
        return secret

    async def answer(self, citizen: str, identifier: Identifier, secret: str) -> Met:
        """The proof, written down; who they turn out to be. Raises UnknownCitizen, Refused."""
        key = (await self._cabinet.open(citizen)).key
        name = self._name(citizen, identifier)
        for _ in range(TRIES):
            raw, kept = await self._former(citizen, identifier)
            if kept is None or not kept.mark or kept.until <= self._now():
                raise Refused("used_or_old")
            if kept.guesses >= GUESSES:
                raise Refused("too_many")
            right = hmac.compare_digest(kept.mark, _mark(key.raw, secret))
            after = (
                structs.replace(kept, mark=b"") if right else structs.replace(kept, guesses=kept.guesses + 1)
            )
            sealed = key.seal(name, msgspec.msgpack.encode(after))
            change = Change(expects={name: raw}, sets={name: sealed}, ttl_s={name: DAY_S})
            if await self._cabinet.store.swap(change):
                if not right:
                    raise Refused("wrong")
                return await self._register.prove(citizen, Claim(identifier, kept.how))
        raise Refused("too_many")

    async def _former(self, citizen: str, identifier: Identifier) -> tuple[bytes | None, Challenge | None]:
        name = self._name(citizen, identifier)
        (raw,) = await self._cabinet.store.get([name])
        if raw is None:
            return None, None
        key = (await self._cabinet.open(citizen)).key
        return raw, msgspec.msgpack.decode(key.open(name, raw), type=Challenge)

    def _name(self, citizen: str, identifier: Identifier) -> str:
        return self._cabinet.index.challenge(citizen, f"{identifier.kind}\0{identifier.value}")


def _mark(key: bytes, secret: str) -> bytes:
    return hmac.digest(key, secret.strip().encode(), sha256)
