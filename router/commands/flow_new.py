"""`guichet flow new`: a small flow to begin with, that checks and plays."""

from __future__ import annotations

import argparse
from pathlib import Path

from router.commands.flow_files import ENDING, SCENARIOS, tree_of

TEACH = """\
Writes a small flow with its scenarios: hours, one menu, an agent, a call-back when it is closed. Change it
from there: docs/how-to/design-a-flow.md.

  guichet flow new housing                        flows/housing.yaml, in French and English
  guichet flow new housing --topic housing        agents of this topic of the configuration
"""

FLOW = """\
# guichet flow check {name} · play {name} · test {name} · publish {name}
flow: {name}
title: {name}
languages: [fr, en]
start: welcome
person: agent            # where silence, wrong keys and key 0 end up

nodes:
  welcome:
    say:
      fr: Bonjour et bienvenue.
      en: Hello and welcome.
    next: language

  language:
    language: {{1: fr, 2: en}}
    next: opened

  opened:
    hours: main            # the `hours` of the configuration
    open: question
    closed: shut

  question:
    say:
      fr: Que souhaitez-vous ?
      en: What would you like?
    menu:
      1:
        label: {{fr: connaître nos horaires, en: our opening hours}}
        next: answer
      2:
        label: {{fr: parler à un conseiller, en: an agent}}
        next: agent

  answer:
    say:
      fr: Nous sommes ouverts du lundi au vendredi, de 8 heures 30 à 17 heures.
      en: We are open from Monday to Friday, 8.30 to 17.00.
    next: more

  more:
    confirm:
      fr: Souhaitez-vous autre chose ?
      en: Is there anything else?
    yes: question
    no: bye

  agent:
    say:
      fr: Un conseiller va vous répondre.
      en: An agent will answer you.
    route: {topic}
    next: waiting

  waiting:
    wait: {{}}
    callback: back

  shut:
    say:
      fr: Nous sommes fermés. Vous pouvez demander à être rappelé.
      en: We are closed. You can ask to be called back.
    next: wish

  wish:
    confirm:
      fr: Souhaitez-vous être rappelé ?
      en: Shall we call you back?
    yes: back
    no: bye

  back:
    callback: caller
    topic: {topic}
    next: promised
    unavailable: bye

  promised:
    say:
      fr: C'est noté. Nous vous rappelons.
      en: It is noted. We will call you back.
    next: bye

  bye:
    say:
      fr: Au revoir.
      en: Goodbye.
    end: done
"""

TESTS = """\
flow: {name}
scenarios:
  - name: an answer without an agent
    given: {{hours: {{main: open}}}}
    answers: ["2", "1", "2"]
    expect: {{passes: [question, answer, bye], says: [We are open, Goodbye], outcome: done, language: en}}

  - name: silence reaches an agent
    given: {{hours: {{main: open}}}}
    expect: {{passes: [question, agent, waiting], topic: {topic}}}

  - name: closed, a call-back
    given: {{hours: {{main: closed}}}}
    answers: ["1", "1"]
    expect: {{passes: [shut, wish, back, promised], outcome: done}}
"""


def add(action: argparse.ArgumentParser) -> None:
    """Its arguments."""
    action.add_argument("name", metavar="NAME", help="a-z, 0-9, - : the flow's name")
    action.add_argument("--topic", metavar="TOPIC", help="whose agents (default: the configuration's first)")
    action.add_argument("--folder", type=Path, metavar="DIR", help="where to (default: flows.folder)")
    action.add_argument("--config", type=Path, metavar="DIR", help="the site's configuration")
    action.set_defaults(no_config=False)


def run(arguments: argparse.Namespace) -> int:
    """Write both files; never over one that is there."""
    tree = tree_of(arguments)
    folder = arguments.folder or Path(tree.flows.folder if tree is not None else "flows")
    topic = arguments.topic or next(iter(tree.topics if tree is not None else {}), "general")
    folder.mkdir(parents=True, exist_ok=True)
    for ending, text in ((ENDING, FLOW), (SCENARIOS, TESTS)):
        file = folder / f"{arguments.name}{ending}"
        try:
            with file.open("x", encoding="utf-8") as out:
                out.write(text.format(name=arguments.name, topic=topic))
        except FileExistsError:
            raise ValueError(f"{file} is there already: take another name, or change that one") from None
        print(file)
    print(f"next: guichet flow check {arguments.name} && guichet flow play {arguments.name}")
    return 0
