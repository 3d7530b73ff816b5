"""`guichet check`: try everything before serving."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from config.fault import Faults
from config.loader import default_place, load
from router.asterisk_lint import lint
from router.check.everything import check
from router.serve.storage import url_of

if TYPE_CHECKING:
    from config.tree import Tree

TEACH = """\
Tries what `guichet serve` will need: the configuration, tokens, port, disk, vault key, Redis, Asterisk's
manager, the mailbox, the mail server. Each finding tells its mend. It changes nothing.

  guichet check --config /etc/guichet
  guichet check --asterisk /etc/asterisk     only your copy of Asterisk's files: names, lines and mends

Exit codes: 0 ready to serve, 1 something is in the way, 2 wrong configuration.
"""


def add(command: argparse.ArgumentParser) -> None:
    """Its arguments."""
    command.add_argument("--config", type=Path, metavar="DIR", help="configuration: a folder or one file")
    command.add_argument(
        "--asterisk", type=Path, metavar="DIR", help="a folder of Asterisk's files, to be read"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print each finding as it is found."""
    if arguments.asterisk is not None:
        status = read_asterisk(arguments.asterisk)
        if status == 2 or arguments.config is None:
            return status
        return max(status, try_all(arguments))
    return try_all(arguments)


def read_asterisk(folder: Path) -> int:
    """The site's copy of Asterisk's files, held against what Guichet relies on."""
    bad = 0
    try:
        if not (folder / "extensions.conf").exists():
            print(f"{folder} has no extensions.conf: name Asterisk's configuration folder", file=sys.stderr)
            return 2
        for fault in lint(folder):
            bad += not fault.warning
            print(f"{'note' if fault.warning else 'BAD':<6}{fault.where}: {fault.rule}: {fault.what}")
            print(f"      mend: {fault.mend}")
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    if not bad:
        print(f"ok    asterisk: {folder}")
    return 1 if bad else 0


def try_all(arguments: argparse.Namespace) -> int:
    """The configuration, then what it names."""
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
