"""How much earlier a contact counts as having come: waiting is harder for some.

A verified vulnerability, an earlier call that was cut, a long journey through the house. They add up to at
most `policy.credit_cap`, so nobody is overtaken by an equal contact that came more than that later (law 5).
Who may see it is promise 5's: this module knows no citizen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from router.core.events import Contact
    from router.core.policy import Policy


def credit_of(policy: Policy, contact: Contact) -> int:
    """Microseconds, at least 0."""
    credit = policy.vulnerable_credit if contact.vulnerable else 0
    credit += policy.cut_credit if contact.cut else 0
    credit += policy.journey_credit * contact.journey
    return min(credit, policy.credit_cap)
