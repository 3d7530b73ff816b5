"""Opens and seals whole citizens: key, record, journey. The other files here work on what it opens.

A change is made on what was read and taken only if nobody changed it meanwhile; else it is made again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from citizens.index import Index
from citizens.journey import Happened
from citizens.key import ID, Key
from citizens.keyring import WRAPPED, Keyring, VaultError
from citizens.links import Whole
from citizens.record import Record
from citizens.store import Change

if TYPE_CHECKING:
    from citizens.store import Store

VERSION = b"\x01"
TRIES = 50  # a change is made again so often: beyond it something else is wrong


class UnknownCitizen(Exception):
    """No such citizen: never met, erased, or expired."""


class Opened(Struct, frozen=True):
    """One citizen as read. `raw` is what a change expects to find unchanged."""

    citizen: str
    raw: bytes
    key: Key
    whole: str  # '' for whom no link joins to anybody
    record: Record

    @property
    def person(self) -> str:
        """The same for all who are one person."""
        return self.whole or self.citizen


class Person(Struct, frozen=True):
    """All citizens that are one person: the one asked for first."""

    members: tuple[Opened, ...]
    whole: Whole
    raw: bytes | None  # the sealed links; None where there are none

    @property
    def citizens(self) -> tuple[str, ...]:
        return tuple(each.citizen for each in self.members)


class Cabinet:
    """Reads and writes. `open` it first."""

    def __init__(self, store: Store, keyring: Keyring) -> None:
        self.store, self.keyring = store, keyring
        self.index = Index(store, keyring)

    async def open(self, citizen: str) -> Opened:
        """Raises UnknownCitizen."""
        (raw,) = await self.store.get([f"c:{citizen}"])
        if raw is None:
            raise UnknownCitizen(citizen)
        return self.opened(citizen, raw)

    async def key_of(self, citizen: str) -> Key | None:
        """For the vault. None: erased, and what was sealed under it is nothing any more."""
        try:
            return (await self.open(citizen)).key
        except UnknownCitizen:
            return None

    async def person(self, citizen: str) -> Person:
        """This citizen and all who are the same person. Raises UnknownCitizen."""
        for _ in range(TRIES):
            asked = await self.open(citizen)
            if not asked.whole:
                return Person((asked,), Whole((citizen,), ()), None)
            found = await self._members(asked)
            if found is not None:
                return found
        raise ConnectionError("the links of this citizen change too fast")

    async def _members(self, asked: Opened) -> Person | None:
        """None if links changed between the readings."""
        (raw,) = await self.store.get([f"w:{asked.whole}"])
        if raw is None:
            return None
        whole = self.whole(asked.whole, raw)
        others = [each for each in whole.members if each != asked.citizen]
        raws = await self.store.get([f"c:{each}" for each in others])
        members = [
            self.opened(name, each) for name, each in zip(others, raws, strict=True) if each is not None
        ]
        if len(members) < len(others) or any(each.whole != asked.whole for each in members):
            return None
        return Person((asked, *members), whole, raw)

    def opened(self, citizen: str, raw: bytes) -> Opened:
        """What a stored value holds. Raises VaultError."""
        at = 1 + WRAPPED
        if raw[:1] != VERSION or len(raw) < at + 1:
            raise VaultError(f"the record of {citizen} is damaged or of another version")
        key = Key(citizen, self.keyring.unwrap(raw[1:at], _bound(citizen), citizen))
        length = raw[at]
        whole = raw[at + 1 : at + 1 + length].decode("ascii")
        plain = key.open(f"record {whole}", raw[at + 1 + length :])
        return Opened(citizen, raw, key, whole, msgspec.msgpack.decode(plain, type=Record))

    def sealed(self, key: Key, record: Record, whole: str = "") -> bytes:
        """What to store."""
        wrapped = self.keyring.wrap(key.raw, _bound(key.citizen))
        return self._packed(wrapped, key, record, whole)

    def resealed(self, opened: Opened, record: Record, whole: str | None = None) -> bytes:
        """The same citizen with another record. The key stays wrapped as it is."""
        belongs = opened.whole if whole is None else whole
        return self._packed(opened.raw[1 : 1 + WRAPPED], opened.key, record, belongs)

    def whole(self, name: str, raw: bytes) -> Whole:
        return msgspec.msgpack.decode(self.index.wholes.open(f"whole {name}", raw), type=Whole)

    def sealed_whole(self, name: str, whole: Whole) -> bytes:
        return self.index.wholes.seal(f"whole {name}", msgspec.msgpack.encode(whole))

    async def change(
        self, citizen: str, how: Callable[[Opened], Record | None], *happened: Happened,
        holds: dict[str, str] | None = None,
    ) -> Opened:  # fmt: skip
        """Another record, entries for the journey, and the index. `how` may be asked again; None: nothing.

        Raises UnknownCitizen.
        """
        for _ in range(TRIES):
            opened = await self.open(citizen)
            record = how(opened)
            if record is None:
                return opened
            name = f"c:{citizen}"
            fresh = self.resealed(opened, record)
            change = Change(
                expects={name: opened.raw},
                sets={name: fresh},
                pushes={f"j:{citizen}": [entry(opened.key, each) for each in happened]} if happened else {},
                holds=holds or {},
            )
            if await self.store.swap(change):
                return Opened(citizen, fresh, opened.key, opened.whole, record)
        raise ConnectionError("the record of this citizen changes too fast")

    def _packed(self, wrapped: bytes, key: Key, record: Record, whole: str) -> bytes:
        plain = msgspec.msgpack.encode(record)
        name = whole.encode("ascii")
        return b"".join((VERSION, wrapped, bytes((len(name),)), name, key.seal(f"record {whole}", plain)))


def entry(key: Key, happened: Happened) -> bytes:
    """One line of the journey, sealed."""
    return key.seal("journey", msgspec.msgpack.encode(happened))


def entries(opened: Opened, lines: Sequence[bytes]) -> list[Happened]:
    """The journey as kept."""
    return [msgspec.msgpack.decode(opened.key.open("journey", line), type=Happened) for line in lines]


def rewrapped(keyring: Keyring, citizen: str, raw: bytes) -> bytes:
    """The same record, its key under the newest master: nothing but the key is opened."""
    key = keyring.unwrap(raw[1 : 1 + WRAPPED], _bound(citizen), citizen)
    return raw[:1] + keyring.wrap(key, _bound(citizen)) + raw[1 + WRAPPED :]


def is_pseudonym(text: str) -> bool:
    """Whether it could be one of ours: anything else was never in the register."""
    return len(text) == ID and text.startswith("z-") and text[2:].isalnum() and text.isascii()


def _bound(citizen: str) -> bytes:
    return b"citizen key\0" + citizen.encode()
