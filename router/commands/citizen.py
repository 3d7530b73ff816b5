"""`guichet citizen`: find, show, export, erase, merge, split citizens; rotate the master key. By the API."""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import Any, get_args
from urllib.parse import quote, urlencode

from citizens.identifier import Kind
from citizens.purposes import PURPOSES, Why
from router.commands.bar import bar
from router.commands.client import Client, Failed, add_options
from router.commands.table import table

TEACH = (
    """\
Citizens of a running Guichet: who they are, what happened, and what only an officer may do.

  guichet citizen find phone "06 12 34 56 78" --purpose request      their pseudonyms; `-` reads it from stdin
  guichet citizen show z-1f2e… --purpose request       identities, wishes, consents, links
  guichet citizen journey z-1f2e… --purpose audit      what happened, in order, and what is open
  guichet citizen export z-1f2e… > theirs.json         everything kept of them, for them
  guichet citizen erase z-1f2e… --yes                  destroy their keys: for good, everywhere
  guichet citizen merge z-1f2e… z-9a8b…                two are one person; prints the link
  guichet citizen split z-1f2e… l-77aa…                takes that link back: exactly what was before
  guichet citizen accesses [z-1f2e…]                   who looked at them, and why
  guichet citizen rotate                               another master key; ended in between, it goes on

Each read states its purpose and is written down with it, before it is shown:
"""
    + "".join(f"  {name:<11}{words}\n" for name, words in PURPOSES.items())
    + """
export, erase and accesses want the auditor's token, rotate the operator's. Exit codes: 0 done, 1 no.
"""
)
ACTIONS = ("find", "show", "journey", "export", "erase", "merge", "split", "accesses", "rotate")
LOOK_EVERY_S = 0.3


def add(command: argparse.ArgumentParser) -> None:
    """Its arguments."""
    command.add_argument("action", metavar="ACTION", choices=ACTIONS, help=", ".join(ACTIONS))
    command.add_argument("given", nargs="*", metavar="WHOM", help="see above")
    command.add_argument("--purpose", choices=get_args(Why), default="request", help="why (default: request)")
    command.add_argument("--yes", action="store_true", help="erase: do not ask")
    command.add_argument("--limit", type=int, default=50, help="accesses: so many at most")
    add_options(command)


def run(arguments: argparse.Namespace) -> int:
    """One action."""
    wanted = {"find": 2, "merge": 2, "split": 2, "rotate": 0}.get(arguments.action, 1)
    given: list[str] = arguments.given
    if len(given) != wanted and not (arguments.action == "accesses" and not given):
        print(f"guichet citizen {arguments.action}: takes {wanted}: see --help", file=sys.stderr)
        return 2
    role = "operator" if arguments.action == "rotate" else "auditor"
    try:
        return _act(Client(arguments, demo_token=f"demo-{role}"), arguments)
    except Failed as failed:
        print(f"guichet citizen: {failed}", file=sys.stderr)
        return 1


def _act(client: Client, arguments: argparse.Namespace) -> int:
    given: list[str] = arguments.given
    match arguments.action:
        case "find":
            return _find(client, given[0], given[1], arguments.purpose)
        case "show" | "journey":
            tail = "/journey" if arguments.action == "journey" else ""
            _print(client.ask("GET", f"{_at(given[0])}{tail}?{urlencode({'purpose': arguments.purpose})}"))
        case "export":
            _print(client.ask("GET", f"{_at(given[0])}/export"))
        case "erase":
            return _erase(client, given[0], sure=arguments.yes)
        case "merge":
            made = client.ask("POST", f"{_at(given[0])}/merge", {"other": given[1], "why": "duplicate"})
            print(f"{made['link']}: undone by guichet citizen split {given[0]} {made['link']}")
        case "split":
            left = client.ask("POST", f"{_at(given[0])}/split", {"link": given[1]})
            print(f"{given[0]} is now {len(left['citizens'])} citizens: {' '.join(left['citizens'])}")
        case "accesses":
            _accesses(client, given[0] if given else "", arguments.limit)
        case "rotate":
            _rotate(client)
    return 0


def _find(client: Client, kind: str, value: str, purpose: str) -> int:
    if kind not in get_args(Kind):
        print(f"guichet citizen find: a kind is one of {', '.join(get_args(Kind))}", file=sys.stderr)
        return 2
    value = sys.stdin.readline().strip() if value == "-" else value  # so it is in no list of processes
    found = client.ask("POST", "/citizens/find", {"kind": kind, "value": value, "purpose": purpose})["found"]
    rows = [(each["citizen"], each["person"], "proved" if each["proved"] else "claimed") for each in found]
    print(table(["CITIZEN", "PERSON", "STANDING"], rows) if rows else "nobody")
    return 0 if rows else 1


def _erase(client: Client, citizen: str, *, sure: bool) -> int:
    if not sure:
        print(f"Everything kept of {citizen} will be unreadable, for good. Type ERASE: ", end="", flush=True)
        if sys.stdin.readline().strip() != "ERASE":
            print("nothing was erased")
            return 1
    erased = client.ask("DELETE", _at(citizen))
    print(f"erased: {' '.join(erased['citizens'])}, with the records of {erased['contacts']} contacts")
    return 0


def _accesses(client: Client, citizen: str, limit: int) -> None:
    query = urlencode({"citizen": citizen, "limit": limit})
    columns = ("at", "citizen", "by", "role", "what", "purpose", "contact")
    rows = client.ask("GET", f"/accesses?{query}")["seen"]
    print(
        table([name.upper() for name in columns], ([row.get(name, "") for name in columns] for row in rows))
    )


def _rotate(client: Client) -> None:
    now = client.ask("POST", "/vault/rotation")
    step, shown = bar(max(1, now["total"]), "citizens under the new key"), 0
    while True:
        while shown < min(now["done"], now["total"]):
            step()
            shown += 1
        if not now["running"] and (now["finished"] or now["unfinished"]):
            break
        time.sleep(LOOK_EVERY_S)
        now = client.ask("GET", "/vault/rotation")
    if not now["finished"]:
        raise Failed(
            "the rotation was interrupted; begin again, it goes on. The reason is in the server's log"
        )
    print(f"{now['total']} citizens are under the new master key; the old one is destroyed")


def _at(citizen: str) -> str:
    return f"/citizens/{quote(citizen, safe='')}"


def _print(answer: Any) -> None:  # noqa: ANN401 - JSON of any shape
    """Names in their own script; what could steer a terminal stays escaped."""
    text = json.dumps(answer, indent=2, ensure_ascii=False)
    print("".join(sign if sign.isprintable() or sign == "\n" else f"\\u{ord(sign):04x}" for sign in text))
