"""The parts of a message, by hand and bounded: a bomb costs a few passes over its own bytes, never more.

The standard parser builds every part that a message claims to have, and recurses; here depth, parts and
header lengths end by `Limits`, and what lies beyond is told as a note. Nothing is unpacked, ever.
"""

from __future__ import annotations

import binascii
import re
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from quopri import decodestring
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator

Headers = Message
HEADERS = 500  # of one part
PARSER = BytesHeaderParser(policy=compat32)
BLANK = re.compile(rb"\r?\n\r?\n")
BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


class Limits(Struct, frozen=True):
    """What one letter may have. Beyond: cut, with a note."""

    size: int = 25_000_000  # bytes of the whole that are fetched
    headers: int = 64_000  # bytes of headers of one part
    header: int = 2_000  # characters of one header
    depth: int = 10
    parts: int = 100
    text: int = 40_000  # characters kept of what was written, and again of what was quoted
    attachments: int = 20
    attachment: int = 10_000_000  # bytes of one
    attached: int = 20_000_000  # bytes of all that are kept


class Part(Struct, frozen=True):
    """A leaf of the message: its headers and its encoded body."""

    headers: Headers
    body: bytes
    inner: bool  # below a message/rfc822


def split(raw: bytes, limits: Limits) -> tuple[Headers, bytes]:
    """Headers and body. Without an empty line all is headers, if it looks like any, else all is body."""
    found = BLANK.search(raw, 0, limits.headers)
    if raw[:1] in (b"\n", b"\r"):
        return Message(), raw.lstrip(b"\r\n")
    if found is None:
        head, body = (
            (raw, b"") if len(raw) <= limits.headers else (raw[: limits.headers], raw[limits.headers :])
        )
    else:
        head, body = raw[: found.start()], raw[found.end() :]
    headers = _cut(PARSER.parsebytes(head[: limits.headers].replace(b"\0", b"")), limits)
    return headers, body if headers.items() else raw


def _cut(sent: Headers, limits: Limits) -> Headers:
    """No longer than anybody needs, for the standard parser's ways with parameters take their square."""
    headers = Message()
    for name, value in list(sent.raw_items())[:HEADERS]:
        text = str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        most = limits.header if name.lower().startswith("content-") else 10 * limits.header
        headers.set_raw(name, text[-most:] if name.lower() == "references" else text[:most])
    return headers


def leaves(raw: bytes, limits: Limits, notes: list[str]) -> Iterator[Part]:
    """Every leaf in order, at most `limits.parts` of them. `notes` hears what was cut."""
    headers, body = split(raw, limits)
    stack: list[tuple[Headers, bytes, int, bool]] = [(headers, body, 0, False)]
    given = 0
    while stack:
        headers, body, depth, inner = stack.pop()
        kind = type_of(headers)
        if depth >= limits.depth and (kind.startswith("multipart/") or kind == "message/rfc822"):
            notes.append("too_deep")
            kind = "application/octet-stream"
        if kind.startswith("multipart/") and (boundary := _boundary(headers)):
            pieces = _pieces(body, boundary, limits.parts - given - len(stack), notes)
            if pieces:
                fresh = [(*split(piece, limits), depth + 1, inner) for piece in pieces]
                stack.extend(reversed(fresh))
                continue
        elif kind == "message/rfc822":
            stack.append((*split(body, limits), depth + 1, True))
            continue
        if given >= limits.parts:
            notes.append("too_many_parts")
            return
        given += 1
        yield Part(headers, body, inner)


def type_of(headers: Headers) -> str:
    """Of the Content-Type, in lower case."""
    try:
        return headers.get_content_type()
    except Exception:  # the standard parser raises this and that on what strangers send
        return "application/octet-stream"


def parameter(headers: Headers, name: str, header: str = "content-type") -> str:
    """One parameter of a header, as text; empty if there is none or it cannot be read."""
    try:
        value = headers.get_param(name, "", header)
        if isinstance(value, tuple):
            return str(value[2].encode("latin-1", "replace").decode(value[0] or "utf-8", "replace"))
        return str(value)
    except Exception:
        return ""


def decoded(part: Part, most: int) -> bytes | None:
    """The body without its transfer encoding; None: larger than `most`."""
    encoding = str(part.headers.get("content-transfer-encoding", "")).strip().lower()
    if encoding == "base64":
        if len(part.body) > most * 3 // 2 + 100:
            return None
        plain = BASE64.sub(b"", part.body)
        try:
            body = binascii.a2b_base64(plain[: len(plain) // 4 * 4] + _rest(plain))
        except binascii.Error:
            body = part.body
    elif encoding in ("quoted-printable", "quoted_printable"):
        body = decodestring(part.body) if len(part.body) <= 4 * most else b""
        if len(part.body) > 4 * most:
            return None
    else:
        body = part.body
    return body if len(body) <= most else None


def _rest(plain: bytes) -> bytes:
    """The last, incomplete group made whole; a single letter carries nothing."""
    over = len(plain) % 4
    return b"" if over < 2 else plain[-over:] + b"=" * (4 - over)


def _boundary(headers: Headers) -> bytes:
    return parameter(headers, "boundary").strip().encode("utf-8", "replace")[:200]


def _pieces(body: bytes, boundary: bytes, most: int, notes: list[str]) -> list[bytes]:
    """What lies between the delimiter lines. A missing last line is forgiven."""
    delimiter = b"--" + boundary
    starts: list[tuple[int, int]] = []  # where the delimiter begins, and where what follows it does
    at, closed = 0, False
    while (at := body.find(delimiter, at)) >= 0:
        if at == 0 or body[at - 1 : at] == b"\n":
            after = at + len(delimiter)
            line = body.find(b"\n", after)
            closed = body[after : after + 2] == b"--" or line < 0
            starts.append((at, len(body) if closed else line + 1))
            if closed:
                break
            if len(starts) > max(most, 1):
                notes.append("too_many_parts")
                closed = True
                break
        at += len(delimiter)
    if not starts:
        return []
    ends = [start for start, _ in starts[1:]] + ([] if closed and len(starts) > 1 else [len(body)])
    return [_chomped(body[begin:end]) for (_, begin), end in zip(starts, ends, strict=False)]


def _chomped(piece: bytes) -> bytes:
    return piece.removesuffix(b"\n").removesuffix(b"\r")
