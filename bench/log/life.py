"""The events of contacts' lives, each made when the one before it was released. No clock, no I/O.

contact → offer → answer accepted → ended → done, on sixty agents who each know three of six topics.
"""

from __future__ import annotations

from collections import deque

from router.core.effects import Offer
from router.core.events import Agent, Answer, Contact, Done, Ended, Event
from router.door import Released

TOPICS = ("housing", "family", "disability", "income", "health", "moving")
LANGUAGES = ("fr", "en", "ar")
AGENTS = 60


AHEAD = 2 * AGENTS  # contacts that may be waiting for what follows: else a slow log would get contacts only


class Life:
    """Gives the next event to submit: what follows from a release if there is any, else another contact.

    One event in four is a contact, as in a life. None: all that may come now waits for a release.
    """

    def __init__(self) -> None:
        self.contacts = 0
        self._given = 0
        self._follows: deque[Event] = deque()

    def agents(self) -> list[Event]:
        """Who serves: submitted before anything is measured."""
        return [
            Agent(f"agent-{n}", "ready", skills={**{TOPICS[(n + k) % 6]: 3 + k for k in range(3)}, "fr": 5})
            for n in range(AGENTS)
        ]

    def next(self) -> Event | None:
        if not self._follows and self.contacts > self._given / 4 + AHEAD:
            return None
        self._given += 1
        if self._follows:
            return self._follows.popleft()
        self.contacts += 1
        n = self.contacts
        needs = ({TOPICS[n % 6]: 3, "fr": 3},)
        return Contact(f"contact-{n}", "phone", needs, via="bench", topic=TOPICS[n % 6], language="fr")

    def heard(self, released: Released) -> None:
        """A listener of the door."""
        entry = released.entry
        for effect in entry.effects:
            if isinstance(effect, Offer):
                self._follows.append(Answer(effect.offer, effect.contact, effect.agent, "accepted"))
        event = entry.event
        if isinstance(event, Answer):
            self._follows.append(Ended(event.contact, event.agent))
        elif isinstance(event, Ended) and event.agent is not None:
            self._follows.append(Done(event.contact, event.agent))


class EmptyLife(Life):
    """The same events where no step makes offers: each contact is answered as if it had been offered."""

    def heard(self, released: Released) -> None:
        event = released.entry.event
        if isinstance(event, Contact):
            agent = f"agent-{self.contacts % AGENTS}"
            self._follows.append(Answer(f"{event.contact}.1", event.contact, agent, "accepted"))
        super().heard(released)
