"""Which skills a topic and a language ask for; what the policy lacks is a Problem with the nearest name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.api.bodies import unknown_name
from router.core import asking

if TYPE_CHECKING:
    from router.core.events import Needs
    from router.core.policy import Policy


def needs_of(policy: Policy, topic: str, language: str) -> Needs:
    """One alternative, or a Problem that names the field."""
    try:
        return (asking.needs_of(policy, topic, language),)
    except KeyError:
        field, name, names = "language", language, tuple(policy.languages)
        if topic and topic not in policy.topics:
            field, name, names = "topic", topic, tuple(policy.topics)
        raise unknown_name(name, names, field, "bad_field") from None
