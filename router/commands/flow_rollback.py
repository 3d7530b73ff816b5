"""`guichet flow rollback`: the version before is live again, at once."""

from __future__ import annotations

import argparse

from router.commands.flow_server import add_server, client_of, show

TEACH = """\
Makes another version live, in one moment: the one that was live before, unless --to says which. Nothing is
deleted; rolling back twice is rolling forward. Running sessions finish on the version they began with.

  guichet flow rollback housing --note "wrong date"
  guichet flow rollback housing --to 3
"""


def add(action: argparse.ArgumentParser) -> None:
    """Its arguments."""
    add_server(action)
    action.add_argument("--to", type=int, metavar="VERSION", help="this version (default: the one before)")
    action.add_argument("--note", default="", metavar="TEXT", help="why, for the history (never a name)")
    action.add_argument("--entry", action="append", default=[], metavar="ENTRY", help="for this entry alone")


def run(arguments: argparse.Namespace) -> int:
    """Switch."""
    body = {"version": arguments.to, "note": arguments.note, "aliases": arguments.entry}
    show(client_of(arguments).ask("PUT", f"/flows/{arguments.flow}/live", body))
    return 0
