"""A sentence with gaps, as translators know it: a bounded part of ICU MessageFormat. Pure.

`{name}`, `{name, kind}`, `{count, plural, =0 {none} one {# file} other {# files}}` and
`{name, select, mail {…} other {…}}`. A quote makes the next braces plain: `'{'`, and `''` is one quote.
It must never run anything a text says, nor recurse deeper than DEPTH.
"""

from __future__ import annotations

import re

from msgspec import Struct

KINDS = ("text", "number", "digits", "duration", "interval", "date", "time", "moment", "money", "list")
DEPTH = 4  # a choice within a choice within a choice
LENGTH = 2000  # characters of one sentence

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,63}")
_ARM = re.compile(r"=\d{1,4}|[a-z0-9_-]{1,40}")
_SPACE = re.compile(r"\s*")


class MessageFault(ValueError):
    """What is wrong, at which character, and its mend."""

    def __init__(self, at: int, what: str, mend: str) -> None:
        super().__init__(f"{what} (character {at + 1}): {mend}")
        self.at, self.what, self.mend = at, what, mend


class Words(Struct, frozen=True):
    """Plain text."""

    text: str


class Gap(Struct, frozen=True):
    """A value, written as its kind."""

    name: str
    kind: str = "text"


class Count(Struct, frozen=True):
    """Inside a plural's arm: the number itself, `#`."""

    name: str


class Choice(Struct, frozen=True):
    """One arm by the plural form of a number, or by a word."""

    name: str
    plural: bool
    arms: tuple[tuple[str, Message], ...]


Part = Words | Gap | Count | Choice
Message = tuple[Part, ...]


def parse(text: str) -> Message:
    """Raises MessageFault."""
    if len(text) > LENGTH:
        raise MessageFault(LENGTH, "the sentence is too long", f"keep it under {LENGTH} characters")
    reader = _Reader(text)
    message = reader.message(0, "")
    if reader.at < len(text):
        raise MessageFault(reader.at, "a `}` closes nothing", "take it out, or write '}' in quotes")
    return message


def gaps(message: Message) -> dict[str, str]:
    """Names of the values it needs, with their kinds (`plural` and `select` for choices)."""
    found: dict[str, str] = {}
    for part in message:
        match part:
            case Gap():
                found[part.name] = part.kind
            case Choice():
                found.setdefault(part.name, "plural" if part.plural else "select")
                for _, arm in part.arms:
                    found = gaps(arm) | found
            case _:
                pass
    return found


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def message(self, depth: int, counted: str) -> Message:
        parts: list[Part] = []
        plain: list[str] = []

        def flush() -> None:
            if plain:
                parts.append(Words("".join(plain)))
                plain.clear()

        while self.at < len(self.text) and (sign := self.text[self.at]) != "}":
            if sign == "'":
                plain.append(self._quoted())
            elif sign == "{":
                flush()
                parts.append(self._gap(depth))
            elif sign == "#" and counted:
                flush()
                parts.append(Count(counted))
                self.at += 1
            else:
                plain.append(sign)
                self.at += 1
        flush()
        return tuple(parts)

    def _quoted(self) -> str:
        """An apostrophe is one, as in French; before a brace or `#` it opens a quotation."""
        after = self.text[self.at + 1 : self.at + 2]
        if after == "'":
            self.at += 2
            return "'"
        if after not in ("{", "}", "#"):
            self.at += 1
            return "'"
        end = self.text.find("'", self.at + 1)
        if end < 0:
            raise MessageFault(self.at, "a quotation never ends", "close it with an apostrophe")
        inside, self.at = self.text[self.at + 1 : end], end + 1
        return inside

    def _gap(self, depth: int) -> Part:
        opened = self.at
        if depth >= DEPTH:
            raise MessageFault(opened, "choices lie too deep in each other", "say it in two sentences")
        self.at += 1
        name = self._take(_NAME, "a name must follow `{`")
        if self._sign("}"):
            return Gap(name)
        if not self._sign(","):
            raise MessageFault(self.at, f"{{{name} is not closed", f"write {{{name}}} or {{{name}, number}}")
        kind = self._take(_ARM, "a kind must follow the comma")
        if kind in ("plural", "select"):
            return self._choice(name, kind == "plural", depth, opened)
        if kind not in KINDS:
            raise MessageFault(self.at - len(kind), f"no kind is called {kind}", f"one of {', '.join(KINDS)}")
        if not self._sign("}"):
            raise MessageFault(self.at, f"{{{name}, {kind} is not closed", "close it with `}`")
        return Gap(name, kind)

    def _choice(self, name: str, plural: bool, depth: int, opened: int) -> Choice:
        if not self._sign(","):
            raise MessageFault(self.at, "a choice without arms", "such as {n, plural, one {…} other {…}}")
        arms: list[tuple[str, Message]] = []
        while not self._sign("}"):
            key = self._take(_ARM, "an arm's name must stand here")
            if not self._sign("{"):
                raise MessageFault(self.at, f"the arm {key} has no text", f"write {key} {{…}}")
            if any(key == known for known, _ in arms):
                raise MessageFault(self.at, f"the arm {key} is there twice", "take one out")
            arms.append((key, self.message(depth + 1, name if plural else "")))
            if not self._sign("}"):
                raise MessageFault(self.at, f"the arm {key} is not closed", "close it with `}`")
        if all(key != "other" for key, _ in arms):
            raise MessageFault(
                opened, "a choice without `other`", "add other {…}: it stands for all the rest"
            )
        return Choice(name, plural, tuple(arms))

    def _take(self, wanted: re.Pattern[str], what: str) -> str:
        self._skip()
        match = wanted.match(self.text, self.at)
        if match is None:
            raise MessageFault(self.at, what, "letters, digits and _, as in {wait, duration}")
        self.at = match.end()
        return match.group()

    def _sign(self, sign: str) -> bool:
        self._skip()
        found = self.text.startswith(sign, self.at)
        self.at += len(sign) if found else 0
        return found

    def _skip(self) -> None:
        match = _SPACE.match(self.text, self.at)
        assert match is not None
        self.at = match.end()
