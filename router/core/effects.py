"""What to do (imperative): what a step asks the gateways. Plain data.

`via` names the gateway that must act and then answers with an event, failures too; it is empty where nobody
but the agent's own page is concerned. `requeue`, `set_away`, `pause` and `resume` only tell.
"""

from __future__ import annotations

from msgspec import Struct

from router.core.events import ControlName


class Offer(Struct, frozen=True, omit_defaults=True, tag_field="effect", tag="offer"):
    """Ring or show this contact to this agent. Answered by `answer`, `gone` or `found`."""

    offer: str  # an id that never recurs
    contact: str
    agent: str
    expires_at: int
    score: int
    why: dict[str, int]
    via: str = ""


class Withdraw(Struct, frozen=True, omit_defaults=True, tag_field="effect", tag="withdraw"):
    """This open offer is over, otherwise than by its answer. With `via`, answered by `outcome`."""

    offer: str
    contact: str
    agent: str
    because: str  # gone, expired, agent_away, preempted
    via: str = ""
    effect_id: str = ""  # what the `outcome` names; empty where no gateway must act


class Requeue(Struct, frozen=True, tag_field="effect", tag="requeue"):
    """The contact is back in line at its old rank. For information."""

    contact: str
    because: str


class SetAway(Struct, frozen=True, tag_field="effect", tag="set_away"):
    """The core set this agent away (`away_after_misses`). For information."""

    agent: str
    because: str


class Pause(Struct, frozen=True, omit_defaults=True, tag_field="effect", tag="pause"):
    """The agent serves somebody who cannot wait: this contact, in their hands still, is laid aside."""

    contact: str
    agent: str
    via: str = ""


class Resume(Struct, frozen=True, omit_defaults=True, tag_field="effect", tag="resume"):
    """Nothing interrupts this contact any more: its agent takes it up again."""

    contact: str
    agent: str
    via: str = ""


class Replaced(Struct, frozen=True, tag_field="effect", tag="replaced"):
    """The contact is gone, and `by` has its place: nobody left. For information."""

    contact: str
    by: str
    because: str  # callback: it became one; called_again: the citizen did, before it was served


class Confirm(Struct, frozen=True, tag_field="effect", tag="confirm"):
    """After a takeover: say what is true of this contact. Answered by `found`."""

    contact: str
    via: str


class Release(Struct, frozen=True, omit_defaults=True, tag_field="effect", tag="release"):
    """End the agent's side of a conversation; the citizen goes back to the music. Answered by `outcome`."""

    contact: str
    agent: str
    via: str
    effect_id: str = ""  # what the `outcome` names


class Divert(Struct, frozen=True, tag_field="effect", tag="divert"):
    """Hand this citizen to the channel's own fallback (the native queue). Answered by `gone`."""

    contact: str
    via: str


class Refuse(Struct, frozen=True, omit_defaults=True, tag_field="effect", tag="refuse"):
    """A queue limit turned this contact away, and it has ended: the citizen is told so."""

    contact: str
    because: str  # too_many, too_long
    limit: str  # whose: `channel phone`, `topic tax`
    via: str = ""


class Consult(Struct, frozen=True, tag_field="effect", tag="consult"):
    """Ring a colleague for the agent of a conversation. Answered by `consulted`."""

    contact: str
    agent: str
    second: str
    via: str
    effect_id: str  # an id that never recurs


class Perform(Struct, frozen=True, omit_defaults=True, tag_field="effect", tag="perform"):
    """Do this to a conversation (`hold`, `listen`, `record`, …). Answered by `outcome`."""

    contact: str
    what: ControlName
    agent: str
    via: str
    effect_id: str  # what the `outcome` names
    second: str = ""  # the colleague consulted, if any
    value: str = ""  # endpoint of the supervisor's phone, for listen, whisper and barge


class Way(Struct, frozen=True):
    """A channel and the wait on it, microseconds."""

    channel: str
    low: int
    likely: int
    high: int


class Propose(Struct, frozen=True, omit_defaults=True, tag_field="effect", tag="propose"):
    """The citizen may be told of these channels; answered, if at all, by `choice`."""

    contact: str
    channels: tuple[Way, ...]
    because: str  # long_wait, nobody_there
    via: str = ""


Effect = (
    Offer | Withdraw | Requeue | SetAway | Replaced | Confirm | Release | Divert | Consult | Perform
    | Pause | Resume | Refuse | Propose
)  # fmt: skip
