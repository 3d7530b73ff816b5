"""The same day under another policy: what contacts would have asked for, and what agents would have brought.

A contact that came by a topic of the former policy asks for what the new one says of that topic; whatever was
said otherwise stays as it was said. The promise by which a wait is judged stays the recorded one.
"""

from __future__ import annotations

from msgspec.structs import replace

from router.core.asking import needs_of, target_of
from router.core.events import Agent, Config, Contact
from router.core.policy import Policy
from router.whatif.day import Day, Given, Visit


def under(day: Day, policy: Policy) -> Day:
    """Policies that were applied during the day are not; who logs in brings what the new policy says."""
    given = [_brings(each, day.policy, policy) for each in day.given if not isinstance(each.event, Config)]
    visits = [replace(visit, event=_asks(visit, day.policy, policy)) for visit in day.visits]
    return replace(day, policy=policy, given=given, visits=visits)


def _brings(given: Given, before: Policy, after: Policy) -> Given:
    event = given.event
    if not isinstance(event, Agent):
        return given
    old, new = before.agents.get(event.agent), after.agents.get(event.agent)
    if new is None or old == new:
        return given
    skills = new.skills if old is None or event.skills in (None, old.skills) else event.skills
    capacity = new.capacity if old is None or event.capacity in (None, old.capacity) else event.capacity
    return replace(given, event=replace(event, skills=skills, capacity=capacity))


def _asks(visit: Visit, before: Policy, after: Policy) -> Contact:
    event = visit.event
    if not all(event.topic in policy.topics for policy in (before, after)):
        return event
    tongue = event.language
    if tongue and not all(tongue in policy.languages for policy in (before, after)):
        return event
    needs = (needs_of(before, event.topic, tongue),)
    wanted = (needs_of(after, event.topic, tongue),) if event.needs == needs else event.needs
    target = event.target
    if target is None or target == target_of(before, event.topic):
        target = target_of(after, event.topic)
    return replace(event, needs=wanted, target=target)
