"""`guichet flow versions`: what was published."""

from __future__ import annotations

import argparse

from router.commands.flow_server import add_server, client_of, show

TEACH = """\
Lists every switch of a flow: which version became live, when, by which role, and why.

  guichet flow versions housing
"""


def add(action: argparse.ArgumentParser) -> None:
    """Its arguments."""
    add_server(action)


def run(arguments: argparse.Namespace) -> int:
    """Print them."""
    show(client_of(arguments).ask("GET", f"/flows/{arguments.flow}"))
    return 0
