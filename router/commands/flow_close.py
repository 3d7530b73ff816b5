"""`guichet flow close`: the supervisors' switch."""

from __future__ import annotations

import argparse

from router.commands.flow_server import add_server, client_of

TEACH = """\
Closes a calendar now, for every flow that asks it; `main` closes all of them. Callers hear what the flow's
`hours` node has under `emergency`. It lasts, over restarts too, until --reopen. For supervisors, operators.

  guichet flow close main                closed, from the next call on
  guichet flow close main --reopen       its own hours rule again
"""


def add(action: argparse.ArgumentParser) -> None:
    """Its arguments."""
    action.add_argument("calendar", metavar="CALENDAR", help="main, or a name of flows.calendars")
    action.add_argument("--reopen", action="store_true", help="let its hours rule again")
    add_server(action, flow=False)


def run(arguments: argparse.Namespace) -> int:
    """Switch."""
    body = {"closed": not arguments.reopen}
    closed = client_of(arguments).ask("PUT", f"/calendars/{arguments.calendar}", body)["closed"]
    print(f"closed by the switch: {', '.join(closed)}" if closed else "nothing is closed by the switch")
    return 0
