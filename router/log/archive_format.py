"""The bytes of an archive segment: header, records, trailer, and the digest that chains them. No files here.

    header   magic 8 · format u16 · lengths u32 u32 · about (msgpack) · snapshot · digest 16
    record   length u32 · check u32 · payload · digest 16
    trailer  length u32 = 0 · check u32 · count u64 · last `at` u64 · digest 16

Numbers are big-endian. Every digest is blake2b-16 of the digest before it and all bytes since. `check` is
the CRC-32 of the length: without it, a changed length at the end of a growing segment could not be told from
a record torn by a crash, and the writer would cut good records away.
"""

from __future__ import annotations

import struct
import zlib
from hashlib import blake2b

import msgspec
from msgspec import Struct

MAGIC = b"GARC\r\n\x1a\n"  # as in PNG: a transfer that meddles with line ends is seen at once
FORMAT = 1
DIGEST = 16  # bytes
RECORD = struct.Struct(">II")  # length, check
TRAILER = struct.Struct(">QQ")  # count of entries, instant of the last one
PREFACE = struct.Struct(">8sHII")  # magic, format, length of about, length of snapshot
GENESIS = bytes(DIGEST)  # "the segment before" of the first one
LONGEST = 1 << 26  # bytes of a payload; an append is at most 1 MB


class About(Struct, frozen=True):
    """What a segment says of itself. `snapshot`: the state before `first_n`, empty when it does not know it.

    Entry 1 needs none. Without one, the state comes from the segments before.
    """

    pool: str
    core: str  # the version that decided every entry in it
    first_n: int
    previous: bytes  # last digest of the segment before


class Stamp(Struct, frozen=True):
    """The few fields of an Entry that its archiving needs: decoding the others would cost ten times more."""

    n: int
    at: int
    core: str = ""


stamp = msgspec.msgpack.Decoder(Stamp).decode


def link(before: bytes, *parts: bytes) -> bytes:
    """The next digest of the chain."""
    chain = blake2b(before, digest_size=DIGEST)
    for part in parts:
        chain.update(part)
    return chain.digest()


def head(length: int) -> bytes:
    """A length and its check."""
    return RECORD.pack(length, zlib.crc32(length.to_bytes(4, "big")))


def length_of(raw: bytes) -> int | None:
    """The length a record's head tells, None if it is not what was written."""
    length, check = RECORD.unpack(raw)
    return int(length) if check == zlib.crc32(raw[:4]) and length <= LONGEST else None


def record(before: bytes, payload: bytes) -> tuple[bytes, bytes]:
    """One record's bytes, and its digest."""
    first = head(len(payload))
    digest = link(before, first, payload)
    return b"".join((first, payload, digest)), digest


def trailer(before: bytes, count: int, last_at: int) -> tuple[bytes, bytes]:
    """The seal's bytes, and its digest: what the next segment names as `previous`."""
    seal = head(0) + TRAILER.pack(count, last_at)
    digest = link(before, seal)
    return seal + digest, digest


def header(about: About, snapshot: bytes) -> tuple[bytes, bytes]:
    """A segment's first bytes, and their digest."""
    told = msgspec.msgpack.encode(about)
    first = b"".join((PREFACE.pack(MAGIC, FORMAT, len(told), len(snapshot)), told, snapshot))
    digest = link(GENESIS, first)
    return first + digest, digest
