"""What is wrong in a file of Asterisk's, by a name that stays, and where. Plain data."""

from __future__ import annotations

from msgspec import Struct


class Fault(Struct, frozen=True):
    """`rule`: its name in docs/how-to/asterisk.md; `where`: file:line. A warning is no error."""

    rule: str
    where: str
    what: str
    mend: str
    warning: bool = False
