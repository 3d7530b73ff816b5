"""JSON logs, one object a line. Only fields named here are written, none personal."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path

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


class JsonLine(logging.Formatter):
    """One record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, object] = {"at": at, "level": record.levelname.lower(), "logger": record.name}
        line["message"] = record.getMessage()
        line |= {name: record.__dict__[name] for name in FIELDS if name in record.__dict__}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line, enc_hook=str).decode()


def log_json(level: str = "INFO", file: Path | None = None) -> None:
    """Send every logger of this process to standard error, or to the end of a file, as JSON lines."""
    handler = logging.StreamHandler() if file is None else logging.FileHandler(file)
    handler.setFormatter(JsonLine())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)  # addresses of people: never written
