"""What agents send and read of letters over HTTP: plain text and codes, whatever was written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Struct

from router.api.contact_views import ContactView
from router.api.shapes import Id
from router.api.views import instant

if TYPE_CHECKING:
    from router.mail.kept import Kept

ANSWER_MAX = 50_000  # characters

Text = Annotated[str, Meta(max_length=ANSWER_MAX)]


class Draft(Struct, frozen=True):
    """What an agent has begun to answer; empty: nothing."""

    text: Text


class NewAnswer(Struct, frozen=True):
    """An answer to the citizen. `answer` makes a repeat harmless; another id is another letter."""

    text: Annotated[str, Meta(min_length=1, max_length=ANSWER_MAX)]
    answer: Id = "1"
    close: bool = True  # the conversation is over with it
    finish: bool = True  # and so is wrap-up


class AttachmentView(Struct, frozen=True):
    """`kept`: it can be fetched; else it was too large and is in the mailbox only."""

    number: int
    name: str
    type: str
    size: int
    kept: bool


class LetterView(Struct, frozen=True):
    """One letter: plain text. `notes` are codes: docs/reference/mail.md lists them."""

    letter: str
    direction: str
    at: float
    contact: str
    address: str
    name: str
    subject: str
    text: str
    quoted: str
    automatic: str
    notes: list[str]
    attachments: list[AttachmentView]
    claims: str  # contact of a thread it names without being of it
    agent: str
    state: str  # of ours: sending, sent, failed


class ThreadView(Struct, frozen=True):
    """Everything written about a matter, oldest first; answers go to `address`."""

    contact: str
    reference: str
    address: str
    name: str
    language: str
    letters: list[LetterView]
    draft: str


class AttachmentContent(Struct, frozen=True):
    """Bytes to be saved, in base64: never to be shown as what they say they are."""

    name: str
    type: str
    base64: str


class CannedView(Struct, frozen=True):
    """A prepared answer, filled in for this contact."""

    name: str
    text: str


class CannedList(Struct, frozen=True):
    """In the order of the configuration."""

    canned: list[CannedView]


class Answered(Struct, frozen=True):
    """`fresh`: it was put in the line now; false: it was before."""

    fresh: bool
    contact: ContactView


def letter_view(kept: Kept) -> LetterView:
    """As its agent reads it."""
    papers = [
        AttachmentView(number, each.name, each.type, each.size, bool(each.paper))
        for number, each in enumerate(kept.papers)
    ]
    return LetterView(
        kept.letter,
        kept.direction,
        instant(kept.at),
        kept.contact,
        kept.address,
        kept.name,
        kept.subject,
        kept.text,
        kept.quoted,
        kept.automatic,
        list(kept.notes),
        papers,
        kept.claims,
        kept.agent,
        kept.state,
    )
