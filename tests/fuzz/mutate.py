"""Bytes gone wrong: seeded, so that a finding can be had again. It knows the signs of the two protocols."""

from __future__ import annotations

import re
from random import Random

SIGNS = [
    b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"\n\n", b"\0", b":", b": ", b"=", b"\xff", b"\xc3", b"\xe2\x82",
    b"HANGUP\n", b"200 result=", b"520-", b"520 ", b"100 ", b"511 ", b"-1", b"9" * 5000, b"x" * 70_000,
    b"Event: ", b"Response: Success\r\n", b"ActionID: 1\r\n", b"EventList: Complete\r\n", b"agi_",
    b"(", b")", b" (timeout)",
    "é".encode(), "\u0665".encode(), b"Variable: a=b=c\r\n", b"1" * 4400,
]  # fmt: skip


def mutated(chance: Random, seeds: list[bytes]) -> bytes:
    """One of the seeds after one to eight accidents."""
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.randint(1, 8)):
        at = chance.randint(0, len(data))
        if chance.random() < 0.5:  # where a value begins or ends
            at = chance.choice([0, *(place.end() for place in re.finditer(rb"[=: (\n\r]", data))])
        to = min(len(data), at + chance.choice((1, 1, 2, 5, 20, 200)))
        match chance.randrange(6):
            case 0 if at < len(data):
                data[at] ^= 1 << chance.randrange(8)
            case 1:
                data[at:at] = chance.choice(SIGNS)
            case 2:
                del data[at:to]
            case 3:
                data[at:at] = data[at:to] * chance.randint(1, 3)
            case 4:
                other = chance.choice(seeds)
                start = chance.randint(0, len(other))
                data[at:to] = other[start : start + chance.randint(0, 200)]
            case _:
                data[at:at] = chance.randbytes(chance.randint(1, 8))
    return bytes(data)


def cut(chance: Random, data: bytes) -> list[bytes]:
    """The same bytes as segments of chance lengths."""
    places = sorted(chance.randint(0, len(data)) for _ in range(chance.randint(0, 6)))
    return [data[start:end] for start, end in zip([0, *places], [*places, len(data)], strict=True)]
