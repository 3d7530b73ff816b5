"""What is over, or useless, is not waited for: looked at in each step before anybody is offered anything.

A wait for one agent alone ends once that agent will not come. Where the policy says so (`skip_hopeless`), a
step of relaxation is taken at once when nobody ready, busy or not, meets the needs before it. The cost is
that of the contacts of this step, and of the kinds of needs that relax when an agent came, went or changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.core import direct
from router.core.may import prefers_now
from router.core.needs import needs_key

if TYPE_CHECKING:
    from router.core.events import Needs
    from router.core.state import ContactRecord, State
    from router.core.turn import Turn


def look_afresh(turn: Turn) -> None:
    """Of the contacts whose chances changed, those whose own story did."""
    state = turn.state
    skips = state.policy.skip_hopeless
    if skips and turn.staff_changed:
        alone = (names for names in state.relaxing if not somebody(state, state.contacts[next(iter(names))]))
        turn.contacts.update(dict.fromkeys(sorted(name for names in alone for name in names)))
    for name in list(turn.contacts):
        contact = state.contacts[name]
        if not state.in_line(contact):
            continue
        if contact.direct is not None:
            end_in_vain(turn, contact)
        elif skips and contact.relax:
            skip(turn, contact)


def end_in_vain(turn: Turn, contact: ContactRecord) -> None:
    """The one agent it waits for alone will not come: it is for whoever could serve it before."""
    if not prefers_now(turn.state, contact):
        turn.leave_line(contact)
        direct.end(contact)
        turn.touch(contact)
        turn.join_line(contact)


def skip(turn: Turn, contact: ContactRecord) -> None:
    """On to the first step that somebody could serve; with none, it waits for whoever comes."""
    state = turn.state
    if somebody(state, contact):
        return
    for n, step in enumerate(contact.relax, start=1):
        if somebody(state, contact, step.needs):
            turn.leave_line(contact)
            contact.needs, contact.relax = step.needs, contact.relax[n:]
            turn.touch(contact)
            turn.join_line(contact)
            return


def somebody(state: State, contact: ContactRecord, needs: Needs | None = None) -> bool:
    """Whether anybody ready takes such contacts at all, though all their hands may be full."""
    needs = contact.needs if needs is None else needs
    return state.able.places(state.agents, state.policy, contact.channel, needs, needs_key(needs)) > 0
