"""One message to one citizen on its way: which one, what was tried, what became of it. Nothing personal.

What fills the message's places is sealed under its citizen's key, elsewhere.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, structs

from citizens.notice import Tried, Way

Stage = Literal["waiting", "sending", "taken", "done", "failed"]
# sending: begun, and cut short if nobody goes on · taken: a server answers for it, and is still asked whether
# it arrived · failed: by no way


class Owed(Struct, frozen=True, omit_defaults=True):
    """What the journey must still be told."""

    id: str
    at: int
    what: Literal["notified", "undelivered"]
    way: str = ""
    reason: str = ""


class Notice(Struct, frozen=True, omit_defaults=True):
    """Times in microseconds since 1970."""

    notice: str
    citizen: str
    message: str  # its id in the configuration
    made: int
    until: int
    by: str = ""  # pseudonym or role of who asked for it
    contact: str = ""
    stage: Stage = "waiting"
    due: int = 0
    way: Way | None = None  # the one in use, or last used
    tried: tuple[Tried, ...] = ()
    code: str = ""  # closed: what the last step came to
    reference: str = ""  # the provider's name for it
    asked: int = 0  # how often it was asked whether it arrived
    owed: tuple[Owed, ...] = ()

    @property
    def over(self) -> bool:
        return self.stage in ("done", "failed") and not self.owed

    def key(self, way: Way) -> str:
        """The same each time this way is tried: a server that knows it takes the message once."""
        return f"{self.notice}.{way}"

    def times(self, way: Way) -> int:
        return next((each.times for each in self.tried if each.way == way), 0)

    def trying(self, way: Way, *, over: bool = False, more: int = 0) -> tuple[Tried, ...]:
        """What was tried, with this way tried `more` times more, or over for good."""
        others = tuple(each for each in self.tried if each.way != way)
        return (*others, Tried(way, self.times(way) + more, over))

    def owing(self, what: Literal["notified", "undelivered"], at: int, reason: str = "") -> Notice:
        """The same with a line for the journey; told again, it is the same line."""
        way = self.way or ""
        line = Owed(f"{self.notice}-{way or 'none'}-{what}", at, what, way, reason)
        return structs.replace(self, owed=(*(each for each in self.owed if each.id != line.id), line))
