"""Synthetic citizens whose personal data can be recognised anywhere, and a search through everything kept."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

from msgspec import Struct
from redis.asyncio import Redis

from citizens.spelling import key_of

MARK = "qzmark"
# Of no plan's beginning that anything else here has. Of ten thousand hexadecimal pseudonyms some hold it.
NUMBER = re.compile(rb"(?<![0-9a-f])(?:0033|33|0)?(6990\d{5})(?![0-9a-f])")
BENEFICIARY = re.compile(rb"(?<![0-9a-f])(698\d{4})(\d\d)(?![0-9a-f])")


class Marked(Struct, frozen=True):
    """One citizen."""

    number: int

    @property
    def name(self) -> str:
        return f"Zoé {MARK}{self.number} Ünïcode"

    @property
    def mail(self) -> str:
        return f"{MARK}.{self.number}@example.org"

    @property
    def phone(self) -> str:
        return f"+336990{self.number:05d}"

    @property
    def beneficiary(self) -> str:
        own = f"698{self.number:04d}"
        return own + key_of(own)

    @property
    def handle(self) -> str:
        return f"messages:{MARK}-{self.number}"

    @property
    def text(self) -> str:
        return f"I live at {MARK} street {self.number}"


def marks_in(where: str, raw: bytes) -> list[str]:
    """Where a mark stands, and which."""
    lower = raw.lower()
    found = [where] if MARK.encode() in lower or MARK.encode("utf-16-le") in lower else []
    numbers = NUMBER.findall(lower) + [
        own + key for own, key in BENEFICIARY.findall(lower) if key_of(own.decode()) == key.decode()
    ]
    return found + [f"{where}: {each.decode()}" for each in numbers][:3]


def in_files(folder: Path, *leave_out: str) -> list[str]:
    """In names and contents of files."""
    found = []
    for path in folder.rglob("*"):
        if path.name in leave_out or not path.is_file() or path.is_symlink():
            continue
        found += marks_in(f"the name of {path}", str(path.relative_to(folder)).encode())
        found += marks_in(str(path), path.read_bytes())
    return found


async def in_redis(redis: Redis) -> list[str]:
    """In every key and value, as kept."""
    found = []
    async for key in redis.scan_iter(count=1000):
        found += marks_in("a key's name", key)
        found += marks_in(key.decode(), b"\0".join([each async for each in _values(redis, key)]))
    return found


async def _values(redis: Redis, key: bytes) -> AsyncIterator[bytes]:
    kind = (await redis.type(key)).decode()
    if kind == "string":
        yield await redis.get(key) or b""
    elif kind == "list":
        for each in await redis.lrange(key, 0, -1):
            yield each
    elif kind == "hash":
        for pair in (await redis.hgetall(key)).items():
            yield b"\0".join(pair)
    elif kind == "zset":
        async for each, _ in redis.zscan_iter(key):
            yield each
    elif kind == "set":
        async for each in redis.sscan_iter(key):
            yield each
    elif kind == "stream":
        for id_, fields in await redis.xrange(key):
            yield id_ + b"\0".join(part for pair in fields.items() for part in pair)


def everybody(count: int) -> Iterable[Marked]:
    return map(Marked, range(count))
