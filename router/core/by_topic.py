"""What a topic rules otherwise than its pool: the pause after a refusal, the misses that set away."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from router.core.policy import Policy
    from router.core.state import ContactRecord


def refusal_pause(policy: Policy, contact: ContactRecord) -> int:
    """How long an agent who refused the contact, and is the only one left, is not asked again."""
    topic = policy.topics.get(contact.topic)
    return policy.refusal_pause if topic is None or topic.refusal_pause is None else topic.refusal_pause


def away_after_misses(policy: Policy, contact: ContactRecord) -> int | None:
    """Offers missed in a row, the last of them of this contact, that set an agent away; None: never."""
    topic = policy.topics.get(contact.topic)
    if topic is None or topic.away_after_misses is None:
        return policy.away_after_misses
    return topic.away_after_misses
