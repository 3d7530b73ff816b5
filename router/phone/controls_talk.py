"""A conversation under control: who of the three talks to whom, and what was asked and is not yet answered.

together ──▶ parting ──▶ held ──────▶ joining ──▶ together (with the first agent, or with the second)
                 └─────▶ ringing ──▶ consulting ──▶ joining ──▶ three

Plain data and what can be read off it. Asterisk's bridges are the truth: `where` says who is in which.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct, field

if TYPE_CHECKING:
    from router.core.events import ControlName
    from router.phone.call import Call

Stage = Literal["together", "parting", "held", "ringing", "consulting", "joining", "three"]
Apart = ("parting", "held", "ringing", "consulting", "joining")  # the citizen is, or may be, on hold

HELD = "guichet-held"  # the holding bridge in which citizens hear music while their agent does something else


class Want(Struct, frozen=True):
    """A control whose outcome is owed to the core; a consultation has no name: `consulted` answers it."""

    what: ControlName | Literal["consult"]
    effect: str
    do_before: int


class Talk(Struct):
    """What `Call` does not say. Made by the first control of a conversation, gone with the call."""

    stage: Stage = "together"
    before: Stage = "together"  # what it was before they were parted: so it stays if Asterisk refuses
    second: str = ""  # the colleague asked
    second_leg: str = ""
    second_id: str = ""  # unique id of that channel
    where: dict[str, str] = field(default_factory=dict)  # unique id -> bridge it entered last
    desk: bool = False  # the first agent's leg waits alone
    want: Want | None = None
    due: str = ""  # where the citizen was sent out of the hold: sent again if the kick missed them
    wave: Want | None = None  # pause, resume or stop of the recording
    recording: Literal["", "on", "paused"] = ""
    spies: dict[str, str] = field(default_factory=dict)  # their unique id -> effect, or "" once answered

    def ids(self) -> tuple[str, ...]:
        """Every channel that `Call` does not know of."""
        return (self.second_id, *self.spies)

    def with_first(self, call: Call) -> bool:
        """The citizen and the first agent are in one conversation."""
        return self._shared(call.uniqueid, call.leg_id)

    def with_second(self, call: Call) -> bool:
        return self._shared(call.uniqueid, self.second_id)

    def asking(self, call: Call) -> bool:
        """The two agents talk."""
        return self._shared(call.leg_id, self.second_id)

    def _shared(self, one: str, other: str) -> bool:
        return bool(one and other) and self.where.get(one, "1") == self.where.get(other, "2")
