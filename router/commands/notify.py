"""`guichet notify`: tell a citizen something, see what became of it, list what reached nobody, by the API."""

from __future__ import annotations

import argparse
import json
import sys
from urllib.parse import quote

from router.commands.client import Client, Failed, add_options
from router.commands.table import table

TEACH = """\
Sends a message of the configuration to a citizen, by the way they prefer and agreed to; tells its fate.

  guichet notify send appointment --citizen z-1f2e --value date="3 May, 10 h" --value place="12 rue X"
  guichet notify send code --contact c-1f2e3d4c5b6a7988 --value code=4711
  guichet notify show n-1f2e3d4c5b6a7988      its stage, the ways tried, why it waits
  guichet notify failures                     messages that reached nobody, newest first

The messages, their variables and ways stand under `notify` in the configuration; `guichet check` tries them.
Exit codes: 0 done, 1 no.
"""


def add(command: argparse.ArgumentParser) -> None:
    """Its arguments."""
    actions = ("send", "show", "failures")
    command.add_argument("action", choices=actions, metavar="ACTION", help=", ".join(actions))
    command.add_argument("what", nargs="?", help="send: the message; show: the notice")
    command.add_argument("--citizen", help="send: whom, by pseudonym")
    command.add_argument("--contact", help="send: the citizen of this contact")
    command.add_argument("--value", action="append", default=[], metavar="NAME=TEXT", help="send: a word")
    command.add_argument("--notice", help="send: an id of yours, so that a repeat is the same message")
    command.add_argument("--limit", type=int, default=50, help="failures: so many")
    add_options(command)


def run(arguments: argparse.Namespace) -> int:
    """One request."""
    try:
        client = Client(arguments, demo_token="demo-supervisor")
        match arguments.action:
            case "send":
                sent = client.ask("POST", "/notices", _body(arguments))
                print(f"{sent['notice']} is {sent['stage']}: guichet notify show {sent['notice']}")
            case "show":
                if not arguments.what:
                    raise Failed("which one? guichet notify show NOTICE")
                answer = client.ask("GET", f"/notices/{quote(arguments.what, safe='')}")
                print(json.dumps(answer, indent=2, ensure_ascii=True))
            case _:
                listed = client.ask("GET", f"/notices?limit={arguments.limit}")["notices"]
                columns = ("notice", "citizen", "message", "code", "way")
                rows = ([each.get(name) for name in columns] for each in listed)
                print(table([name.upper() for name in columns], rows))
    except Failed as failed:
        print(f"guichet notify: {failed}", file=sys.stderr)
        return 1
    return 0


def _body(arguments: argparse.Namespace) -> dict[str, object]:
    if not arguments.what:
        raise Failed("which message? guichet notify send MESSAGE --citizen CITIZEN")
    values = {}
    for given in arguments.value:
        name, equals, text = given.partition("=")
        if not equals:
            raise Failed(f"--value {name}: write NAME=TEXT")
        values[name] = text
    named = {name: getattr(arguments, name) for name in ("citizen", "contact", "notice")}
    given = {name: each for name, each in named.items() if each}
    return {"message": arguments.what, "values": values, **given}
