"""What a client may send, as types that both validate and document. Seconds here, microseconds inside.

Names are pseudonyms and codes: their pattern has no room for a blank, an address or a name in prose.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from router.core.events import AnswerName, ControlName
from router.core.policy import CHANNELS, Policy

# Python's `$` also matches before a final newline: the look-ahead closes that door, here and in ECMAScript
_ID = r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}"
ID_IN_PATH = _ID.replace("\\", "")  # where the whole of a path's part must match

Id = Annotated[str, Meta(pattern=f"^{_ID}$(?!\\n)", max_length=64, description="A pseudonym, never a name")]
Skill = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_:.\-]{0,63}$(?!\n)", max_length=64)]
Level = Annotated[int, Meta(ge=1, le=10)]
Skills = Annotated[dict[Skill, Level], Meta(max_length=64)]
NeedsMap = Annotated[dict[Skill, Level], Meta(max_length=32)]
Seconds = Annotated[float, Meta(ge=0, lt=1_000_000_000, description="Seconds")]
Channel = Literal["phone", "chat", "email", "callback", "counter", "appointment", "outreach"]
_CHANNEL_KEY = Annotated[str, Meta(pattern=f"^({'|'.join(CHANNELS)})$(?!\\n)")]  # schemas lose a Literal key
Places = Annotated[dict[_CHANNEL_KEY, Annotated[int, Meta(ge=0, le=100)]], Meta(max_length=7)]
Code = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_\-]{0,63}$(?!\n)", max_length=64)]
AwayReason = Literal["break", "lunch", "meeting", "training", "technical", "other"]
GoneReason = Literal["left", "fallback", "absent", "lost", "callback", "called_again", "answered"]
ContactState = Literal["waiting", "offered", "connected", "wrap_up", "ended", "gone"]
Words = Annotated[str, Meta(max_length=200, description="Why, for the record. Never a name or a number")]


Reason = Annotated[str, Meta(min_length=1, max_length=200, description="For the record. Never a name")]


class Ready(Struct, frozen=True, tag_field="state", tag="ready"):
    """Takes contacts. Skills and capacity are those of the configuration unless given here."""

    skills: Skills | UnsetType = UNSET
    capacity: Places | UnsetType = UNSET


class Away(Struct, frozen=True, tag_field="state", tag="away"):
    """Takes nothing new and keeps the conversations in hand."""

    reason: AwayReason = "other"
    skills: Skills | UnsetType = UNSET
    capacity: Places | UnsetType = UNSET


class Offline(Struct, frozen=True, tag_field="state", tag="offline"):
    """Logged out."""


AgentWanted = Ready | Away | Offline


class NewContact(Struct, frozen=True):
    """A contact for a channel without a gateway of its own yet, or for a test.

    A contact id given by the client makes a repeat harmless. Topic and language say the needs, unless given.
    """

    channel: Channel
    topic: Code
    language: Code
    contact: Id | UnsetType = UNSET
    needs: NeedsMap | Annotated[list[NeedsMap], Meta(min_length=1, max_length=8)] | UnsetType = UNSET
    target_s: Annotated[float, Meta(ge=1, lt=1_000_000_000)] | UnsetType = UNSET
    due_s: Seconds | UnsetType = UNSET
    vulnerable: bool = False
    prefers: Annotated[list[Id], Meta(max_length=8)] | UnsetType = UNSET
    citizen: Id | UnsetType = UNSET
    direct: Id | UnsetType = UNSET  # for this agent alone, so long as the policy says
    pool: Id | UnsetType = UNSET  # a pool inside this one
    after: Id | UnsetType = UNSET  # a call-back: the contact whose place it takes


class Transfer(Struct, frozen=True):
    """To an agent, or for another topic, language, channel or given needs; with none of these: as before.

    An agent is waited for `for_s`; then whoever could serve the contact before gets it.
    """

    agent: Id | UnsetType = UNSET
    topic: Code | UnsetType = UNSET
    language: Code | UnsetType = UNSET
    needs: NeedsMap | UnsetType = UNSET
    channel: Channel | UnsetType = UNSET
    target_s: Annotated[float, Meta(ge=1, lt=1_000_000_000)] | UnsetType = UNSET
    for_s: Annotated[float, Meta(ge=1, le=3600, description="Seconds the agent is waited for")] = 300.0
    pool: Id | UnsetType | None = UNSET  # another pool inside this one; null: none


class NewChoice(Struct, frozen=True):
    """What the citizen said of a channel that was proposed to them."""

    channel: Channel
    choice: Literal["accepted", "refused"]


class ToFront(Struct, frozen=True, tag_field="to", tag="front"):
    """Next whom any suitable agent gets."""

    reason: Reason


class ToPlace(Struct, frozen=True, tag_field="to", tag="place"):
    """Back to where it was before it was moved."""

    reason: Reason


class ToPool(Struct, frozen=True, tag_field="to", tag="pool"):
    """To a pool inside this one; null: out of any."""

    reason: Reason
    pool: Id | None


class ToAgent(Struct, frozen=True, tag_field="to", tag="agent"):
    """To an agent alone, so long as is said here or by the policy. `force`: though they lack skills."""

    reason: Reason
    agent: Id
    for_s: (
        Annotated[float, Meta(ge=1, le=3600, description="Seconds the agent is waited for")] | UnsetType
    ) = UNSET
    force: bool = False


NewPlace = ToFront | ToPlace | ToPool | ToAgent


class Consultation(Struct, frozen=True):
    """The colleague who is asked while the citizen hears music."""

    agent: Id


class Wish(Struct, frozen=True):
    """What is to be done to a conversation. `phone`: where a supervisor listens, whispers or barges in."""

    what: ControlName
    phone: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_\-]{0,39}$(?!\n)", max_length=40)] | UnsetType = (
        UNSET
    )


class OfferAnswer(Struct, frozen=True):
    """What the agent says to an offer."""

    answer: AnswerName


class NewPolicy(Struct, frozen=True):
    """A whole policy, times in microseconds, as `GET /config` shows it."""

    policy: Policy
    reason: Words = ""


class Lever(Struct, frozen=True):
    """One value of the policy, changed live. It goes through the log, so no restart undoes it."""

    path: Annotated[
        str, Meta(pattern=r"^[^\n]+$(?!\n)", max_length=200, description="Such as `topics.housing.target`")
    ]
    value: Any
    reason: Words = ""


class ContactsWanted(Struct, frozen=True):
    """Which contacts to list: newest first; those lost, to be called back, by their place in line."""

    state: ContactState | UnsetType = UNSET
    reason: GoneReason | UnsetType = UNSET  # of those gone
    channel: Channel | UnsetType = UNSET
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    after: Id | UnsetType = UNSET  # the `next` of the page before


class WhyWanted(Struct, frozen=True):
    """Without `at`: as it stands. With it: every decision until then, as the archive has it."""

    at: Annotated[float, Meta(ge=0, lt=10_000_000_000, description="Seconds since 1970")] | UnsetType = UNSET
    lang: Literal["en", "fr"] = "en"
