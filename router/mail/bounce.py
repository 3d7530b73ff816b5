"""Reports of delivery (RFC 3464): which letter of ours did not arrive. Pure.

Only what a report says in its machine-readable part and in the headers it returns is believed, and only an
id that we gave leads anywhere.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from router.mail.letter import Bounce
from router.mail.mime import decoded, parameter, type_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from router.mail.mime import Headers, Part

ACTION = re.compile(rb"(?im)^action:\s*([a-z]{1,20})")
STATUS = re.compile(rb"(?im)^status:\s*(\d\.\d{1,3}\.\d{1,3})")
ID = re.compile(rb"(?im)^message-id:\s*(<[^<>\s]{3,250}>)")
READ_MAX = 100_000


def is_report(headers: Headers) -> bool:
    """By its Content-Type."""
    return type_of(headers) == "multipart/report" and parameter(headers, "report-type") == "delivery-status"


def bounce_of(parts: Iterable[Part]) -> Bounce | None:
    """What the report tells; None: it is none."""
    action, status, about = "", "", ""
    for part in parts:
        kind = type_of(part.headers)
        if kind == "message/delivery-status":
            body = decoded(part, READ_MAX) or b""
            action = action or _first(ACTION, body).lower()
            status = status or _first(STATUS, body)
        elif part.inner and not about:
            about = str(part.headers.get("message-id", "")).strip()[:256]
        elif kind == "text/rfc822-headers" and not about:
            about = _first(ID, decoded(part, READ_MAX) or b"")
    if not action and not status:
        return None
    return Bounce(about, action == "failed" or (not action and status.startswith("5")), status)


def _first(pattern: re.Pattern[bytes], body: bytes) -> str:
    found = pattern.search(body)
    return found[1].decode("ascii", "replace") if found else ""
