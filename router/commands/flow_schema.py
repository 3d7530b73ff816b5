"""`guichet flow schema`: what an editor needs to complete a flow's file."""

from __future__ import annotations

import argparse
import json

from ivr_flows.schema import schema

TEACH = """\
Prints the JSON Schema of a flow's file. With the YAML extension of your editor:

  guichet flow schema > flow.schema.json
  # first line of each flow:   # yaml-language-server: $schema=flow.schema.json
"""


def add(action: argparse.ArgumentParser) -> None:
    """It has no arguments."""


def run(arguments: argparse.Namespace) -> int:
    """Print it."""
    print(json.dumps(schema(), indent=2, ensure_ascii=False))
    return 0
