"""`guichet contacts`: what waits and what became of it, over the public API."""

from __future__ import annotations

import argparse
import json
import sys
from urllib.parse import quote, urlencode

from router.commands.client import Client, Failed, add_options
from router.commands.table import table

TEACH = """\
Lists the contacts of a running Guichet, or tells one with its story.

  guichet contacts
  guichet contacts --state waiting --channel phone
  guichet contacts c-1f2e3d4c5b6a7988        its story, as JSON

For the reasons behind each decision: guichet why CONTACT. Exit codes: 0 done, 1 no.
"""


def add(command: argparse.ArgumentParser) -> None:
    """Its arguments."""
    command.add_argument("contact", nargs="?", metavar="CONTACT")
    command.add_argument("--state", choices=("waiting", "offered", "connected", "wrap_up", "ended", "gone"))
    command.add_argument("--channel")
    command.add_argument("--limit", type=int, default=50)
    add_options(command)


def run(arguments: argparse.Namespace) -> int:
    """One request."""
    try:
        client = Client(arguments, demo_token="demo-supervisor")
        if arguments.contact:
            story = client.ask("GET", f"/contacts/{quote(arguments.contact, safe='')}")
            print(json.dumps(story, indent=2, ensure_ascii=True))
            return 0
        wanted = {"state": arguments.state, "channel": arguments.channel, "limit": arguments.limit}
        query = urlencode({name: value for name, value in wanted.items() if value is not None})
        listed = client.ask("GET", f"/contacts?{query}")["contacts"]
    except Failed as failed:
        print(f"guichet contacts: {failed}", file=sys.stderr)
        return 1
    columns = ("contact", "channel", "state", "topic", "language", "waited_s", "agent")
    print(table([name.upper() for name in columns], ([c.get(name) for name in columns] for c in listed)))
    return 0
