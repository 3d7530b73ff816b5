"""What happened, from an archive or a file of engine lines, as one stream. Reads only, proves no decision.

Entries of another core version are read too: what they did happened, whatever this core would do. A file of
engine lines holds events only; this core says again what came of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import msgspec

from router.core.effects import Effect
from router.core.events import Contact, Event
from router.core.policy import Policy
from router.core.refusal import Refusal
from router.core.snapshot import thaw
from router.core.state import State
from router.core.step import step
from router.engine import parse
from router.engine_lines import AskLine, ContactLine, micros
from router.log.archive import read_archive, segment_paths
from router.log.archive_errors import Torn
from router.log.archive_segment import Segment


class Seen(NamedTuple):
    """One event that happened, and what the core asked for on it. `n` gives the order within an instant."""

    n: int
    at: int
    event: Event
    effects: tuple[Effect, ...]


class Unreadable(Exception):
    """Nothing can be learnt from this file; the text says why and what to try."""


class Words(msgspec.Struct, frozen=True):
    """What a driver may write beside the protocol's names."""

    topic: str = ""
    language: str = ""


class Told:
    """A file of engine lines, stepped again. After reading: how many lines there were, how many fit."""

    def __init__(self, policy: Policy) -> None:
        self.state = State()
        self.state.policy = policy
        self.lines = 0
        self.refused = 0
        self.first = ""  # refusal

    def read(self, lines: Iterable[bytes]) -> Iterator[Seen]:
        """Every event that the core takes. Of a session as documents show it, the lines after `> `."""
        for raw in lines:
            line = raw.strip().removeprefix(b"> ")
            if not line or line.startswith((b"< ", b"#")):
                continue
            self.lines += 1
            try:
                parsed = parse(line)
                if isinstance(parsed, AskLine):
                    continue
                event, at = parsed.event(), micros(parsed.at)
                if isinstance(parsed, ContactLine):
                    event = named(event, line)
                result = step(self.state, event, at)
                if result.refusal is not None:
                    raise result.refusal
            except Refusal as refusal:
                self.refused += 1
                self.first = self.first or f"line {self.lines}: {refusal}"
                continue
            if not result.duplicate:
                yield Seen(self.state.n, at, event, result.effects)


def named(event: Event, line: bytes) -> Event:
    """With the driver's own `topic` and `language`, else as the needs tell: `lang:fr` is a language."""
    assert isinstance(event, Contact)
    try:
        words = msgspec.json.decode(line, type=Words)
    except msgspec.ValidationError:
        words = Words()
    needs = event.needs[0]
    spoken = next((skill for skill in needs if skill.startswith("lang:")), "").removeprefix("lang:")
    about = "+".join(sorted(skill for skill in needs if not skill.startswith("lang:")))
    return msgspec.structs.replace(
        event, topic=words.topic or event.topic or about, language=words.language or event.language or spoken
    )


def archived(paths: Iterable[Path]) -> Iterator[Seen]:
    """Every entry of these segments. Raises ArchiveError where the proof of their bytes ends."""
    for path in paths:
        try:
            for entry, _ in read_archive(path):
                yield Seen(entry.n, entry.at, entry.event, entry.effects)
        except msgspec.ValidationError as error:
            with Segment(path) as segment:
                core = segment.about.core
            raise Unreadable(
                f"{path.name} was written by core {core}, whose entries this version cannot read ({error}): "
                "read it with the version that wrote it"
            ) from None


class Span(NamedTuple):
    """A segment and the instants of its first and last entry."""

    path: Path
    first: int
    last: int


def spans(archive: Path, pool: str) -> list[Span]:
    """Where the archive's entries lie in time. Segments without an entry are left out."""
    found = []
    for path in segment_paths(archive, pool):
        with Segment(path) as segment:
            stamps: list[int] = []
            with suppress(Torn):  # what is before the tear is whole
                stamps.extend(record.stamp.at for record in segment.records())
        if stamps:
            found.append(Span(path, stamps[0], stamps[-1]))
    return found


def state_before(path: Path) -> State | None:
    """The state a segment carries; None where it carries none, or one that this core cannot take over."""
    with Segment(path) as segment:
        first, frozen = segment.about.first_n, segment.snapshot
    if first == 1:
        return State()
    try:
        return thaw(frozen) if frozen else None
    except ValueError:
        return None
