"""The agents of a pool under a classical rule: who is there, with what in hand, who may take one more.

It decides nothing. Who may take anything at all is kept up to date, not looked for: `open_to`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from skills.eligibility import eligible

if TYPE_CHECKING:
    from router.core.events import Agent, Needs
    from router.core.needs import NeedsKey
    from router.core.policy import Policy


class Member(Struct):
    """An agent."""

    name: str
    skills: dict[str, int]
    capacity: dict[str, int]
    ready: bool = True
    since: int = 0  # with nothing in hand
    hands: dict[str, str] = field(default_factory=dict)  # contact -> channel


class Crew:
    """All agents. Of the policy it keeps how many contacts of each channel go into one agent's hands."""

    def __init__(self, policy: Policy) -> None:
        self.members: dict[str, Member] = {}
        self.open_to: dict[str, Member] = {}  # ready, with nothing in hand that excludes all else
        self._channels = policy.channels
        self._able: dict[NeedsKey, set[str]] = {}

    def hear(self, event: Agent, at: int) -> None:
        """Somebody came, went on a break or came back."""
        member = self.members.get(event.agent)
        if member is None:
            member = Member(event.agent, event.skills or {}, event.capacity or {}, since=at)
            self.members[event.agent] = member
            self._able.clear()
        member.ready = event.state == "ready"
        self._sort(member)

    def take(self, member: Member, contact: str, channel: str) -> None:
        member.hands[contact] = channel
        self._sort(member)

    def let_go(self, contact: str, name: str, at: int) -> None:
        member = self.members[name]
        member.hands.pop(contact, None)
        if not member.hands:
            member.since = at
        self._sort(member)

    def able(self, kind: NeedsKey, needs: Needs) -> set[str]:
        """Who has the skills for contacts that need this."""
        known = self._able.get(kind)
        if known is None:
            known = {member.name for member in self.members.values() if eligible(member.skills, needs)}
            self._able[kind] = known
        return known

    def has_room(self, member: Member, channel: str) -> bool:
        """Whether one more of this channel goes into their hands."""
        if member.name not in self.open_to:
            return False
        most = member.capacity.get(channel, self._channels[channel].capacity)
        if self._channels[channel].exclusive:
            return not member.hands and most > 0
        return sum(held == channel for held in member.hands.values()) < most

    def _sort(self, member: Member) -> None:
        if member.ready and not any(self._channels[held].exclusive for held in member.hands.values()):
            self.open_to[member.name] = member
        else:
            self.open_to.pop(member.name, None)
