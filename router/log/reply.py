"""Reads what Redis and our scripts answer; raises what they answer instead of OK."""

from __future__ import annotations

from router.log.errors import Fenced, Gap, LogError, TooLarge, Wiped
from router.log.types import Reply


def expect_ok(reply: Reply, wanted: int = 0) -> None:
    """Returns if a script did what it was asked; `wanted` is the entry it was measured against."""
    kind = reply[0]
    if kind == b"OK":
        return
    if kind == b"FENCED":
        raise Fenced("another process holds this now")
    if kind == b"GAP":
        raise Gap(wanted, reply[1])
    if kind == b"WIPED":
        raise Wiped(reply[1].decode())
    if kind == b"SIZE":
        raise TooLarge(f"entry {reply[1]} of the batch is empty or larger than 8 MB")
    raise LogError(f"unknown answer {kind!r}")


def entries(reply: Reply) -> Reply:
    """What XREAD of one stream answers: (id, fields) pairs; nil where there is nothing."""
    return reply[0][1] if reply else ()


def number(stream_id: bytes) -> int:
    """The `n` of `n-0`."""
    return int(stream_id.partition(b"-")[0])


def after(position: str) -> str:
    """The smallest stream id above this one."""
    milliseconds, sequence = position.split("-")
    return f"{milliseconds}-{int(sequence) + 1}"
