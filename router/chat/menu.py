"""The small built-in questions of a chat: a language and a topic, in the policy's order. Pure.

Anything that is no answer asks again, and after two tries the first choice stands: a person is what they
came for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from router.chat.protocol import Option

if TYPE_CHECKING:
    from router.core.policy import Policy

TRIES = 2
Question = Literal["language", "topic"]


class Asked(Struct, frozen=True):
    """Where the questions are. Empty: not answered yet. `tries` of the present one."""

    language: str = ""
    topic: str = ""
    tries: int = 0


def open_question(policy: Policy, asked: Asked) -> Question | None:
    """What is to be asked next; None: all is known."""
    if not asked.language and policy.languages:
        return "language"
    if not asked.topic and policy.topics:
        return "topic"
    return None


def begin(policy: Policy, language: str, topic: str) -> Asked:
    """What the client said at once, where the policy knows it; a single choice is not asked."""
    languages, topics = tuple(policy.languages), tuple(policy.topics)
    language = language if language in languages else (languages[0] if len(languages) == 1 else "")
    topic = topic if topic in topics else (topics[0] if len(topics) == 1 else "")
    return Asked(language, topic)


def options(policy: Policy, question: Question) -> tuple[Option, ...]:
    """The answers there are."""
    names = policy.languages if question == "language" else policy.topics
    return tuple(Option(name, name) for name in names)


def answer(policy: Policy, asked: Asked, choice: str, text: str) -> Asked:
    """With the answer taken, or with one more try."""
    question = open_question(policy, asked)
    if question is None:
        return asked
    names = [option.id for option in options(policy, question)]
    found = choice if choice in names else _meant(text, names)
    if not found and asked.tries + 1 >= TRIES:
        found = names[0]
    if not found:
        return Asked(asked.language, asked.topic, asked.tries + 1)
    return Asked(found, asked.topic) if question == "language" else Asked(asked.language, found)


def _meant(text: str, names: list[str]) -> str:
    """The choice whose number or name was written."""
    written = text.strip().casefold()
    if written.isascii() and written.isdigit() and 0 < int(written[:4]) <= len(names):
        return names[int(written[:4]) - 1]
    return next((name for name in names if name.casefold() == written), "")
