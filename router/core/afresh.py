"""What is over, or useless, is not waited for: looked at in each step before anybody is offered anything.

A wait for one agent alone ends once that agent will not come. It looks at the contacts of this step alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.core import direct
from router.core.matching import prefers_now

if TYPE_CHECKING:
    from router.core.turn import Turn


def look_afresh(turn: Turn) -> None:
    """Of the contacts whose chances changed, those whose own story did."""
    state = turn.state
    for name in list(turn.contacts):
        contact = state.contacts[name]
        if contact.direct is not None and state.in_line(contact) and not prefers_now(state, contact):
            turn.leave_line(contact)
            direct.end(contact)
            turn.touch(contact)
            turn.join_line(contact)
