"""What a citizen asks for, by the policy that rules now: which skills, and within which wait.

Pure. An empty name was not asked for and adds nothing. One that the policy lacks is a KeyError: each gateway
says it in its own words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from router.core.policy import Policy


def needs_of(policy: Policy, topic: str, language: str) -> dict[str, int]:
    """The topic's needs and what the language adds; the higher level where both name a skill."""
    needs = dict(policy.topics[topic].needs) if topic else {}
    for skill, level in (policy.languages[language] if language else {}).items():
        needs[skill] = max(level, needs.get(skill, 0))
    return needs


def target_of(policy: Policy, topic: str) -> int | None:
    """The topic's own wanted wait; None: the channel's."""
    return policy.topics[topic].target if topic else None
