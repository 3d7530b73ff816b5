"""Why a contact was offered to this agent and not to others, per profile of agents. Reads only.

A profile is agents with equal levels: ten thousand agents are explained in as many lines as there are kinds
of them, and where there are very many kinds in the nearest few of each outcome, with counts of all. Called
as a `State.witness` it explains a decision at its very instant; otherwise it tells how things stand now.

10,000 agents of as many profiles take 110 ms and 2 kB, of 20 profiles 16 ms: a question, no part of a step.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from router.core.groups import keeps_out
from router.core.line import HELD, hold_of
from router.core.may import capacity_of, has_room, holds_out, reachable, refused
from router.core.reserve import spares
from router.core.score import Score, score
from router.core.state import AgentRecord, ContactRecord, State
from skills.eligibility import eligible, missing

ABLE = "able"  # the outcome of those who are or were free to have it, the winner among them
ALL_SHOWN = 64  # up to so many profiles all are shown
NEAREST = 6  # beyond, so many of each outcome

# Every reason why an agent cannot be offered a contact. `router/tell` has a sentence for each.
REASONS = (
    "lacks_skill", "away", "offline", "gateway_down", "unreachable", "channel_closed", "releasing", "busy",
    "own_call", "refused", "another_preferred", "in_reserve", "kept_free",
)  # fmt: skip


class Profile(Struct, frozen=True, omit_defaults=True):
    """Agents alike. Either why none of them can be chosen, or the terms of the best of them."""

    skills: dict[str, int]
    agents: int
    excluded: dict[str, int] = {}  # reason -> how many agents: lacks_skill, away, offline, busy, refused, …
    lacks: dict[str, int] = {}  # the nearest alternative's skills and minimums not met
    agent: str = ""  # the best of those who can
    terms: dict[str, int] = {}
    score: int | None = None
    behind: int | None = None  # points short of the winner's, where the decision itself is explained


class Group(Struct, frozen=True):
    """How many agents had one outcome, shown or not: a reason, or `able`."""

    outcome: str
    agents: int


class Why(Struct, frozen=True, omit_defaults=True):
    """One contact's present situation, or its offer, against every profile."""

    contact: str
    state: str
    agent: str = ""  # to whom it is offered or who serves it
    terms: dict[str, int] = {}  # as they were when that offer was made
    score: int | None = None
    profiles: tuple[Profile, ...] = ()
    groups: tuple[Group, ...] = ()
    left_out: int = 0  # profiles not shown, because there are very many


def explain(state: State, contact: ContactRecord) -> Why:
    """The winner's terms as recorded, every profile's reason or terms as of now."""
    offer = state.offers[contact.offers[-1]] if contact.offers else None
    chosen = contact.agent or (offer.agent if offer else "")
    shown = _shown(_profiles(state, contact))
    if contact.state == "waiting":
        return Why(contact.contact, contact.state, "", {}, None, *shown)
    if offer is None or offer.agent != chosen:  # a bridge was found that no offer led to
        return Why(contact.contact, contact.state, chosen, {}, None, *shown)
    return Why(contact.contact, contact.state, chosen, offer.why, offer.score, *shown)


def explain_offer(state: State, contact: ContactRecord, agent: AgentRecord, worth: Score) -> Why:
    """The same at the instant the offer is made: everybody's terms stand against the winner's."""
    shown = _shown(_profiles(state, contact, worth.total))
    return Why(contact.contact, "offered", agent.agent, worth.terms, worth.total, *shown)


def _profiles(state: State, contact: ContactRecord, winner: int | None = None) -> list[Profile]:
    """All of them, in the order of their levels."""
    alike: dict[tuple[tuple[str, int], ...], list[AgentRecord]] = {}
    for agent in state.agents.values():
        alike.setdefault(tuple(sorted(agent.skills.items())), []).append(agent)
    return [profile(state, contact, alike[key], winner) for key in sorted(alike)]


def _shown(profiles: list[Profile]) -> tuple[tuple[Profile, ...], tuple[Group, ...], int]:
    """What fits an answer that people read: all, or the nearest of each outcome; and the counts of all."""
    counts: dict[str, int] = {}
    for each in profiles:
        for reason, agents in each.excluded.items():
            counts[reason] = counts.get(reason, 0) + agents
        if able := each.agents - sum(each.excluded.values()):
            counts[ABLE] = counts.get(ABLE, 0) + able
    groups = tuple(Group(name, counts[name]) for name in (ABLE, *REASONS) if name in counts)
    if len(profiles) <= ALL_SHOWN:
        return tuple(profiles), groups, 0
    nearest = {
        place for name in counts for place in _nearest(profiles, name)
    }  # a set of places, read in their order below
    return tuple(profiles[place] for place in sorted(nearest)), groups, len(profiles) - len(nearest)


def _nearest(profiles: list[Profile], outcome: str) -> Iterable[int]:
    """The places of the few profiles that came closest to having it, of those with this outcome."""
    of_it = [
        (-(each.score or 0), _gap(each), place)
        for place, each in enumerate(profiles)
        if (each.score is not None if outcome == ABLE else outcome in each.excluded)
    ]
    return (place for _, _, place in sorted(of_it)[:NEAREST])


def _gap(profile: Profile) -> tuple[int, int]:
    """How many skills are short, and how many levels in all."""
    short = sum(least - profile.skills.get(skill, 0) for skill, least in profile.lacks.items())
    return len(profile.lacks), short


def profile(
    state: State, contact: ContactRecord, agents: list[AgentRecord], winner: int | None = None
) -> Profile:
    """One profile against one contact, and against the score that won it."""
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
    behind = None if winner is None else winner - worth.total
    return Profile(skills, len(agents), excluded, {}, best.agent, worth.terms, worth.total, behind)


def exclusion(state: State, contact: ContactRecord, agent: AgentRecord) -> str:
    """The first of REASONS why this agent cannot be offered this contact now; empty if they can."""
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
    if keeps_out(state, agent, contact.group):
        return "in_reserve"
    if not has_room(state, agent, contact.channel):
        if agent.releasing:
            return "releasing"
        return "busy" if agent.hands else "own_call"
    if refused(state, contact, agent):
        return "refused"
    if holds_out(state, contact, agent):
        return "another_preferred"
    if hold_of(contact) == HELD and state.in_line(contact) and not spares(state, agent, contact):
        return "kept_free"
    return ""
