"""Everything a flow may say, as the pieces that must be there as sound before the first call. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from ivr_flows.house import HOUSE
from ivr_flows.message import Choice, Message, gaps
from ivr_flows.model import Flow, Flows
from ivr_flows.phone_words import keys_said
from ivr_flows.prompts import parsed
from ivr_flows.questions import Menu
from ivr_flows.session import Choose, Option, Say
from ivr_flows.texts import texts
from ivr_flows.vocabulary import vocabulary
from ivr_flows.wording import spoken

MOST_ARMS = 200  # ways that the choices within one sentence may combine
LINE = ("interval", "number", "digits")  # kinds of value that every line of waiting citizens needs

Wanted = tuple[str, str]  # language and text


def wanted(flows: Flows) -> list[Wanted]:
    """Of every flow in it, with the house's own words and the numbers they need; each once."""
    found: dict[Wanted, None] = {}
    kinds: dict[str, set[str]] = {}
    for flow in flows.flows.values():
        for language in flow.head.languages:
            kinds.setdefault(language.partition("-")[0], set(LINE))
        for say in _says(flow):
            message = parsed(say.text)
            plain = say.language.partition("-")[0]
            kinds.setdefault(plain, set()).update(gaps(message).values())
            found |= dict.fromkeys((say.language, piece) for piece in fixed(message, say.language))
    for language, needed in kinds.items():
        for text in HOUSE.get(language, HOUSE["en"]).values():
            found |= dict.fromkeys((language, piece) for piece in fixed(parsed(text), language))
        found |= dict.fromkeys((language, piece) for piece in vocabulary(language, sorted(needed)))
    return list(found)


def fixed(message: Message, language: str) -> list[str]:
    """The pieces of a sentence that are no values, whichever way its choices go."""
    pieces: dict[str, None] = {}
    for each in _ways(message):
        pieces |= dict.fromkeys(spoken(each, language, {}))
    return list(pieces)


def _ways(message: Message) -> Iterator[Message]:
    """The sentence without choices, once for each way they may go."""
    parts = [
        [way for _, arm in part.arms for way in _ways(arm)] if isinstance(part, Choice) else [(part,)]
        for part in message
    ]
    for number, combined in enumerate(product(*parts)):
        if number >= MOST_ARMS:
            return
        yield tuple(piece for way in combined for piece in way)


def _says(flow: Flow) -> Iterator[Say]:
    for text in texts(flow):
        if ".menu." not in text.prompt:
            yield from (Say(text.prompt, language, words) for language, words in text.words.items())
    for name, node in flow.nodes.items():
        if not isinstance(node, Menu):
            continue
        for key, choice in node.menu.items():
            for language, words in choice.label.items():
                label = Say(f"{flow.name}.{name}.menu.{key}", language, words)
                yield from keys_said(Choose(name, (Option(key, label),), 1.0))
