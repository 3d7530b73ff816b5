"""JSON logs, one object a line. Only fields named here are written, none personal."""

from __future__ import annotations

import logging
from collections import deque
from contextlib import suppress
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from threading import Condition, Event, Thread

import msgspec

# What a record may carry beside its words: ids are pseudonyms, the rest are figures and closed codes.
FIELDS = (
    "contact",
    "agent",
    "offer",
    "pool",
    "gateway",
    "code",
    "correlation_id",
    "status",
    "method",
    "route",
    "pid",
    "entry",
    "event",
    "effect",
    "notice",
    "result",
    "ms",
)


MOST_WAITING = 10_000  # records: some seconds of a pool at its promised rate
AT_ONCE = 500  # records
GATHERED = 0.1  # seconds a line may wait for others; an error does not
LAST_CHANCE = 1.0  # seconds
SLOW = {
    "name": __name__,
    "levelno": logging.WARNING,
    "levelname": "WARNING",
    "msg": "%d log lines were dropped: whatever takes them is too slow",
}


class JsonLine(logging.Formatter):
    """One record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, object] = {"at": at, "level": record.levelname.lower(), "logger": record.name}
        # aiohttp quotes requests it could not read, with whatever token or name was in them
        hostile = record.name.startswith("aiohttp.")
        line["message"] = "an HTTP request could not be read" if hostile else record.getMessage()
        line |= {name: record.__dict__[name] for name in FIELDS if name in record.__dict__}
        if record.exc_info and not hostile:
            line["trace"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line, enc_hook=str).decode()


class Lines(logging.Handler):
    """Hands records to a thread that writes them, so that a reader who is slow never stops the router.

    What finds no room is dropped, and how many is said as soon as there is room again. Lines are written some
    at a time: a thread that wakes for each one takes the interpreter from the router each time, a tenth of
    what a call costs it.
    """

    def __init__(self, to: FileIO) -> None:
        super().__init__()
        self.setFormatter(JsonLine())
        self.dropped = 0  # ever
        self._to = to
        self._waiting: deque[logging.LogRecord] = deque()
        self._some, self._soon = Event(), Event()
        self._writing = Condition()
        self._told = 0
        Thread(target=self._write_all, name="logs", daemon=True).start()

    def emit(self, record: logging.LogRecord) -> None:
        """Its words are fixed now; what they were made of may change before they are written."""
        record.msg, record.args = record.getMessage(), None
        if len(self._waiting) >= MOST_WAITING:
            self.dropped += 1
            return
        self._waiting.append(record)
        if not self._some.is_set():
            self._some.set()
        if record.levelno >= logging.ERROR:
            self._soon.set()

    def flush(self) -> None:
        """At the end of the process: what is here is written, if that is soon."""
        self._some.set()
        self._soon.set()
        with self._writing:
            self._writing.wait_for(lambda: not self._some.is_set(), LAST_CHANCE)

    def _write_all(self) -> None:
        while True:
            self._some.wait()
            self._soon.wait(GATHERED)
            self._soon.clear()
            while self._waiting:
                self._write([self._waiting.popleft() for _ in range(min(len(self._waiting), AT_ONCE))])
            with self._writing:
                self._some.clear()
                if self._waiting:  # came since
                    self._some.set()
                else:
                    self._writing.notify_all()

    def _write(self, records: list[logging.LogRecord]) -> None:
        if (dropped := self.dropped) > self._told:
            records.append(logging.makeLogRecord(SLOW | {"args": (dropped - self._told,)}))
            self._told = dropped
        with suppress(Exception):  # a full disk, a reader that is gone: nobody is left who could be told
            lines = memoryview(b"".join(map(self._line, records)))
            while lines:
                lines = lines[self._to.write(lines) or 0 :]

    def _line(self, record: logging.LogRecord) -> bytes:
        try:
            return self.format(record).encode() + b"\n"
        except Exception:
            return b""  # one that cannot be written takes no other with it


def log_json(level: str = "INFO", file: Path | None = None) -> None:
    """Send every logger of this process to standard error, or to the end of a file, as JSON lines."""
    # Raw: whoever is stuck in a write holds no lock that the end of the process waits for.
    to = FileIO(2, "w", closefd=False) if file is None else FileIO(file, "a")
    logging.basicConfig(level=level.upper(), handlers=[Lines(to)], force=True)
    for personal in ("aiohttp.access", "imapclient"):  # addresses of people, whole letters: never written
        logging.getLogger(personal).setLevel(logging.WARNING)
