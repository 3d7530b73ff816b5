"""JSON logs, one object a line. Only fields named here are written, none personal."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import UTC, datetime
from io import FileIO
from logging.handlers import QueueHandler
from pathlib import Path
from queue import Full, Queue
from threading import Thread

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
    "result",
    "ms",
)


MOST_WAITING = 10_000  # records: some seconds of a pool at its promised rate
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


class Lines(QueueHandler):
    """Hands records to a thread that writes them, so that a reader who is slow never stops the router.

    What finds no room is dropped, and how many is said as soon as there is room again.
    """

    queue: Queue[logging.LogRecord]

    def __init__(self, to: FileIO) -> None:
        super().__init__(Queue(MOST_WAITING))
        self.setFormatter(JsonLine())
        self.dropped = 0  # ever
        self._to = to
        Thread(target=self._write_all, name="logs", daemon=True).start()

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        """Its words are fixed now; what they were made of may change before they are written."""
        record.msg, record.args = record.getMessage(), None
        return record

    def enqueue(self, record: logging.LogRecord) -> None:
        try:
            self.queue.put_nowait(record)
        except Full:
            self.dropped += 1

    def flush(self) -> None:
        """At the end of the process: what is here is written, if that is soon."""
        done = self.queue.all_tasks_done
        with done:
            done.wait_for(lambda: not self.queue.unfinished_tasks, LAST_CHANCE)

    def _write_all(self) -> None:
        told = 0
        while True:
            self._write(self.queue.get())
            if (dropped := self.dropped) > told:
                self._write(logging.makeLogRecord(SLOW | {"args": (dropped - told,)}))
                told = dropped
            self.queue.task_done()

    def _write(self, record: logging.LogRecord) -> None:
        with suppress(Exception):  # a full disk, a reader that is gone: nobody is left who could be told
            line = memoryview(self.format(record).encode() + b"\n")
            while line:
                line = line[self._to.write(line) or 0 :]


def log_json(level: str = "INFO", file: Path | None = None) -> None:
    """Send every logger of this process to standard error, or to the end of a file, as JSON lines."""
    # Raw: whoever is stuck in a write holds no lock that the end of the process waits for.
    to = FileIO(2, "w", closefd=False) if file is None else FileIO(file, "a")
    logging.basicConfig(level=level.upper(), handlers=[Lines(to)], force=True)
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)  # addresses of people: never written
