"""Every text of a flow by its place: what is checked, given to translators, and made into speech. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from config.fault import Path
from ivr_flows.kinds import Question, Words
from ivr_flows.model import Flow
from ivr_flows.questions import Confirm, Menu, Survey
from ivr_flows.services import Notify


class Text(NamedTuple):
    """One text. `prompt` is what the interpreter's `Say` is called by; `path` where it stands in the file."""

    node: str
    part: str
    prompt: str
    path: Path
    words: Words


def texts(flow: Flow) -> Iterator[Text]:
    """In the order of the file."""
    for name, node in flow.nodes.items():
        found: list[tuple[str, Path, Words | None]] = [("say", ("say",), node.say)]
        if isinstance(node, Question):
            found.append(("again", ("again",), node.again))
        match node:
            case Menu(menu=menu):
                found += [
                    (f"menu.{key}", ("menu", key, "label"), choice.label) for key, choice in menu.items()
                ]
            case Confirm(confirm=confirm):
                found.append(("confirm", ("confirm",), confirm))
            case Survey(survey=questions):
                found += [
                    (f"survey.{n + 1}", ("survey", n, "say"), each.say) for n, each in enumerate(questions)
                ]
            case Notify(message=message):
                found.append(("message", ("message",), message))
            case _:
                pass
        for part, path, words in found:
            if words:
                yield Text(name, part, f"{flow.name}.{name}.{part}", ("nodes", name, *path), words)
