"""A session in writing: what is said as lines, choices as buttons, and what somebody writes as an answer.

For chat and the terminal. It decides nothing: which choice is meant it finds by key, label or part of one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from ivr_flows import wording
from ivr_flows.house import PERSON_WORDS, message_of
from ivr_flows.session import Answered, Ask, Choose, Collect, Input, Say, Silent

LEAST_PART = 3  # letters of a label that may stand for it


class Line(Struct, frozen=True):
    """Something to show: said, or a button with its key."""

    kind: Literal["say", "choice"]
    text: str
    key: str = ""
    language: str = ""  # of the text: its direction follows from it


def text_of(say: Say) -> str:
    """As one reads it."""
    words = wording.written(message_of(say), say.language, say.values)
    return " ".join(words.split())


def lines(asks: Iterable[Ask]) -> list[Line]:
    """What a step wants shown, in order."""
    shown: list[Line] = []
    for ask in asks:
        match ask:
            case Say():
                shown.append(Line("say", text_of(ask), language=ask.language))
            case Choose(options=options):
                shown += [Line("choice", text_of(o.label), o.key, o.label.language) for o in options]
            case _:
                pass
    return shown


def understood(ask: Ask | None, written: str) -> Input:
    """What somebody wrote, as an input. Nothing written is silence."""
    if not written.strip():
        return Silent()
    if not isinstance(ask, Choose):
        return Answered(written)
    folded = fold(written)
    keys = {option.key for option in ask.options}
    if folded in keys or folded in tuple(ask.silent_keys):
        return Answered(folded)
    labels = {option.key: fold(text_of(option.label)) for option in ask.options}
    same = [key for key, label in labels.items() if label == folded]
    near = [key for key, label in labels.items() if len(folded) >= LEAST_PART and folded in label]
    if len(same or near) == 1:
        return Answered((same or near)[0])
    if "0" in ask.silent_keys and any(word in PERSON_WORDS for word in re.split(r"[^\w']+", folded)):
        return Answered("0")
    return Answered(written)


def hidden(ask: Ask | None) -> bool:
    """Whether an answer to this may hold something personal: it is then shown and kept masked."""
    return isinstance(ask, Collect) and ask.secret


def fold(text: str) -> str:
    """Without capitals, accents and blanks around: how people write."""
    apart = unicodedata.normalize("NFKD", text.casefold().strip())
    return " ".join("".join(sign for sign in apart if not unicodedata.combining(sign)).split())
