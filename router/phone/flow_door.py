"""By which number a call came in, which flow answers it, and what that flow knows from the start."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from router.phone.agi import Agi

FIELD_MAX = 200
CONTACT = re.compile(r"c-[0-9a-f]{16}\Z")


class Door(Struct, frozen=True):
    """One way in: the number dialled ("": any), and the flow that answers."""

    name: str
    flow: str
    number: str = ""
    draft: bool = False


def door_of(doors: Sequence[Door], called: str) -> Door | None:
    """Who answers this number: the entry that names it, else one that names none."""
    named = [door for door in doors if door.number and called == door.number]
    return next(iter([*named, *(door for door in doors if not door.number)]), None)


def known(agi: Agi, contact: str) -> dict[str, str]:
    """What the session begins with. `unknown` is Asterisk's word for nothing."""
    given = {
        "contact": contact,
        "caller": agi.headers.get("callerid", ""),
        "name": agi.headers.get("calleridname", ""),
        "called": agi.headers.get("dnid", ""),
        "began": str(time.time_ns() // 1000),
    }
    return {name: "" if value == "unknown" else value[:FIELD_MAX] for name, value in given.items()}
