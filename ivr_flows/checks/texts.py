"""Texts: a language that is missing, a gap that nothing fills, a key that is said and not accepted."""

from __future__ import annotations

import re

from config.fault import nearest
from ivr_flows.checks.graph import QUESTIONS
from ivr_flows.checks.variables import kinds
from ivr_flows.house import HOUSE
from ivr_flows.inner import Say
from ivr_flows.loader import Draft
from ivr_flows.message import MessageFault, gaps, parse
from ivr_flows.model import Flow, Node
from ivr_flows.questions import Collect, Confirm, Language, Menu, Survey
from ivr_flows.texts import Text
from ivr_flows.texts import texts as texts_of

MOST_CHOICES = 4
LISTS = ("interval", "moment", "list")  # kinds of gaps for values that only a service gives

# What callers are told to do with a key, in the languages that are spoken here most.
_KEY_SAID = re.compile(
    r"(?:tapez|appuyez\s+sur|faites|composez|touche|press|dial|key|pulse|marque|oprima|taste|drücken\s+sie"
    r"|اضغط|اضغطوا)\s+(?:la\s+touche\s+|sur\s+|le\s+|the\s+|key\s+|على\s+|die\s+)*"
    r"(?P<key>[0-9*#]|dièse|étoile|hash|pound|star)(?![\w.,]*\d)",
    re.IGNORECASE,
)
_SIGNS = {"dièse": "#", "hash": "#", "pound": "#", "étoile": "*", "star": "*"}


def texts(made: Draft, flow: Flow) -> None:
    """Each text in each language, then the menus as a whole."""
    known = kinds(flow, made.flows)
    for text in texts_of(flow):
        _languages(made, flow, text)
        for language, words in text.words.items():
            _gaps(made, flow, text, language, words, known)
            _keys(made, flow, text, language, words)
    for tongue in flow.head.languages:
        if tongue.partition("-")[0] not in HOUSE:
            message = (
                f"the house's own words (“press 1”) are not there in `{tongue}`, so English is said: "
                "add them to ivr_flows/house.py"
            )
            made.fault(flow.name, ("languages",), message, warning=True)
    for name, node in flow.nodes.items():
        if isinstance(node, Menu):
            _menu(made, flow, name, node)
        if isinstance(node, Language):
            for key, tongue in node.language.items():
                if tongue not in flow.head.languages:
                    near = nearest(tongue, flow.head.languages)
                    message = f"`{tongue}` is not among the flow's `languages`: {near}"
                    made.fault(flow.name, ("nodes", name, "language", key), message)
        if isinstance(node, Collect) and node.say is None:
            message = f"`{name}` asks nothing: give it a `say`"
            made.fault(flow.name, ("nodes", name), message, on_key=True)


def _languages(made: Draft, flow: Flow, text: Text) -> None:
    wanted = flow.head.languages
    for language in wanted:
        if language not in text.words and not language.endswith("-plain"):
            message = f"not there in `{language}`: every text has each of {', '.join(wanted)}"
            made.fault(flow.name, text.path, message, on_key=True)
    for language in text.words:
        if language not in wanted and language.removesuffix("-plain") not in wanted:
            message = f"`{language}` is not among the flow's `languages`: {nearest(language, wanted)}"
            made.fault(flow.name, (*text.path, language), message, on_key=True)


def _gaps(made: Draft, flow: Flow, text: Text, language: str, words: str, known: dict[str, str]) -> None:
    path = (*text.path, language)
    try:
        found = gaps(parse(words))
    except MessageFault as fault:
        made.fault(flow.name, path, f"{fault.what}: {fault.mend}", at=fault.at)
        return
    for name, kind in found.items():
        if name not in known and not made.broken.get(flow.name):
            message = f"nothing fills {{{name}}}: {nearest(name, known)}"
            made.fault(flow.name, path, message, at=words.find("{" + name))
        elif kind in ("plural", "number", "duration", "money") and known.get(name) in ("bool", "date"):
            message = f"{{{name}, {kind}}} wants a number, and `{name}` is none"
            made.fault(flow.name, path, message, at=words.find("{" + name))


def _keys(made: Draft, flow: Flow, text: Text, language: str, words: str) -> None:
    for match in _KEY_SAID.finditer(words):
        key = _SIGNS.get(match["key"].lower(), match["key"])
        question = _question(flow, text.node)
        if question is None:
            message = f"key {key} is said, but nothing takes it after `{text.node}`"
        elif key not in accepted(question):
            message = (
                f"key {key} is said, but not accepted: the keys here are {', '.join(accepted(question))}"
            )
        else:
            if isinstance(question, Menu) and text.part == "say" and key in question.menu:
                message = (
                    f"key {key} is said in the text: leave it to `menu`, so that the flow works in a chat too"
                )
                made.fault(flow.name, (*text.path, language), message, at=match.start(), warning=True)
            continue
        made.fault(flow.name, (*text.path, language), message, at=match.start())


def _question(flow: Flow, name: str) -> Node | None:
    """The question that a key pressed in this text answers."""
    for _ in range(len(flow.nodes)):
        node = flow.nodes.get(name)
        if isinstance(node, QUESTIONS) or node is None:
            return node
        if not isinstance(node, Say):
            return None if not getattr(node, "callback", None) else node
        name = node.next
    return None


def accepted(node: Node) -> tuple[str, ...]:
    """The keys that a question takes."""
    match node:
        case Menu(menu=menu):
            return tuple(dict.fromkeys((*menu, "0", "*")))
        case Confirm():
            return ("1", "2", "0", "*")
        case Language(language=tongues):
            return tuple(dict.fromkeys((*tongues, "0", "*")))
        case Survey(survey=questions):
            return tuple(map(str, range(1, max(each.scale for each in questions) + 1)))
        case Collect():
            return (*"0123456789", "#")
    return tuple("0123456789*#")


def _menu(made: Draft, flow: Flow, name: str, node: Menu) -> None:
    if len(node.menu) > MOST_CHOICES:
        message = f"{len(node.menu)} choices: more than {MOST_CHOICES} tire, ask two questions"
        made.fault(flow.name, ("nodes", name, "menu"), message, warning=True, on_key=True)
    if node.say is None:
        message = "the menu asks nothing: give it a `say`"
        made.fault(flow.name, ("nodes", name), message, on_key=True)
    for language in flow.head.languages:
        seen: dict[str, str] = {}
        for key, choice in node.menu.items():
            label = choice.label.get(language)
            if label is not None and (first := seen.setdefault(label.casefold(), key)) != key:
                message = f"key {key} is called as key {first} is: nobody can tell them apart"
                made.fault(flow.name, ("nodes", name, "menu", key, "label", language), message)
