"""From AMI's bytes to header lines: frames out of segments, and the names and values of each. Pure.

Whatever comes is hostile: it must never fail, never lose a character, never keep more than `LONGEST`.
"""

from __future__ import annotations

from typing import Protocol

LONGEST = 256 * 1024  # bytes of one message; the longest real ones are some 2 kB
GREETING = b"Asterisk Call Manager/"


class NotAsterisk(Exception):
    """What answers is no Asterisk, or no longer makes sense: leave it."""


class Frames:
    """Cuts a stream into messages, however it was segmented. The first line is Asterisk's greeting."""

    def __init__(self) -> None:
        self.version = ""
        self._kept = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """The messages that are whole now. Raises NotAsterisk for a wrong greeting or one without end."""
        seen = max(len(self._kept) - 3, 0)  # an end may lie across two segments; what lies before has none
        self._kept += data
        if not self.version:
            if b"\r\n" not in self._kept[:128]:
                if len(self._kept) < 128:
                    return []
                raise NotAsterisk("no greeting")
            greeting, _, rest = bytes(self._kept).partition(b"\r\n")
            if not greeting.startswith(GREETING):
                raise NotAsterisk("another greeting than Asterisk's")
            self.version = greeting[len(GREETING) :].decode("ascii", "replace") or "?"
            self._kept, seen = bytearray(rest), 0
        if self._kept.find(b"\r\n\r\n", seen) < 0:
            if len(self._kept) > LONGEST:
                raise NotAsterisk(f"a message is longer than {LONGEST} bytes")
            return []
        *frames, tail = bytes(self._kept).split(b"\r\n\r\n")
        self._kept = bytearray(tail)
        if len(tail) > LONGEST:
            raise NotAsterisk(f"a message is longer than {LONGEST} bytes")
        return [frame.strip(b"\r\n") for frame in frames]


class Said(Protocol):
    """Header lines by lower-case name, however they are kept."""

    def get(self, name: str, default: str, /) -> str: ...


class Lines:
    """The header lines of one event, each read when it is asked for: of some thirty a few are.

    Says the same as `headers`, at a third of its price: a call is some 15 events.
    """

    def __init__(self, frame: bytes) -> None:
        self.raw = b"\r\n" + frame
        self._low = self.raw.lower()  # of ASCII only: no length changes

    def get(self, name: str, default: str, /) -> str:
        needle = b"\r\n%b:" % name.encode()
        at = self._low.rfind(needle)
        if at < 0:
            return default
        at += len(needle)
        end = self.raw.find(b"\r\n", at)
        return _text(self.raw[at:end] if end >= 0 else self.raw[at:]).removeprefix(" ")


def event_name(frame: bytes) -> bytes:
    """The name of an event, before anything else is read of it; nothing for an answer."""
    return frame.partition(b"\r\n")[0][7:] if frame.startswith(b"Event: ") else b""


def headers(frame: bytes) -> dict[str, str]:
    """The header lines by lower-case name: of a repeated one the last, of a channel's variables each.

    What is not UTF-8 is latin-1: a phone may have sent it.
    """
    found: dict[str, str] = {}
    for line in _text(frame).split("\r\n"):
        name, colon, value = line.partition(":")
        if not colon:
            continue
        name, value = name.lower(), value.removeprefix(" ")
        if name in ("variable", "chanvariable"):
            key, equals, content = value.partition("=")
            if equals:
                name, value = f"variable:{key.lower()}", content
        found[name] = value
    return found


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")
