"""Words of strangers as plain text: broken charsets, encoded headers, control characters. Never raises.

What comes out holds no control character but line feed and tab, no lone surrogate, no change of direction
that could make one thing look like another.
"""

from __future__ import annotations

import codecs
import re
from email.header import decode_header
from email.utils import getaddresses

from router.mail.letter import Address

# Not charsets: they would run through memory, or turn text into other text.
NEVER = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "utf_7", "mbcs"})
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
MAILBOX = re.compile(r"[^@\s<>\",;:()\[\]\\]{1,64}@[^@\s<>\",;:()\[\]\\]{1,250}")


def text_of(data: bytes, charset: str) -> str:
    """Decoded as it says of itself, else as UTF-8, else as what Windows wrote; never an error."""
    for name in (charset, "utf-8"):
        try:
            codec = codecs.lookup(name.strip()[:40])
            if codec._is_text_encoding and codec.name.replace("-", "_") not in NEVER:
                return clean(codec.decode(data, "strict")[0])
        except Exception:
            continue
    return clean(data.decode("cp1252", "replace"))


def clean(text: str) -> str:
    """One kind of line end, nothing unseen."""
    return UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def line(text: str, most: int) -> str:
    """As one line of at most so many characters."""
    return " ".join(clean(text[: most * 2]).split())[:most]


def header(value: object, most: int) -> str:
    """A header as one line of text, its encoded words decoded."""
    raw = str(value if value is not None else "")[: most * 4]
    try:
        pieces = [
            piece if isinstance(piece, str) else text_of(piece, charset or "utf-8")
            for piece, charset in decode_header(raw)
        ]
        raw = "".join(pieces)
    except Exception:  # malformed base64, unknown charset …: shown as it was sent
        pass
    return line(raw.encode("utf-8", "surrogateescape").decode("utf-8", "replace"), most)


def addresses(value: object, most: int) -> list[Address]:
    """The addresses of a header that can be written to, at most ten."""
    raw = " ".join(str(value if value is not None else "").split())[:most]
    try:
        pairs = getaddresses([raw]) if raw else []
    except Exception:  # nested comments, deeper than the parser can go
        return []
    return [
        Address(address.lower(), header(name, 200))
        for name, address in pairs[:10]
        if MAILBOX.fullmatch(address) and not UNSEEN.search(address)
    ]
