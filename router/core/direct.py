"""Direct to an agent: a contact that waits for one agent alone, and for how long.

Unlike a mere preference it also waits while that agent is away, and never longer than said. It ends at once
when the agent refuses it, logs out or can not serve it: nobody waits for whom will not come. What then rules
is what it needed before, kept in `ContactRecord.direct`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.core.needs import shared
from skills.eligibility import eligible

if TYPE_CHECKING:
    from router.core.events import Needs
    from router.core.state import AgentRecord, ContactRecord, State


def begin(state: State, contact: ContactRecord, name: str, wait: int | None, *, force: bool = False) -> None:
    """From now on for this agent alone. The contact stands in no line meanwhile.

    With `force` the agent's own levels suffice, for them and as long as it is for them alone.
    """
    end(contact)
    wait = state.policy.direct_for if wait is None else wait
    contact.prefers, contact.prefers_until = (name,), state.now + wait
    contact.direct = contact.needs
    agent = state.agents.get(name)
    if force and agent is not None and not eligible(agent.skills, contact.needs):
        contact.needs = tuple(_within(agent, contact.needs))
    contact.refusals.pop(name, None)


def end(contact: ContactRecord) -> None:
    """Whoever meets its needs may have it again. The contact stands in no line meanwhile."""
    if contact.direct is not None:
        contact.needs, contact.direct = contact.direct, None
        contact.prefers, contact.prefers_until = (), 0


def renew(contact: ContactRecord, needs: Needs) -> None:
    """Other needs, as relaxation or a hand-over bring them; those an agent was forced to serve stay."""
    if contact.direct is not None:
        forced = contact.direct != contact.needs
        contact.direct = needs
        if forced:
            return
    contact.needs = shared(needs)


def worth_waiting(contact: ContactRecord, agent: AgentRecord) -> bool:
    """Whether an agent who is not ready now is still the one to wait for: logged in, and asked alone."""
    return contact.direct is not None and agent.state != "offline"


def _within(agent: AgentRecord, needs: Needs) -> list[dict[str, int]]:
    """The same needs at no more than the agent's levels; a skill not held at all is not asked for."""
    return [
        {skill: min(least, agent.skills[skill]) for skill, least in minimums.items() if skill in agent.skills}
        for minimums in needs
    ]
