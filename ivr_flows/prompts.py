"""A prompt: one sentence in several languages, `{"fr": "…", "en": "…", "fr-plain": "…"}`. Pure.

`fr-plain` is the variant in plain language. A language that is missing falls back to its
plain tag, then to the flow's first language: a citizen hears something, and `check` says what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from ivr_flows import wording
from ivr_flows.message import Message, parse
from ivr_flows.wording import Values

Prompt = Mapping[str, str]


@lru_cache(4096)
def parsed(text: str) -> Message:
    """Raises MessageFault, which a checked flow never does."""
    return parse(text)


def chosen(prompt: Prompt, language: str) -> str:
    """The tag of the text that a citizen of this language gets. Raises KeyError for a prompt without text."""
    for tag in (language, language.partition("-")[0]):
        if tag in prompt:
            return tag
    try:
        return next(iter(prompt))
    except StopIteration:
        raise KeyError(language) from None


def written(prompt: Prompt, language: str, values: Values) -> str:
    """As read in a chat or on the terminal."""
    tag = chosen(prompt, language)
    return " ".join(wording.written(parsed(prompt[tag]), tag, values).split())


def spoken(prompt: Prompt, language: str, values: Values) -> tuple[str, tuple[str, ...]]:
    """The language it is said in, and its pieces in order, each to be found or made as one sound."""
    tag = chosen(prompt, language)
    return tag, wording.spoken(parsed(prompt[tag]), tag, values)
