"""Where a letter belongs: a new contact, one that is open, a thread, or nobody's desk. Pure.

A reference or an id in a letter is a claim. Only from an address of that thread is it believed: a forged one
never puts a stranger's words into another's contact, and never goes unread either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Sequence

    from router.mail.letter import Letter

Kind = Literal["contact", "follow", "noted", "nobody"]


class Candidate(Struct, frozen=True):
    """A thread that the letter names. `by`: a letter of the citizen (`in`), one of ours, `reference`."""

    thread: str
    contact: str  # its latest
    by: str
    sender_known: bool
    open: bool


class Placed(Struct, frozen=True):
    """`thread` is empty where a new one begins. `noted`: kept in the thread, and nobody is asked to look."""

    kind: Kind
    thread: str = ""
    contact: str = ""  # for `follow` and `noted`: whose
    claims: str = ""


def place(letter: Letter, candidates: Sequence[Candidate]) -> Placed:
    """The first thread that it truly belongs to decides."""
    if letter.bounce is not None or letter.automatic == "bounce":
        return _report(letter, candidates)
    own = next((each for each in candidates if each.sender_known), None)
    if letter.automatic in ("replied", "ourselves"):
        return Placed("noted", own.thread, own.contact) if own is not None else Placed("nobody")
    if own is not None:
        return Placed("follow" if own.open else "contact", own.thread, own.contact if own.open else "")
    return Placed("contact", claims=candidates[0].contact if candidates else "")


def _report(letter: Letter, candidates: Sequence[Candidate]) -> Placed:
    """Ids of our letters are not to be guessed, so whoever names one has had it."""
    ours = next((each for each in candidates if each.by in ("ack", "answer")), None)
    if ours is None:
        return Placed("nobody")
    failed = letter.bounce is not None and letter.bounce.failed
    if failed and ours.by == "answer":
        return Placed("follow" if ours.open else "contact", ours.thread, ours.contact if ours.open else "")
    return Placed("noted", ours.thread, ours.contact)
