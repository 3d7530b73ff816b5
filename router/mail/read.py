"""Bytes of a stranger as a letter: bounded, as text, whole in its text or with a note that says what is not.

Pure, and total: any bytes make a letter.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from router.mail.automatic import automatic
from router.mail.bounce import bounce_of, is_report
from router.mail.html_text import text_of_html
from router.mail.inert import invitation, note_of
from router.mail.letter import Address, Attached, Letter
from router.mail.mime import Limits, decoded, leaves, parameter, split, type_of
from router.mail.plain import addresses, header, line, text_of
from router.mail.quoted import folded

if TYPE_CHECKING:
    from router.mail.mime import Headers, Part

IDS = re.compile(r"<[^<>\s]{3,250}>")
REFERENCES = 30
TEXT_READ = 2_000_000  # bytes of one text part that are decoded


def read(raw: bytes, own: str = "", vouches: str = "", limits: Limits | None = None) -> Letter:
    """`own`: our address. `vouches`: name of the server whose Authentication-Results are believed."""
    bounds = limits or Limits()
    notes: list[str] = ["too_large"] if len(raw) > bounds.size else []
    raw = raw[: bounds.size]
    headers, _ = split(raw, bounds)
    parts = list(leaves(raw, bounds, notes))
    texts, pages, attached = _sorted(parts, bounds, notes)
    written, quoted = folded("\n\n".join(texts or pages))
    if len(written) > bounds.text:
        notes.append("text_cut")
        whole = written.encode()
        if len(whole) <= bounds.attachment:
            attached.append(Attached("text.txt", "text/plain", len(whole), whole))
    sender = _first(headers, "from") or _first(headers, "sender") or Address("")
    report = is_report(headers)
    return Letter(
        message_id=next(iter(_ids(headers, "message-id")), ""),
        references=tuple(
            dict.fromkeys([*_ids(headers, "in-reply-to"), *reversed(_ids(headers, "references"))])
        ),
        sender=sender,
        reply_to=_first(headers, "reply-to") or sender,
        subject=header(headers.get("subject"), 500),
        text=written[: bounds.text],
        quoted=quoted[: bounds.text],
        attached=tuple(attached),
        notes=tuple(dict.fromkeys(notes)),
        automatic=automatic(headers, sender, own, report),
        bounce=bounce_of(parts) if report else None,
        vouched=_vouched(headers, vouches),
    )


def _sorted(
    parts: list[Part], limits: Limits, notes: list[str]
) -> tuple[list[str], list[str], list[Attached]]:
    """The texts, the texts of HTML pages, and all else. A text that is named is a file."""
    texts: list[str] = []
    pages: list[str] = []
    attached: list[Attached] = []
    room = limits.attached
    for part in parts:
        kind, name = type_of(part.headers), _name(part)
        shown = kind in ("text/plain", "text/html") and not name and not part.inner
        if shown and _disposition(part) != "attachment":
            body = decoded(part, TEXT_READ)
            if body is None:
                notes.append("text_cut")
                body = part.body[:TEXT_READ]
            text = text_of(body, parameter(part.headers, "charset") or "utf-8")
            (texts if kind == "text/plain" else pages).append(
                text if kind == "text/plain" else text_of_html(text)
            )
            continue
        if kind == "text/calendar":
            said = invitation(text_of((decoded(part, TEXT_READ) or b""), parameter(part.headers, "charset")))
            texts.extend([said] if said else [])
            notes.append("invitation")
        body = decoded(part, min(limits.attachment, max(room, 0)))
        if len(attached) >= limits.attachments:
            notes.append("too_many_attachments")
            continue
        if body is None:
            notes.append("attachment_too_large")
        else:
            room -= len(body)
        notes.extend(filter(None, [note_of(name, kind)]))
        size = len(part.body) if body is None else len(body)
        attached.append(Attached(name or "unnamed", line(kind, 100), size, body))
    return [text for text in texts if text.strip()], pages, attached


def _name(part: Part) -> str:
    """A file's name as text: never a path."""
    said = parameter(part.headers, "filename", "content-disposition") or parameter(part.headers, "name")
    return header(said, 200).replace("\\", "/").rpartition("/")[2].strip(". ")


def _disposition(part: Part) -> str:
    return str(part.headers.get("content-disposition", "")).partition(";")[0].strip().lower()


def _first(headers: Headers, name: str) -> Address | None:
    return next(iter(addresses(headers.get(name), 4_000)), None)


def _ids(headers: Headers, name: str) -> list[str]:
    """The ids of a header, the last ones if there are very many."""
    return IDS.findall(str(headers.get(name, ""))[-20_000:])[-REFERENCES:]


def _vouched(headers: Headers, vouches: str) -> bool:
    """The topmost result alone: those below it may have been sent along."""
    if not vouches:
        return False
    said = str(headers.get("authentication-results", ""))[:4_000].lower()
    server, _, results = said.partition(";")
    return server.split()[:1] == [vouches.lower()] and re.search(r"\bdmarc\s*=\s*pass\b", results) is not None
