"""`guichet contacts`: what waits, what became of it, what is to be done to a conversation, by the API."""

from __future__ import annotations

import argparse
import json
import sys
from urllib.parse import quote, urlencode

from router.commands.client import Client, Failed, add_options
from router.commands.table import table

TEACH = """\
Lists the contacts of a running Guichet, tells one with its story, or does something to a conversation.

  guichet contacts
  guichet contacts --state waiting --channel phone
  guichet contacts --lost                    whose call broke: call them back in this order
  guichet contacts c-1f2e3d4c5b6a7988        its story, as JSON
  guichet contacts c-1f2e transfer --topic housing       or --agent ag02, who is waited for
  guichet contacts c-1f2e move --to front --reason "third call today"      or --to place: back
  guichet contacts c-1f2e move --to agent --agent ag02 --reason "knows the case"
  guichet contacts c-1f2e consult --agent ag02           then complete, back or conference
  guichet contacts c-1f2e hold                           unhold, record, pause, resume, stop
  guichet contacts c-1f2e listen --phone desk            whisper, barge: a supervisor's token

A conversation is controlled with the token of its own agent, a contact that waits is moved with a
supervisor's. For the reasons behind each decision: guichet why CONTACT. Exit codes: 0 done, 1 no.
"""
CONTROLS = (
    "hold", "unhold", "complete", "back", "conference", "record", "pause", "resume", "stop",
    "listen", "whisper", "barge",
)  # fmt: skip
# options that go into the request as they are
GIVEN = ("agent", "topic", "language", "phone", "to", "pool", "reason", "force")
ACTIONS = ("transfer", "move", "consult", *CONTROLS)


def add(command: argparse.ArgumentParser) -> None:
    """Its arguments."""
    command.add_argument("contact", nargs="?", metavar="CONTACT")
    command.add_argument("action", nargs="?", metavar="ACTION", choices=ACTIONS)
    command.add_argument("--state", choices=("waiting", "offered", "connected", "wrap_up", "ended", "gone"))
    command.add_argument("--lost", action="store_true", help="those to call back, in the order of the line")
    command.add_argument("--channel")
    command.add_argument("--limit", type=int, default=50)
    command.add_argument("--agent", help="transfer or move to, or consult, this one")
    command.add_argument("--to", choices=("front", "agent", "pool", "place"), help="move: where to")
    command.add_argument("--pool", help="transfer or move to this pool inside the one served")
    command.add_argument("--reason", help="move: why, for the record; never a name")
    command.add_argument("--force", action="store_true", default=None, help="move: though skills are lacking")
    command.add_argument("--topic", help="transfer to whoever serves it")
    command.add_argument("--language", help="transfer to whoever speaks it")
    command.add_argument("--phone", help="endpoint where to listen, whisper or barge in")
    add_options(command)


def run(arguments: argparse.Namespace) -> int:
    """One request."""
    try:
        client = Client(arguments, demo_token="demo-supervisor")
        if arguments.contact:
            print(one(client, arguments))
            return 0
        wanted = {"state": arguments.state, "channel": arguments.channel, "limit": arguments.limit}
        if arguments.lost:
            wanted |= {"state": "gone", "reason": "lost"}
        query = urlencode({name: value for name, value in wanted.items() if value is not None})
        listed = client.ask("GET", f"/contacts?{query}")["contacts"]
    except Failed as failed:
        print(f"guichet contacts: {failed}", file=sys.stderr)
        return 1
    columns = ("contact", "channel", "state", "topic", "language", "waited_s", "agent")
    print(table([name.upper() for name in columns], ([c.get(name) for name in columns] for c in listed)))
    return 0


def one(client: Client, arguments: argparse.Namespace) -> str:
    """What came of the action; without one, the story."""
    address = f"/contacts/{quote(arguments.contact, safe='')}"
    if arguments.action is None:
        return json.dumps(client.ask("GET", address), indent=2, ensure_ascii=True)
    body = {name: value for name in GIVEN if (value := getattr(arguments, name)) is not None}
    path = arguments.action
    if path in CONTROLS:
        path, body = "control", body | {"what": path}
    answer = client.ask("POST", f"{address}/{path}", body)
    return str(answer["state"] if path == "move" else answer["result"])
