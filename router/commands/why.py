"""`guichet why CONTACT`: every decision about one contact, from the archive."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import msgspec

from config.fault import Faults
from config.loader import default_place, load
from router.log.archive_errors import ArchiveError
from router.replay.decisions import decisions
from router.replay.proof import Differs
from router.replay.words import told

TEACH = """\
Tells what became of a contact, decision by decision: to whom it was offered and with which terms, and for
every other kind of agent why not. It steps the archive again, so it is proof, not memory.

  guichet why c-1f2e3d4c5b6a7988
  guichet why c-1f2e3d4c5b6a7988 --archive var/archive --json

The archive is at most a second behind. Exit codes: 0 told, 1 no such contact there or a broken archive, 2 no
archive.
"""


def add(command: argparse.ArgumentParser) -> None:
    """Its arguments."""
    command.add_argument("contact", metavar="CONTACT")
    command.add_argument(
        "--archive", type=Path, metavar="DIR", help="default: the configuration's log.archive"
    )
    command.add_argument("--config", type=Path, metavar="DIR", help="where to read log.archive from")
    command.add_argument("--pool", default="", help="which pool, where the folder holds several")
    command.add_argument("--json", action="store_true", help="one JSON object per decision")


def run(arguments: argparse.Namespace) -> int:
    """Print each decision."""
    found = False
    try:
        archive = arguments.archive or Path(load(arguments.config or default_place()).tree.log.archive)
        for decision in decisions(archive, arguments.contact, arguments.pool):
            found = True
            if arguments.json:
                print(msgspec.json.encode(decision).decode())
            else:
                print("\n".join(told(decision)))
    except (ArchiveError, Differs) as broken:
        print(f"guichet why: {broken}", file=sys.stderr)
        return 1
    except (Faults, FileNotFoundError, ValueError) as error:
        print(f"guichet why: {error}", file=sys.stderr)
        return 2
    if not found:
        print(f"guichet why: the archive in {archive} does not know {arguments.contact}", file=sys.stderr)
        return 1
    return 0
