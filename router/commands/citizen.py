"""`guichet citizen`: find, show, export, erase, tie citizens; rotate the master key. By the API alone."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import get_args
from urllib.parse import urlencode
from zoneinfo import available_timezones

from citizens.purposes import PURPOSES, Why
from router.commands.bar import bar
from router.commands.citizen_export import hand_over
from router.commands.citizen_given import at, is_kind, show, value_of, when
from router.commands.citizen_ties import correct, merge, split, why
from router.commands.citizen_words import LANGUAGES
from router.commands.client import Client, Failed, add_options
from router.commands.table import table

TEACH = (
    """\
Citizens of a running Guichet: who they are, what happened, and what only an officer may do.

  guichet citizen find phone "06 12 34 56 78" --purpose request      their pseudonyms; `-` reads it from stdin
  guichet citizen show z-1f2e… --purpose request       identities, wishes, consents, links
  guichet citizen journey z-1f2e… --purpose audit      what happened, in order, and what is open
  guichet citizen export z-1f2e… --to FOLDER           everything kept of them, for them: a text to read in
                                                       French (--language en: English), the same as JSON, and
                                                       their files. Without --to: the JSON alone
  guichet citizen erase z-1f2e… --yes                  destroy their keys: for good, everywhere
  guichet citizen merge z-1f2e… z-9a8b…                two are one person; prints the link
  guichet citizen split z-1f2e… l-77aa…                takes that link back: exactly what was before
  guichet citizen why z-1f2e… z-9a8b…                  by which links they are one person: drawn why, by whom
  guichet citizen correct z-1f2e… email zoe@… shared   others use it too, so it proves nobody any more; or
                                                       `alone`, `not-theirs`. `-` reads the address from stdin
  guichet citizen accesses [z-1f2e…]                   who looked at them, and why
  guichet citizen rotate                               another master key; ended in between, it goes on

Each read states its purpose and is written down with it, before it is shown:
"""
    + "".join(f"  {name:<11}{words}\n" for name, words in PURPOSES.items())
    + """
export, erase and accesses want the auditor's token, rotate the operator's. Exit codes: 0 done, 1 no.
"""
)
TAKES = {
    "find": 2, "show": 1, "journey": 1, "export": 1, "erase": 1, "merge": 2, "split": 2, "why": 2,
    "correct": 4, "accesses": 1, "rotate": 0,
}  # fmt: skip
LOOK_EVERY_S = 0.3


def add(command: argparse.ArgumentParser) -> None:
    """Its arguments."""
    command.add_argument("action", metavar="ACTION", choices=TAKES, help=", ".join(TAKES))
    command.add_argument("given", nargs="*", metavar="WHOM", help="see above")
    command.add_argument("--purpose", choices=get_args(Why), default="request", help="why (default: request)")
    command.add_argument("--to", type=Path, metavar="FOLDER", help="export: into this new folder")
    command.add_argument("--language", choices=LANGUAGES, default="fr", help="export: of the text (fr)")
    command.add_argument(
        "--time-zone", default="Europe/Paris", type=_zone, help="export: of its times (Europe/Paris)"
    )
    command.add_argument("--yes", action="store_true", help="erase: do not ask")
    command.add_argument("--limit", type=int, default=50, help="accesses: so many at most")
    add_options(command)


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise argparse.ArgumentTypeError(f"there is no time zone {name}: write it as Europe/Paris")
    return name


def run(arguments: argparse.Namespace) -> int:
    """One action."""
    wanted = TAKES[arguments.action]
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
            show(client.ask("GET", f"{at(given[0])}{tail}?{urlencode({'purpose': arguments.purpose})}"))
        case "export":
            _export(client, given[0], arguments)
        case "erase":
            return _erase(client, given[0], sure=arguments.yes)
        case "merge":
            return merge(client, *given)
        case "split":
            return split(client, *given)
        case "why":
            return why(client, *given)
        case "correct":
            return correct(client, *given)
        case "accesses":
            _accesses(client, given[0] if given else "", arguments.limit)
        case "rotate":
            _rotate(client)
    return 0


def _find(client: Client, kind: str, value: str, purpose: str) -> int:
    if not is_kind(kind):
        return 2
    body = {"kind": kind, "value": value_of(value), "purpose": purpose}
    found = client.ask("POST", "/citizens/find", body)["found"]
    rows = [(each["citizen"], each["person"], "proved" if each["proved"] else "claimed") for each in found]
    print(table(["CITIZEN", "PERSON", "STANDING"], rows) if rows else "nobody")
    return 0 if rows else 1


def _export(client: Client, citizen: str, arguments: argparse.Namespace) -> None:
    whole = client.ask("GET", f"{at(citizen)}/export")
    if arguments.to is None:
        show(whole)
        return
    for path in hand_over(whole, arguments.to, arguments.language, arguments.time_zone):
        print(path)
    if recordings := whole["elsewhere"].get("recordings"):
        print(f"to go with it, from Asterisk's folder: {' '.join(recordings)}")


def _erase(client: Client, citizen: str, *, sure: bool) -> int:
    if not sure:
        print(f"Everything kept of {citizen} will be unreadable, for good. Type ERASE: ", end="", flush=True)
        if sys.stdin.readline().strip() != "ERASE":
            print("nothing was erased")
            return 1
    erased = client.ask("DELETE", at(citizen))
    print(f"erased: {' '.join(erased['citizens'])}, with the records of {erased['contacts']} contacts")
    return 0


def _accesses(client: Client, citizen: str, limit: int) -> None:
    query = urlencode({"citizen": citizen, "limit": limit})
    columns = ("citizen", "by", "role", "what", "purpose", "contact")
    rows = (
        [when(seen["at"]), *(seen.get(name, "") for name in columns)]
        for seen in client.ask("GET", f"/accesses?{query}")["seen"]
    )
    print(table(["AT", *(name.upper() for name in columns)], rows))


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
