"""No second hard conversation in a row while another agent can take it: a term of the score.

Which are hard is configured, by the skills they ask for; where none is, nothing here has an effect. It never
keeps a contact waiting: whoever alone can take it gets it, however strained.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from router.core.events import Needs
    from router.core.policy import Policy


def hard(policy: Policy, needs: Needs) -> bool:
    """Whether such a conversation is hard on its agent."""
    return bool(policy.hard) and any(skill in minimums for minimums in needs for skill in policy.hard)
