"""How a text message is counted: by the network's own alphabets, in parts that are paid for each. Pure.

One letter outside GSM's seven-bit alphabet makes the whole message UCS-2, with less than half the room.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

# 3GPP TS 23.038, section 6.2.1: the default alphabet, and what takes two places by an escape.
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPED = frozenset("\f^{}\\[~]|€")
GSM_ONE, GSM_EACH = 160, 153  # places in one message, and in each part of a longer one
UCS_ONE, UCS_EACH = 70, 67


class Size(Struct, frozen=True):
    """How long it is: `length` in places of its alphabet."""

    alphabet: Literal["gsm7", "ucs2"]
    length: int
    parts: int


def size_of(text: str) -> Size:
    """No sign is cut in two: an escape or a surrogate pair that does not fit goes to the next part."""
    seven = all(sign in _BASIC or sign in _ESCAPED for sign in text)
    one, each = (GSM_ONE, GSM_EACH) if seven else (UCS_ONE, UCS_EACH)
    widths = [_width(sign, seven) for sign in text]
    length = sum(widths)
    if length <= one:
        return Size("gsm7" if seven else "ucs2", length, 1)
    parts, used = 1, 0
    for width in widths:
        if used + width > each:
            parts, used = parts + 1, 0
        used += width
    return Size("gsm7" if seven else "ucs2", length, parts)


def _width(sign: str, seven: bool) -> int:
    return 2 if (sign in _ESCAPED if seven else ord(sign) > 0xFFFF) else 1
