"""A letter as its thread keeps it, sealed: what came and what we sent. Values, and how they are spelt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec import Struct

if TYPE_CHECKING:
    from router.mail.letter import Letter

Direction = Literal["in", "out"]


class Paper(Struct, frozen=True):
    """An attachment. `paper`: its sealed file; empty: not kept, it is in the mailbox still."""

    name: str
    type: str
    size: int
    paper: str


class Kept(Struct, frozen=True, omit_defaults=True):
    """One letter of a thread."""

    letter: str  # its name in the thread
    direction: Direction
    at: int  # microseconds since 1970
    contact: str
    text: str
    subject: str = ""
    quoted: str = ""
    address: str = ""
    name: str = ""
    message_id: str = ""
    automatic: str = ""
    notes: tuple[str, ...] = ()
    papers: tuple[Paper, ...] = ()
    claims: str = ""  # contact of a thread that it names without being of it
    agent: str = ""  # who wrote it, of ours
    state: str = ""  # of ours: sending, sent, failed

    def __repr__(self) -> str:
        return f"Kept({self.letter}, {self.direction})"


def kept_of(letter: Letter, name: str, contact: str, at: int, claims: str, papers: tuple[Paper, ...]) -> Kept:
    """What came."""
    bounce = letter.bounce
    notes = (*letter.notes, *(("undelivered" if bounce.failed else "delayed",) if bounce else ()))
    return Kept(
        name,
        "in",
        at,
        contact,
        letter.text,
        subject=letter.subject,
        quoted=letter.quoted,
        address=letter.sender.address,
        name=letter.sender.name,
        message_id=letter.message_id,
        automatic=letter.automatic,
        notes=(*notes, *(("claims",) if claims else ())),
        papers=papers,
        claims=claims,
    )


def packed(kept: Kept) -> bytes:
    return msgspec.msgpack.encode(kept)


def unpacked(data: bytes) -> Kept:
    return msgspec.msgpack.decode(data, type=Kept)
