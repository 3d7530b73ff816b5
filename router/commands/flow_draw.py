"""`guichet flow draw`: a picture of a flow."""

from __future__ import annotations

import argparse
from pathlib import Path

from ivr_flows.draw import mermaid, svg
from ivr_flows.loader import draft
from router.commands.flow_files import add_options, file_of, folder_of, tree_of

TEACH = """\
Draws a flow from its start down: blue asks the citizen, green leads to a person, yellow decides. Dashed
arrows lead back. What the file leaves to the flow's person is not drawn. A flow with faults is drawn too,
as far as it can be read.

  guichet flow draw housing -o housing.svg
  guichet flow draw housing --mermaid > housing.mmd
"""


def add(action: argparse.ArgumentParser) -> None:
    """Its arguments."""
    add_options(action)
    action.add_argument("--mermaid", action="store_true", help="as Mermaid instead of SVG")
    action.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="where to (default: standard output)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the picture."""
    tree = None if arguments.folder else tree_of(arguments)
    made = draft(file_of(arguments.flow, folder_of(arguments, tree)))
    flow = made.flows.flows.get(made.flows.main)
    if flow is None or not flow.nodes:
        raise ValueError("there is nothing to draw: `guichet flow check` says why")
    picture = mermaid(flow) if arguments.mermaid else svg(flow)
    if arguments.output is None:
        print(picture, end="")
    else:
        arguments.output.write_text(picture, encoding="utf-8")
        print(f"{arguments.output}: {len(flow.nodes)} nodes")
    return 0
