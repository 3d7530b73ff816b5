"""Asterisk's configuration files as Asterisk reads them: comments gone, includes followed, line numbers kept.

It must never follow an include out of its folder, nor run what `#exec` names.
"""

from __future__ import annotations

import re
from pathlib import Path

from msgspec import Struct

SECTION = re.compile(r"\[(?P<name>[^\]]+)\]\s*(?:\((?P<options>[^)]*)\))?\Z")
OPTION = re.compile(r"(?P<name>[^=>]+?)\s*=>?\s*(?P<value>.*)\Z")
INCLUDE = re.compile(r"#(?:try)?include\s+[\"<]?(?P<file>[^\">]+)[\">]?\Z")
DEEPEST = 10


class Line(Struct, frozen=True):
    """`name = value`, with the file and number of where it stands."""

    file: str
    number: int
    name: str
    value: str

    @property
    def where(self) -> str:
        return f"{self.file}:{self.number}"


class Section(Struct, frozen=True):
    """One `[name]`, all its pieces joined."""

    name: str
    where: str
    lines: list[Line]

    def last(self, name: str) -> Line | None:
        """The line that rules: the last of this name."""
        return next((line for line in reversed(self.lines) if line.name.lower() == name), None)

    def says(self, name: str) -> str:
        """Its value, or nothing."""
        line = self.last(name)
        return line.value if line is not None else ""


def read(folder: Path, name: str) -> dict[str, Section] | None:
    """The sections of one file, templates applied; None if there is no such file."""
    if not (folder / name).is_file():
        return None
    sections: dict[str, Section] = {}
    current = Section("", f"{name}:1", [])
    for file, number, text in _lines(folder, name, 0):
        if match := SECTION.match(text):
            current = sections.setdefault(match["name"], Section(match["name"], f"{file}:{number}", []))
            for template in (match["options"] or "").split(","):
                if (used := sections.get(template.strip())) is not None and used is not current:
                    current.lines.extend(used.lines)
        elif match := OPTION.match(text):
            current.lines.append(Line(file, number, match["name"], match["value"]))
    return sections


def _lines(folder: Path, name: str, depth: int) -> list[tuple[str, int, str]]:
    """What is left of each line, in the order of reading."""
    path = (folder / name).resolve()
    if depth > DEEPEST or not path.is_relative_to(folder.resolve()) or not path.is_file():
        return []
    found = []
    blocked = False
    for number, raw in enumerate(path.read_text(errors="replace").splitlines(), 1):
        text, blocked = _plain(raw, blocked)
        if match := INCLUDE.match(text):
            found += _lines(folder, match["file"].strip(), depth + 1)
        elif text and not text.startswith("#"):
            found.append((name, number, text))
    return found


def _plain(raw: str, blocked: bool) -> tuple[str, bool]:
    """The line without its comments, and whether a block comment goes on."""
    if blocked:
        _, end, raw = raw.partition("--;")
        if not end:
            return "", True
    before, begun, rest = raw.partition(";--")
    if begun and not rest.startswith("-"):
        _, end, after = rest.partition("--;")
        if not end:
            return re.split(r"(?<!\\);", before)[0].strip(), True
        raw = before + after
    return re.split(r"(?<!\\);", raw)[0].strip(), False
