"""The recorded day of a place: an archive's folder or segment, or a file of engine lines. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from msgspec import Struct

from router.core.policy import SECOND, Policy
from router.core.state import State
from router.log.archive_errors import Torn
from router.log.archive_segment import GROWING, SEALED
from router.whatif.day import Day
from router.whatif.fold import recorded
from router.whatif.seen import Seen, Told, Unreadable, archived, spans, state_before

DAY = 24 * 3600 * SECOND
WARM = 6 * 3600 * SECOND  # lived before the window, so that it begins with the lines and agents it had
Heard = Callable[[], None]  # once for each event read: a sign of progress


class Asked(Struct, frozen=True):
    """Which day. `policy`: that really ruled, where the log does not say."""

    pool: str = ""
    day: str = ""  # 2026-11-23 or `yesterday`, empty: the last 24 hours of the log
    policy: Policy | None = None


class Read(Struct, frozen=True):
    """The day, and what is odd about it."""

    day: Day
    notes: list[str]


def read(path: Path, asked: Asked, heard: Heard = lambda: None) -> Read:
    """Raises Unreadable, ArchiveError, OSError."""
    if path.is_dir() or path.name.endswith((SEALED, GROWING)):
        found = _of_archive(path, asked, heard)
    else:
        found = _of_lines(path, asked, heard)
    if not any(visit.counted for visit in found.day.visits):
        window = f"{clock(found.day.counted)} and {clock(found.day.end)}"
        raise Unreadable(f"{path}: nobody came between {window}: try another --day")
    return found


def _of_archive(path: Path, asked: Asked, heard: Heard) -> Read:
    parts = spans(path, asked.pool)
    if not parts:
        raise Unreadable(f"{path}: no entry is here: is it the archive of a pool that served somebody?")
    start, end = _window(asked.day, parts[0].first, parts[-1].last)
    begin = max(parts[0].first, start - WARM)
    first = max((n for n, part in enumerate(parts) if part.first <= begin), default=0)
    notes, before = [], state_before(parts[first].path)
    if before is None:
        notes.append("the state before the log is not known: who logged in before it began is missing")
        before = State()
    if asked.policy is not None:
        before.policy = asked.policy
    stream = archived(part.path for part in parts[first:] if part.first <= end)
    return Read(recorded(_counted(_until_torn(stream), heard), before, begin, start, end), notes)


def _of_lines(path: Path, asked: Asked, heard: Heard) -> Read:
    told = Told(asked.policy or Policy())
    try:
        with path.open("rb") as file:
            stream = list(_counted(told.read(file), heard))
    except IsADirectoryError:
        raise Unreadable(f"{path} is a folder without an archive") from None
    if not stream:
        why = f": {told.first}" if told.first else ""
        raise Unreadable(
            f"{path} is neither an archive nor a file of engine lines that this core takes{why}; "
            "see docs/reference/engine-protocol.md for the lines"
        )
    notes = []
    if told.refused:
        notes.append(
            f"{told.refused} of {told.lines} lines are refused (first: {told.first}): "
            "was another policy in force? Then name it with --recorded DIR"
        )
    start, end = _window(asked.day, stream[0].at, stream[-1].at)
    before = State()
    before.policy = asked.policy or Policy()
    return Read(recorded(stream, before, max(stream[0].at, start - WARM), start, end), notes)


def _window(day: str, first: int, last: int) -> tuple[int, int]:
    """Start and end. Raises Unreadable where the log does not reach."""
    if not day:
        return max(first, last - DAY), last
    try:
        wanted = (
            date.fromisoformat(day) if day != "yesterday" else datetime.now(UTC).date() - timedelta(days=1)
        )
    except ValueError:
        raise Unreadable(f"--day {day}: write it as 2026-11-23, or `yesterday`") from None
    start = round(datetime(wanted.year, wanted.month, wanted.day, tzinfo=UTC).timestamp()) * SECOND
    end = start + DAY - 1
    if end < first or start > last:
        raise Unreadable(f"--day {day}: the log is from {clock(first)} to {clock(last)}")
    return max(start, first), min(end, last)


def _until_torn(stream: Iterable[Seen]) -> Iterator[Seen]:
    """An archive that is being written may end in half a record: what is before it is whole."""
    try:
        yield from stream
    except Torn:
        return


def _counted(stream: Iterable[Seen], heard: Heard) -> Iterator[Seen]:
    for seen in stream:
        heard()
        yield seen


def clock(at: int) -> str:
    """An instant as people write it; a driver's own clock as its seconds."""
    if at < 10**15:
        return f"{at / SECOND:g} s"
    return datetime.fromtimestamp(at / SECOND, UTC).strftime("%Y-%m-%d %H:%M UTC")
