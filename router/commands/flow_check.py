"""`guichet flow check`: every mistake at once."""

from __future__ import annotations

import argparse

import msgspec

from ivr_flows.check import check
from ivr_flows.loader import draft
from router.commands.flow_files import add_options, file_of, folder_of, names, tree_of

TEACH = """\
Says everything that is wrong with flows, each mistake with file:line:column and its mend. Errors stop a
publication; warnings may be meant.

  guichet flow check                  every flow of the folder
  guichet flow check housing          one, with the flows it runs
  guichet flow check housing --no-config      without asking whether the site has the agents and services
  guichet flow check --json           one JSON object a line, for an editor or CI

Exit codes: 0 no error, 1 errors, 2 wrong use or a wrong configuration.
"""


def add(action: argparse.ArgumentParser) -> None:
    """Its arguments."""
    add_options(action, several=True)
    action.add_argument("--json", action="store_true", help="one JSON object a line")


def run(arguments: argparse.Namespace) -> int:
    """Print every fault."""
    tree = tree_of(arguments)
    folder = folder_of(arguments, tree)
    wanted = arguments.flows or names(folder)
    if not wanted:
        raise ValueError(f"no flow in {folder}: begin with `guichet flow new NAME`")
    files = [file_of(name, folder) for name in wanted]
    drafts = [draft(file) for file in files]
    inner = {name for made in drafts for name in made.flows.flows if name != made.flows.main}
    told = set()
    for made in drafts:
        if made.flows.main in inner and not arguments.flows:
            continue  # it is checked with the flow that runs it
        told |= set(check(made, tree))
    for fault in sorted(told):
        line = {
            "file": fault.place.file,
            "line": fault.place.line,
            "column": fault.place.column,
            "severity": "warning" if fault.warning else "error",
            "message": fault.message,
        }
        print(msgspec.json.encode(line).decode() if arguments.json else fault)
    errors = sum(not fault.warning for fault in told)
    if not arguments.json:
        nodes = sum(len(flow.nodes) for made in drafts for flow in made.flows.flows.values())
        print(
            f"{counted(len(files), 'flow')}, {counted(nodes, 'node')}: "
            f"{counted(errors, 'error')}, {counted(len(told) - errors, 'warning')}"
        )
    return 1 if errors else 0


def counted(number: int, thing: str) -> str:
    """1 flow, 2 flows."""
    return f"{number} {thing}{'' if number == 1 else 's'}"
