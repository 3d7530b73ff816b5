"""Whether a citizen's choice is legal: of what was proposed, once, while they wait. A part of `check`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.core.lifecycle import LEAVABLE
from router.core.marks import mark_of
from router.core.must import contact_of, not_now

if TYPE_CHECKING:
    from router.core.events import Choice
    from router.core.state import State


def choice(state: State, event: Choice) -> bool:
    contact = contact_of(state, event.contact)
    name = event.contact
    if contact.choice:
        if contact.marks.get("Choice") == mark_of(event):
            return True
        not_now(f"contact {name} has chosen already: {contact.choice}")
    if contact.state not in LEAVABLE:
        not_now(f"contact {name} is not waiting or offered: it is {contact.state}")
    if event.channel not in contact.proposed:
        not_now(f"channel {event.channel} was not proposed to contact {name}")
    if event.choice == "accepted":
        if contact.state == "offered":
            not_now(f"contact {name} is offered to an agent at this moment")
        if contact.via:
            not_now(f"contact {name} is held by {contact.via}: what follows it is asked for there")
    return False
