"""One call as the gateway knows it: the caller's channel, and the agent's leg while there is one. Plain data.

menu ──▶ entering ──▶ waiting ──▶ dialling ──▶ talking ──▶ over
                         ▲            │
                         └ returning ◀┘        (and from anywhere to over)
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

from router.phone.controls_talk import Talk

Phase = Literal["menu", "entering", "waiting", "dialling", "returning", "talking", "over"]


class Due(Struct, frozen=True):
    """Where a caller is to go from the hall: `dial:ENDPOINT` or `fallback`."""

    where: str
    do_before: int
    aim: Literal["dial", "divert"]
    offer: str = ""
    agent: str = ""


class Call(Struct):
    """One call. Its contact's id is its name; personal data is not here but in the vault."""

    contact: str
    channel: str
    uniqueid: str
    phase: Phase
    changed: int = 0  # number of the input that last moved it: what was seen before that is stale
    turn: int = 0  # how often the caller has come into `guichet-waiting`, as the dialplan counts
    hall: str = ""  # the bridge in which the caller waits and can be sent on from
    bridge: str = ""  # that of the conversation they are in
    offer: str = ""  # being dialled, or answered
    agent: str = ""
    leg: str = ""  # the agent's channel, once it was rung for this offer
    leg_id: str = ""  # the same by its unique id; empty when it is not known or has ended
    rang: bool = False  # that phone has said that it rings
    durable: bool = False  # the log holds the contact
    left: bool = False  # hung up before that was known
    released: bool = False  # on its way back by order: the state must hear when it is there
    back_before: int = 0  # until when that may be done
    disputed: bool = False  # the core refused the answer, and has been told what is true
    withdrawn: str = ""  # effect to be answered once the leg has ended
    next: Due | None = None  # what came before the caller was in the hall
    sent: Due | None = None  # the dial that was last sent
    offers: set[str] = field(default_factory=set)  # every offer ever heard of
    talk: Talk | None = None  # once a control was used in the conversation
