"""`guichet replay`: prove an archive."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import msgspec

from router.log.archive_errors import ArchiveError
from router.log.entry import Entry
from router.replay.proof import Differs, replay

TEACH = """\
Steps every entry of an archive again and compares each effect and digest with what was stored.

  guichet replay var/archive                 the whole archive of a pool
  guichet replay var/archive/main-….garc     one segment (it carries the state before it)
  guichet replay var/archive --print         also each entry as one JSON line, on standard output

A changed byte anywhere is found by the chain of digests, a changed decision by the core itself. While Guichet
writes, the newest record may be half there: that is told as torn, and a moment later it is whole.
Exit codes: 0 everything repeats, 1 it does not (the first difference is told), 2 no archive there.
"""
EVERY = 5_000  # entries between two signs of progress


def add(command: argparse.ArgumentParser) -> None:
    """Its arguments."""
    command.add_argument("archive", type=Path, metavar="ARCHIVE", help="a folder or one segment file")
    command.add_argument("--pool", default="", help="which pool, where the folder holds several")
    command.add_argument("--print", action="store_true", help="print each entry as a JSON line")


def run(arguments: argparse.Namespace) -> int:
    """Replay, show progress, say what was proven."""
    began = time.monotonic()
    count = 0

    def seen(entry: Entry) -> None:
        nonlocal count
        count += 1
        if arguments.print:
            sys.stdout.buffer.write(msgspec.json.encode(entry) + b"\n")
        if count % EVERY == 0 and sys.stderr.isatty():
            print(f"\r{count} entries", end="", file=sys.stderr, flush=True)

    try:
        proven = replay(arguments.archive, arguments.pool, seen)
    except (ArchiveError, Differs) as difference:
        print(f"guichet replay: after {count} entries: {difference}", file=sys.stderr)
        return 1
    except (FileNotFoundError, ValueError) as error:
        print(f"guichet replay: {error}", file=sys.stderr)
        return 2
    if not proven.last:
        print(f"guichet replay: {arguments.archive}: no entry is here", file=sys.stderr)
        return 2
    print(
        f"entries {proven.first} to {proven.last} repeat as stored, {proven.effects} effects and "
        f"{proven.digests} digests, in {time.monotonic() - began:.1f} s; state {proven.digest}",
        file=sys.stderr if arguments.print else sys.stdout,
    )
    return 0
