"""A transfer as an event: who may have the contact next. It chooses nobody: the core does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET

from router.api.contacts import holder, unknown
from router.api.needs import needs_of
from router.api.problems import Problem
from router.core.events import Again
from router.core.policy import SECOND
from router.core.pools import PREFIX
from skills.eligibility import eligible

if TYPE_CHECKING:
    from router.api.permissions import Caller
    from router.api.shapes import Transfer
    from router.core.events import Needs
    from router.core.state import ContactRecord, State

ALTERNATIVES = 32  # of needs at most, and skills in each: the protocol's own bound


def transfer(state: State, contact: str, caller: Caller, wanted: Transfer) -> Again:
    """The event, or a Problem."""
    record = state.contacts.get(contact)
    if record is None:
        raise unknown(contact)
    caller.must_be(holder(state, record) or record.agent)
    channel = wanted.channel if isinstance(wanted.channel, str) else None
    target = None if wanted.target_s is UNSET else round(wanted.target_s * SECOND)
    if isinstance(wanted.agent, str):
        if (wanted.topic, wanted.language, wanted.needs) != (UNSET, UNSET, UNSET):
            raise Problem("bad_field", "an agent is chosen, so no topic, language or needs", field="agent")
        needs = _for_agent(state, record, wanted.agent)
        wait = round(wanted.for_s * SECOND)
        pool = _pool(wanted)
        if pool is None and not _of_its_pool(state, record, wanted.agent):
            pool = ""
        return Again(contact, needs, channel, target, (wanted.agent,), wait, caller.name, pool)
    needs = _needs(state, record, wanted)
    return Again(contact, needs, channel, target, by=caller.name, pool=_pool(wanted))


def _pool(wanted: Transfer) -> str | None:
    """Into which pool inside this one: None where nothing is said, empty for none."""
    return None if wanted.pool is UNSET else wanted.pool or ""


def _of_its_pool(state: State, record: ContactRecord, name: str) -> bool:
    """Whether an agent serves the pool that the contact is in, if it is in one."""
    return not record.pool or PREFIX + record.pool in state.agents[name].skills


def _needs(state: State, record: ContactRecord, wanted: Transfer) -> Needs:
    """Given needs; else those of the topic and language wanted; else what it needed before."""
    if wanted.needs is not UNSET:
        if (wanted.topic, wanted.language) != (UNSET, UNSET):
            raise Problem("bad_field", "needs are given, so no topic or language", field="needs")
        return (wanted.needs,)
    if wanted.topic is UNSET and wanted.language is UNSET:
        return record.needs
    topic = wanted.topic if isinstance(wanted.topic, str) else record.topic
    language = wanted.language if isinstance(wanted.language, str) else record.language
    return needs_of(state.policy, topic, language)


def _for_agent(state: State, record: ContactRecord, name: str) -> Needs:
    """What it needed before; where this agent lacks that, their own skills are an alternative.

    So the agent may have it, and who gets it after a vain wait is still somebody who can serve it.
    """
    agent = state.agents.get(name)
    if agent is None:
        raise Problem("unknown_agent", "this agent has never logged in: GET /api/v1/agents has all names")
    if name == record.agent:
        raise Problem("bad_field", "this agent has the contact already", field="agent")
    if agent.state != "ready":
        raise Problem("not_now", f"agent {name} is {agent.state}: choose another, or a topic")
    if eligible(agent.skills, record.needs):
        return record.needs
    theirs = dict(sorted(agent.skills.items())[:ALTERNATIVES])
    return (*record.needs[: ALTERNATIVES - 1], theirs)
