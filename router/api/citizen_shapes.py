"""What a client may send about citizens. Personal values come in bodies only: paths end in others' logs."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from citizens.claim import How
from citizens.consent import Proof
from citizens.consent import Purpose as ConsentPurpose
from citizens.identifier import Kind
from citizens.preferences import Relay
from citizens.purposes import Why
from router.api.shapes import ID_IN_PATH, Channel, Code, Id

Given = Annotated[str, Meta(min_length=1, max_length=254, description="As given: it is spelt the one way")]
HOURS = r"^(([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9])?$(?!\n)"
Tag = Annotated[str, Meta(pattern=r"^([a-z]{2,3}(-[a-z0-9]{2,8}){0,3})?$(?!\n)", max_length=40)]
Name = Annotated[str, Meta(max_length=200, description="As they write it, in any script")]
MaybeId = Annotated[str, Meta(pattern=f"^({ID_IN_PATH})?$(?!\\n)", max_length=64)]
MaybeChannel = Literal["", "phone", "chat", "email", "callback", "counter", "appointment", "outreach"]
Agency = Annotated[str, Meta(pattern=r"^([a-z0-9][a-z0-9_\-]{0,39})?$(?!\n)", max_length=40)]


class Looked(Struct, frozen=True):
    """Why somebody looks; an agent names the contact in their hands."""

    purpose: Why
    contact: MaybeId = ""


class Sought(Struct, frozen=True):
    """An identifier, and why it is looked for."""

    kind: Kind
    value: Given
    purpose: Why


class Claimed(Struct, frozen=True):
    """An identifier somebody came with, and how: that alone says whether it proves anything."""

    kind: Kind
    value: Given
    how: How


class Meeting(Struct, frozen=True):
    """For a gateway elsewhere: who is this? With `contact`, `record` goes into the vault."""

    claims: Annotated[list[Claimed], Meta(max_length=16)]
    channel: Channel
    contact: MaybeId = ""
    record: dict[str, Any] | None = None
    name: Name = ""


class Merging(Struct, frozen=True):
    """Somebody made sure that these two are one person."""

    other: Id
    why: Literal["confirmed", "duplicate"]
    contact: MaybeId = ""


class Splitting(Struct, frozen=True):
    """Which link was wrong."""

    link: Id


class Correcting(Struct, frozen=True):
    """What is wrong about an identifier they hold: others use it too (`shared`), or it is not theirs."""

    kind: Kind
    value: Given
    says: Literal["shared", "theirs_alone", "not_theirs"]


class Wishes(Struct, frozen=True):
    """How they wish to be served: replaces what was kept."""

    channel: MaybeChannel = ""
    language: Tag = ""
    plain: bool = False
    relay: Relay = ""
    interpreter: Tag = ""
    helper: bool = False
    same_agent: bool = True
    rest: Annotated[str, Meta(pattern=HOURS, max_length=11, description="No ringing then: 21:00-09:30")] = ""
    name: Name = ""  # empty: unchanged
    contact: MaybeId = ""


class Agreeing(Struct, frozen=True):
    """One yes, with its proof."""

    purpose: ConsentPurpose
    proof: Proof
    reference: Id  # the contact, document or recording
    agency: Agency = ""
    days: Annotated[int, Meta(ge=1, le=36500)] | None = None
    contact: MaybeId = ""


class Withdrawing(Struct, frozen=True):
    """A yes taken back."""

    purpose: ConsentPurpose
    agency: Agency = ""
    contact: MaybeId = ""


class Protecting(Struct, frozen=True):
    """Found vulnerable, or no longer."""

    vulnerable: bool
    cause: Code = "other"


class SeenWanted(Struct, frozen=True):
    """Of one citizen, or of all; below a position of the page before."""

    citizen: MaybeId = ""
    after: Annotated[str, Meta(pattern=r"^([0-9]{1,20}-[0-9]{1,20})?$(?!\n)", max_length=41)] = ""
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
