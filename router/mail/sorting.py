"""What a letter asks for: topic and language where they are sure, needs, target and deadline by the policy.

Below the threshold nothing is guessed: a person sorts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.core.asking import needs_of, target_of
from router.core.events import Contact
from router.mail.deadline import working_deadline

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.core.policy import Policy
    from router.log.mail_store import Taken
    from router.mail.letter import Letter
    from router.mail.settings import MailSettings
    from router.mail.tongue import Tongue
    from router.mail.topics import Topics

LATEST = 30 * 86_400_000_000  # microseconds: a letter is not older than this, whatever its server says


class Sorting:
    """`count` hears whether a topic was sure."""

    def __init__(
        self, settings: MailSettings, topics: Topics, tongue: Tongue, count: Callable[[str], None]
    ) -> None:
        self._settings, self._topics, self._tongue, self._count = settings, topics, tongue, count

    def language(self, letter: Letter) -> str:
        """The one recognised, else the first one configured."""
        language, sure = self._tongue.of(_words(letter))
        if sure >= self._settings.language_sure:
            return language
        return next(iter(self._settings.languages), "")

    def topic(self, letter: Letter) -> str:
        """Empty: nobody is sure of it."""
        topic, sure = self._topics.of(_words(letter))
        certain = sure >= self._settings.topic_sure
        self._count("sorted" if certain else "unsorted")
        return topic if certain else ""

    def contact(
        self, policy: Policy, taken: Taken, citizen: str, topic: str, language: str, came: int, now: int
    ) -> Contact:
        """The event. `came`: when the letter did, 0 where its server does not say."""
        topic = next((each for each in (topic, self._settings.sorting) if each in policy.topics), "")
        language = language if language in policy.languages else ""
        waited = min(max(now - came, 0), LATEST) if came else 0
        arrived, days = now - waited, self._settings.working_days
        return Contact(
            taken.contact,
            "email",
            (needs_of(policy, topic, language),),
            target=target_of(policy, topic),
            due=working_deadline(self._settings.hours, arrived, days) - arrived if days else None,
            waited=waited,
            citizen=citizen,
            topic=topic,
            language=language,
            journey=0 if taken.thread == taken.contact else 1,
        )


def _words(letter: Letter) -> str:
    return f"{letter.subject}\n{letter.text}"
