"""`guichet flow publish`: the files become the live version."""

from __future__ import annotations

import argparse

from router.commands.client import Client
from router.commands.client import add_options as who_asks
from router.commands.flow_files import add_options, good, tree_of
from router.commands.flow_server import client_of, show

TEACH = """\
Checks a flow, keeps it as a version that never changes, and makes it live in one moment. Whoever is in a
conversation finishes on the version they began with. The same text again is the version it was.

  guichet flow publish housing --note "payment dates said first"
  guichet flow publish housing --entry evening     live for this entry of flows.entries alone

A number whose entry says `draft: true` answers with the files as they are: call it before you publish.
"""


def add(action: argparse.ArgumentParser) -> None:
    """Its arguments."""
    add_options(action)
    action.add_argument("--note", default="", metavar="TEXT", help="why, for the history (never a name)")
    action.add_argument("--entry", action="append", default=[], metavar="ENTRY", help="for this entry alone")
    who_asks(action)


def run(arguments: argparse.Namespace) -> int:
    """Send it."""
    tree = tree_of(arguments)
    made = good(arguments, tree)
    client: Client = client_of(arguments, tree)
    texts = {name: made.sources[name].text for name in made.flows.flows}
    body = {"texts": texts, "note": arguments.note, "aliases": arguments.entry}
    show(client.ask("POST", f"/flows/{made.flows.main}", body))
    return 0
