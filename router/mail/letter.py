"""A letter as it was read: bounded plain text, whatever was sent. Values only; personal, so kept sealed.

Nothing in it is ever markup or a path: a name is text, an attachment is bytes with a type that nobody runs.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

# Why a letter must not be answered by a machine (RFC 3834); empty: a person wrote it, as far as one can tell.
Automatic = Literal["", "replied", "generated", "bulk", "list", "bounce", "ourselves"]


class Address(Struct, frozen=True, repr_omit_defaults=True):
    """Who, as a header has it. `address` is in lower case and may be empty: then nobody can be answered."""

    address: str
    name: str = ""

    def __repr__(self) -> str:
        return "Address()"


class Attached(Struct, frozen=True):
    """A part that is not the text. `data` is None where it was too large or one too many: `size` tells."""

    name: str
    type: str
    size: int
    data: bytes | None

    def __repr__(self) -> str:
        return f"Attached({self.type}, {self.size})"


class Bounce(Struct, frozen=True):
    """A report of delivery: of which of our letters, and what became of it."""

    about: str  # Message-ID of ours, if the report tells
    failed: bool  # for good; else it is only late
    status: str  # such as 5.1.1


class Letter(Struct, frozen=True):
    """Everything that is kept of one letter."""

    message_id: str
    references: tuple[str, ...]  # In-Reply-To first, then References, the newest first
    sender: Address
    reply_to: Address
    subject: str
    text: str  # what was written now
    quoted: str  # what was quoted below it, folded away
    attached: tuple[Attached, ...] = ()
    notes: tuple[str, ...] = ()  # closed codes: what was cut, what is odd
    automatic: Automatic = ""
    bounce: Bounce | None = None
    vouched: bool = False  # the domain's own server vouched for the sender (DMARC), says ours

    def __repr__(self) -> str:
        return f"Letter({len(self.text)} characters)"
