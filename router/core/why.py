"""Why a contact was offered to this agent and not to others, per profile of agents. Reads only.

A profile is agents with equal levels: ten thousand agents are explained in as many lines as
there are kinds of them.
"""

from __future__ import annotations

from msgspec import Struct

from router.core.matching import capacity_of, has_room, holds_out, reachable, refused
from router.core.score import score
from router.core.state import AgentRecord, ContactRecord, State
from skills.eligibility import eligible, missing


class Profile(Struct, frozen=True, omit_defaults=True):
    """Agents alike. Either why none of them can be chosen, or the terms of the best of them."""

    skills: dict[str, int]
    agents: int
    excluded: dict[str, int] = {}  # reason -> how many agents: lacks_skill, away, offline, busy, refused, …
    lacks: dict[str, int] = {}  # the nearest alternative's skills and minimums not met
    agent: str = ""  # the best of those who can
    terms: dict[str, int] = {}
    score: int | None = None


class Why(Struct, frozen=True, omit_defaults=True):
    """One contact's present situation, or its open offer, against every profile."""

    contact: str
    state: str
    agent: str = ""  # to whom it is offered or who serves it
    terms: dict[str, int] = {}  # as they were when that offer was made
    score: int | None = None
    profiles: tuple[Profile, ...] = ()


def explain(state: State, contact: ContactRecord) -> Why:
    """The winner's terms as recorded, every profile's reason or terms as of now."""
    groups: dict[tuple[tuple[str, int], ...], list[AgentRecord]] = {}
    for agent in state.agents.values():
        groups.setdefault(tuple(sorted(agent.skills.items())), []).append(agent)
    offer = state.offers[contact.offers[-1]] if contact.offers else None
    chosen = contact.agent or (offer.agent if offer else "")
    profiles = tuple(profile(state, contact, groups[key]) for key in sorted(groups))
    if contact.state == "waiting":
        return Why(contact.contact, contact.state, profiles=profiles)
    if offer is None or offer.agent != chosen:  # a bridge was found that no offer led to
        return Why(contact.contact, contact.state, chosen, profiles=profiles)
    return Why(contact.contact, contact.state, chosen, offer.why, offer.score, profiles)


def profile(state: State, contact: ContactRecord, agents: list[AgentRecord]) -> Profile:
    """One profile against one contact."""
    excluded: dict[str, int] = {}
    able = []
    for agent in agents:
        reason = exclusion(state, contact, agent)
        if reason:
            excluded[reason] = excluded.get(reason, 0) + 1
        else:
            able.append(agent)
    skills = agents[0].skills
    if not able:
        return Profile(skills, len(agents), excluded, missing(skills, contact.needs))
    scored = [(score(state, contact, agent), agent) for agent in able]
    worth, best = min(scored, key=lambda pair: (-pair[0].total, pair[1].idle_since, pair[1].agent))
    return Profile(skills, len(agents), excluded, agent=best.agent, terms=worth.terms, score=worth.total)


def exclusion(state: State, contact: ContactRecord, agent: AgentRecord) -> str:
    """The first reason why this agent cannot be offered this contact now; empty if they can."""
    if not eligible(agent.skills, contact.needs):
        return "lacks_skill"
    if agent.state != "ready":
        return agent.state
    if contact.contact in agent.hands:
        return ""
    if not state.steered(contact):
        return "gateway_down"
    if not reachable(agent, contact.via):
        return "unreachable"
    if capacity_of(state, agent, contact.channel) == 0:
        return "channel_closed"
    if not has_room(state, agent, contact.channel):
        if agent.releasing:
            return "releasing"
        return "busy" if agent.hands else "own_call"
    if refused(state, contact, agent):
        return "refused"
    if holds_out(state, contact, agent):
        return "another_preferred"
    return ""
