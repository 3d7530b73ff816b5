"""An action on its way over AMI: its text, and what was answered so far. Pure, but for the future that tells.

It must never let a value end a header line, nor take an English sentence for the end of a list.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from router.phone import ami_actions

if TYPE_CHECKING:
    from collections.abc import Mapping

SUCCESS = ("Success", "Follows", "Goodbye")
ENDS = ("complete", "cancelled")


class Answer(list[dict[str, str]]):
    """The header lines of what came back: of one message, or of a list's, in order."""

    @property
    def success(self) -> bool:
        return "event" in self[0] or self[0].get("response") in SUCCESS


class Asked:
    """`future` has the answer once it is whole. A list ends at `EventList: Complete`."""

    __slots__ = ("answer", "as_list", "future", "id", "text")

    def __init__(self, lines: Mapping[str, str], number: str, *, as_list: bool) -> None:
        """Raises Unsent for a value that may not be sent."""
        checked = ami_actions.checked({**lines, "ActionID": number})
        self.id = number
        self.text = "".join(f"{name}: {value}\r\n" for name, value in checked.items()) + "\r\n"
        self.as_list = as_list
        self.answer = Answer()
        self.future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

    def add(self, said: dict[str, str]) -> bool:
        """One more message of the answer; whether it is whole now."""
        self.answer.append(said)
        if self.as_list and self.answer.success and said.get("eventlist", "").lower() not in ENDS:
            return False
        if not self.future.done():
            self.future.set_result(self.answer)
        return True
