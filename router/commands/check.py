"""`guichet check`: try everything before serving."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from config.fault import Faults
from config.loader import default_place, load
from router.check import check
from router.serve.storage import url_of

if TYPE_CHECKING:
    from config.tree import Tree

TEACH = """\
Tries what `guichet serve` will need: the configuration, tokens, port, disk, vault key, Redis, Asterisk's
manager. Each finding tells its mend. It changes nothing.

  guichet check --config /etc/guichet

Exit codes: 0 ready to serve, 1 something is in the way, 2 wrong configuration.
"""


def add(command: argparse.ArgumentParser) -> None:
    """Its arguments."""
    command.add_argument("--config", type=Path, metavar="DIR", help="configuration: a folder or one file")


def run(arguments: argparse.Namespace) -> int:
    """Print each finding as it is found."""
    place = arguments.config or default_place()
    try:
        loaded = load(place)
    except (Faults, OSError) as faults:
        print(faults, file=sys.stderr)
        return 2
    print(f"ok    configuration: {place}")
    for warning in loaded.warnings:
        print(f"note  {warning}")
    return asyncio.run(tell(loaded.tree))


async def tell(tree: Tree) -> int:
    """Everything else."""
    bad = 0
    try:
        url = "" if tree.log.redis == "owned" else url_of(tree.log)
    except OSError as error:
        print(f"BAD   redis: {error}\n      mend: write the password to log.password_file, mode 600")
        url, bad = tree.log.redis, 1
    async for found in check(tree, url):
        bad += bool(found.mend)
        print(f"{'BAD' if found.mend else 'note' if found.warning else 'ok':<6}{found.what}")
        if found.mend:
            print(f"      mend: {found.mend}")
    return 1 if bad else 0
