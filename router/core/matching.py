"""Who is offered what: after each step, over those whose chances changed.

Law 4 lives here: nothing waits for a poll, and a head that nobody present can serve never blocks those
behind it. What it decides is what a look at everybody would decide (`tests/property/test_plain_matching.py`);
who may have whom is `may`'s to say, and whom it suits best, `best`'s.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING

from router.core.best import best_agent, best_contact
from router.core.score import score

if TYPE_CHECKING:
    from collections.abc import Iterable

    from router.core.line import Line
    from router.core.state import State
    from router.core.turn import Turn


def match(turn: Turn) -> None:
    """Make every offer that can be made: first whoever came free looks along the lines."""
    before = turn.state.offers_made
    passed_over: dict[Line, None] = {}
    match_agents(turn, passed_over)
    match_contacts(turn, passed_over, after_offers=turn.state.offers_made > before)


def match_agents(turn: Turn, passed_over: dict[Line, None]) -> None:
    """Agents first: one who came free must look along whole lines.

    The contact an agent would take next goes to whom it suits best; that other agent, though, takes the
    first of the line who may have them: nobody is overtaken (law 5) because two agents came free at once.
    """
    state = turn.state
    for name in sorted(turn.agents):
        mine = state.agents[name]
        while (first := best_contact(state, mine, passed_over)) is not None:
            agent = best_agent(state, first) or mine  # of held work not everybody is asked
            contact = first if agent is mine else best_contact(state, agent, passed_over)
            assert contact is not None  # at least `first`
            turn.make_offer(contact, agent, score(state, contact, agent))


def match_contacts(turn: Turn, passed_over: dict[Line, None], *, after_offers: bool) -> None:
    """By rank, each line's head to the agent it suits best. Where a head finds nobody, its line does not.

    An offer may be the very thing a refuser waited for: once every other able agent is taken, the contact may
    come back to them (law 3). So after each offer two sorts are looked at again: those passed over in this
    step because another was free, and those that wait for one of several they prefer. Any other that has a
    refuser free has a pause that lasts, or would have gone to who else was free (law 4).
    """
    state = turn.state
    if not turn.contacts and not after_offers:
        return
    state.roster.settle(state.agents, state.policy)
    if not state.roster:  # whoever is preferred is free too, or cannot take it
        return
    queue: list[tuple[int, str, Line]] = []
    queued: set[Line] = set()

    def look_at(lines: Iterable[Line]) -> None:
        for line in lines:
            if len(line) and line not in queued:
                queued.add(line)
                heappush(queue, (*line.head, line))

    look_at(lines_of(state, turn.contacts))
    if after_offers:
        look_at(passed_over)
        look_at(state.lines.torn())
    while queue:
        _, name, line = heappop(queue)
        queued.discard(line)
        contact = state.contacts[name]
        agent = best_agent(state, contact)
        if agent is not None:
            turn.make_offer(contact, agent, score(state, contact, agent))
            look_at((line, *passed_over, *state.lines.torn()))


def lines_of(state: State, names: Iterable[str]) -> list[Line]:
    """Where these stand, of those that stand in a line."""
    return [state.lines.line_of(name) for name in names if state.in_line(state.contacts[name])]
