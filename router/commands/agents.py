"""`guichet agents`: who is there, and one agent's state changed, over the public API."""

from __future__ import annotations

import argparse
import sys

from router.commands.client import Client, Failed, add_options
from router.commands.table import table

TEACH = """\
Lists the agents of a running Guichet, or changes one agent's state.

  guichet agents
  guichet agents ag07 ready
  guichet agents ag07 away --reason lunch
  guichet agents ag07 offline

An agent's token changes that agent only, a supervisor's any. Exit codes: 0 done, 1 no.
"""


def add(command: argparse.ArgumentParser) -> None:
    """Its arguments."""
    command.add_argument("agent", nargs="?", metavar="AGENT")
    command.add_argument("state", nargs="?", choices=("ready", "away", "offline"))
    command.add_argument(
        "--reason", default="other", help="why away: break, lunch, meeting, training, technical, other"
    )
    add_options(command)


def run(arguments: argparse.Namespace) -> int:
    """One request, one table."""
    try:
        client = Client(arguments, demo_token="demo-supervisor")
        if arguments.state:
            body = {"state": arguments.state}
            if arguments.state == "away":
                body["reason"] = arguments.reason
            client.ask("PUT", f"/agents/{arguments.agent}/state", body)
        everyone = client.ask("GET", "/agents")["agents"]
    except Failed as failed:
        print(f"guichet agents: {failed}", file=sys.stderr)
        return 1
    shown = [a for a in everyone if arguments.agent in (None, a["agent"])]
    print(table(("AGENT", "STATE", "REASON", "PHONE", "IN HAND", "IDLE S", "SKILLS"), map(row, shown)))
    return 0 if shown or arguments.agent is None else 1


def row(agent: dict[str, object]) -> tuple[object, ...]:
    """One agent's line."""
    hands, skills, phones = agent["in_hand"], agent["skills"], agent["phones"]
    assert isinstance(hands, list)
    assert isinstance(skills, dict)
    assert isinstance(phones, dict)
    in_hand = ", ".join(f"{h['channel']} {h['state']}" for h in hands)
    known = " ".join(f"{skill}:{level}" for skill, level in sorted(skills.items()))
    phone = ", ".join(sorted(set(phones.values())))
    return agent["agent"], agent["state"], agent["reason"], phone, in_hand, agent["idle_s"], known
