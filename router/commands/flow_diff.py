"""`guichet flow diff`: what differs, line by line."""

from __future__ import annotations

import argparse
import difflib

from ivr_flows.loader import draft
from router.commands.client import add_options as who_asks
from router.commands.flow_files import add_options, file_of, folder_of, tree_of
from router.commands.flow_server import client_of

TEACH = """\
Compares the files with the version that is live, or with another, or two versions with each other.

  guichet flow diff housing              what publishing would change
  guichet flow diff housing --from 3     since version 3
  guichet flow diff housing --from 3 --to 4

Exit codes: 0 no difference, 1 some, 2 wrong use or Guichet is away.
"""


def add(action: argparse.ArgumentParser) -> None:
    """Its arguments."""
    add_options(action)
    action.add_argument("--from", dest="old", type=int, metavar="VERSION", help="default: the live one")
    action.add_argument("--to", dest="new", type=int, metavar="VERSION", help="default: the files")
    who_asks(action)


def run(arguments: argparse.Namespace) -> int:
    """Print a unified diff."""
    tree = tree_of(arguments)
    client = client_of(arguments, tree)
    flow = arguments.flow.removesuffix(".yaml").rpartition("/")[2]
    old = arguments.old or client.ask("GET", f"/flows/{flow}")["live"]["live"]
    before = client.ask("GET", f"/flows/{flow}/versions/{old}")["texts"]
    if arguments.new is not None:
        after, name = (
            client.ask("GET", f"/flows/{flow}/versions/{arguments.new}")["texts"],
            str(arguments.new),
        )
    else:
        made = draft(file_of(arguments.flow, folder_of(arguments, tree)))
        after, name = {each: source.text for each, source in made.sources.items()}, "files"
    lines = [
        line
        for each in sorted({*before, *after})
        for line in difflib.unified_diff(
            before.get(each, "").splitlines(),
            after.get(each, "").splitlines(),
            f"{each}.yaml (version {old})",
            f"{each}.yaml ({name})",
            lineterm="",
        )
    ]
    print(*lines, sep="\n", end="\n" if lines else "")
    return 1 if lines else 0
