"""Which skills a topic and a language ask for, by the policy that rules now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.api.bodies import unknown_name

if TYPE_CHECKING:
    from router.core.events import Needs
    from router.core.policy import Policy


def needs_of(policy: Policy, topic: str, language: str) -> Needs:
    """The topic's needs and what the language adds; the higher minimum where both name a skill."""
    if topic not in policy.topics:
        raise unknown_name(topic, tuple(policy.topics), "topic", "bad_field")
    if language not in policy.languages:
        raise unknown_name(language, tuple(policy.languages), "language", "bad_field")
    needs = dict(policy.topics[topic].needs)
    for skill, level in policy.languages[language].items():
        needs[skill] = max(level, needs.get(skill, 0))
    return (needs,)
