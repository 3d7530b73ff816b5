"""`guichet engine`: hands standard input and output to the core."""

from __future__ import annotations

import argparse
import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from router.engine import Engine

if TYPE_CHECKING:
    from router.core.policy import Policy

TEACH = """\
Each line of standard input is one JSON event; each gets exactly one JSON line on standard output.

  {"at":0,"event":"agent","agent":"a1","state":"ready","skills":{"housing":8,"lang:fr":10}}
  {"at":1,"event":"contact","contact":"c1","channel":"phone","needs":{"housing":3,"lang:fr":5}}
  {"at":2.5,"event":"answer","offer":"o1","contact":"c1","agent":"a1","answer":"accepted"}
  {"at":95,"event":"ended","contact":"c1","agent":"a1"}
  {"at":110,"event":"done","contact":"c1","agent":"a1"}
  {"at":111,"event":"ask","about":"state"}

`at` is in seconds on your clock and never decreases. No network, no Redis, no wall clock: the same lines give
the same output, byte for byte. docs/reference/engine-protocol.md has every field.
"""


def add(command: argparse.ArgumentParser) -> None:
    """Its arguments."""
    command.add_argument(
        "--config",
        type=Path,
        metavar="DIR",
        help="rule by this configuration (default: the shipped defaults)",
    )
    command.add_argument("--pool", default="main", help="which pool's policy (default: main)")


def run(arguments: argparse.Namespace) -> int:
    """Serve lines until the end of input."""
    policy: Policy | None = None
    if arguments.config:
        try:
            policy = policy_from(arguments.config, arguments.pool)
        except (OSError, ValueError) as wrong:
            print(f"guichet engine: {wrong}", file=sys.stderr)
            return 2
    spare_the_old()
    Engine(policy).run(iter(sys.stdin.buffer.readline, b""), sys.stdout.buffer)
    return 0


def spare_the_old() -> None:
    """Collect garbage among young objects only, and between lines (`Engine.run`), never amid one.

    A look at all 100,000 contacts took 0.2 s now and then, one at the young ones 1 ms. The records hold no
    cycles: what is forgotten is freed at once. Cycles are of refusals alone, and die young.
    """
    gc.collect()
    gc.freeze()
    gc.disable()


def policy_from(place: Path, pool: str) -> Policy:
    """The policy of these files. Raises OSError or ValueError with all that is wrong.

    Imported here: drivers start the engine by the hundred, and a YAML loader is half of its start.
    """
    from config.fault import Faults
    from config.loader import load
    from router.rules import policy_of

    try:
        return policy_of(load(place).tree, pool)
    except Faults as faults:
        raise ValueError(str(faults)) from None
