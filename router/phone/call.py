"""One call as the gateway knows it: the caller's channel, and the agent's leg while there is one. Plain data.

menu ──▶ entering ──▶ waiting ──▶ dialling ──▶ talking ──▶ over
                         ▲            │
                         └ returning ◀┘        (and from anywhere to over)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct, field

if TYPE_CHECKING:
    from router.phone.said import Do

Phase = Literal["menu", "entering", "waiting", "dialling", "returning", "talking", "over"]


class Call(Struct):
    """One call. Its contact's id is its name; personal data is not here but in the vault."""

    contact: str
    channel: str
    uniqueid: str
    phase: Phase
    changed: int = 0  # number of the input that last moved it: what was seen before that is stale
    stamp: str = ""  # Asterisk's, of the last entry into `guichet-waiting`: the same again is a double
    offer: str = ""  # being dialled, or answered
    agent: str = ""
    leg: str = ""  # the agent's channel, once it was rung for this offer
    leg_id: str = ""  # the same by its unique id; empty when it is not known or has ended
    durable: bool = False  # the log holds the contact
    left: bool = False  # hung up before that was known
    released: bool = False  # on its way back by order: the state must hear when it is there
    disputed: bool = False  # the core refused the answer, and has been told what is true
    withdrawn: str = ""  # effect to be answered once the leg has ended
    next: Do | None = None  # an offer that came before the caller was waiting
    offers: set[str] = field(default_factory=set)  # every offer ever heard of
