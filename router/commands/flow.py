"""`guichet flow`: write, check, play, test, draw, publish, roll back, replay what citizens hear and read."""

from __future__ import annotations

import argparse
import importlib
import sys
from typing import TYPE_CHECKING

from config.fault import Faults
from router.commands.client import Failed

if TYPE_CHECKING:
    from collections.abc import Callable

TEACH = """\
A flow is a YAML file, one for every channel: docs/reference/flows.md has its nodes, docs/how-to/
design-a-flow.md goes from an empty file to a published flow in a quarter of an hour.

  guichet flow new housing                     a small flow to begin with: flows/housing.yaml
  guichet flow check housing                   every mistake at once, with file:line:column and its mend
  guichet flow play housing --channel phone    walk through it here, by keys; --at TIME for another hour
  guichet flow test housing                    the scenarios beside it: housing.scenarios.yaml
  guichet flow draw housing -o housing.svg     a picture of it
  guichet flow publish housing --note "…"      callers get it from now on; those in a call keep theirs
  guichet flow versions housing                what was published, and what is live
  guichet flow rollback housing                back to the version before, at once
  guichet flow close main                      close a calendar now, for every flow; --reopen
  guichet flow replay SESSION                  what one citizen went through, digits masked

FLOW is a file, or a name in the folder of the configuration's flows.folder (default: flows).
Exit codes: 0 done, 1 faults were found or a scenario failed, 2 wrong use, or Guichet refused or is away.
"""

# Each action is a module with WORDS, LONG, add(parser) and run(arguments): only what will run is imported.
ACTIONS = {
    "new": ("flow_new", "write a small flow to begin with"),
    "check": ("flow_check", "say all that is wrong, with the mend of each"),
    "play": ("flow_play", "walk through a flow in this terminal"),
    "test": ("flow_test", "run the scenarios of a flow"),
    "draw": ("flow_draw", "draw a flow as SVG or Mermaid"),
    "publish": ("flow_publish", "make the files the live version, at once"),
    "versions": ("flow_versions", "list the versions of a flow"),
    "diff": ("flow_diff", "compare the files with a version, or two versions"),
    "rollback": ("flow_rollback", "make the version before live again"),
    "close": ("flow_close", "close a calendar at once, or let its hours rule again"),
    "replay": ("flow_replay", "show one session step by step, digits masked"),
    "schema": ("flow_schema", "print the JSON Schema, for an editor that completes"),
    "strings": ("flow_strings", "give texts to translators and take them back"),
}


def add(command: argparse.ArgumentParser) -> None:
    """Its actions."""
    actions = command.add_subparsers(dest="action", metavar="ACTION", required=True)
    for name, (module_name, words) in ACTIONS.items():
        if name not in sys.argv[1:]:  # named only: its module is not needed
            actions.add_parser(name, help=words)
            continue
        module = importlib.import_module(f"router.commands.{module_name}")
        action = actions.add_parser(
            name,
            help=words,
            description=module.TEACH,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.add(action)
        action.set_defaults(act=module.run)


def run(arguments: argparse.Namespace) -> int:
    """The action; whatever is wrong is said in sentences."""
    act: Callable[[argparse.Namespace], int] = arguments.act
    try:
        return act(arguments)
    except Faults as faults:
        for fault in faults.faults:
            print(fault, file=sys.stderr)
        return 2
    except (Failed, ValueError, OSError) as error:
        print(f"guichet flow {arguments.action}: {error}", file=sys.stderr)
        return 2
