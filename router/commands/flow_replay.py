"""`guichet flow replay`: one session, step by step."""

from __future__ import annotations

import argparse
import datetime as dt

import msgspec

from router.commands.flow_server import add_server, client_of

TEACH = """\
Shows what one citizen's session went through: every input, every node, what was said and asked. Digits and
words of the citizen are masked; texts are shown as they are written in the flow. A session's name is in the
log lines of its call, and beside the contact.

  guichet flow replay s-1f2e3d4c5b6a7988
  guichet flow replay s-1f2e3d4c5b6a7988 --json
"""


def add(action: argparse.ArgumentParser) -> None:
    """Its arguments."""
    action.add_argument("session", metavar="SESSION", help="the session's name")
    action.add_argument("--json", action="store_true", help="one JSON object a step")
    add_server(action, flow=False)


def run(arguments: argparse.Namespace) -> int:
    """Print each step."""
    steps = client_of(arguments).ask("GET", f"/flow-sessions/{arguments.session}")["steps"]
    for number, step in enumerate(steps, 1):
        if arguments.json:
            print(msgspec.json.encode(step).decode())
            continue
        at = dt.datetime.fromtimestamp(step["at"] / 1e6, dt.UTC).strftime("%H:%M:%S.%f")[:-3]
        if step["flow"]:
            print(f"{step['flow']}, version {step['version'] or 'draft'}")
        print(f"{number:3} {at}  {step['came']}")
        if step["path"]:
            print(f"                   → {' → '.join(step['path'])}")
        for asked in step["asked"]:
            print(f"                   {asked}")
        if step["fault"]:
            print(f"                   the interpreter failed: {step['fault']}")
    return 0
