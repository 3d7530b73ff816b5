"""`guichet why CONTACT`: every decision about one contact, from the archive, for who may read it."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import structs

from config.fault import Faults
from config.loader import default_place, load
from router.log.archive_errors import ArchiveError
from router.replay.decisions import decisions
from router.replay.proof import Differs
from router.tell.decision import Decision, Told
from router.tell.sight import READERS, Reader, seen_by
from router.tell.speech import LANGUAGES, SECOND
from router.tell.story import Story

TEACH = """\
Tells what became of a contact, decision by decision: to whom it was offered and by which terms, why nobody
else, who waited too, and which single changes would have given another result. It steps the archive again,
so it is proof, not memory, and each change it names was tried on the recorded step.

  guichet why c-1f2e3d4c5b6a7988
  guichet why c-1f2e3d4c5b6a7988 --at 2026-11-24T10:32:05
  guichet why c-1f2e3d4c5b6a7988 --for citizen --lang fr
  guichet why c-1f2e3d4c5b6a7988 --for auditor --json

--for says who will read it. The credit (why somebody's place is better than their arrival) is told to the
citizen concerned and to the auditor (data-protection officer, ombudsman) alone; a citizen is told no
agent's pseudonym. Who can read the archive's files can read all: keep them from others.
The archive is at most a second behind. Exit codes: 0 told, 1 no such contact there or a broken archive, 2 no
archive, or wrong use.
"""


def add(command: argparse.ArgumentParser) -> None:
    """Its arguments."""
    command.add_argument("contact", metavar="CONTACT")
    command.add_argument(
        "--at",
        type=instant,
        metavar="TIME",
        help="as of then: 2026-11-24T10:32:05 (UTC), or seconds since 1970",
    )
    command.add_argument(
        "--since", type=instant, metavar="TIME", help="it came no earlier: spares older parts of the archive"
    )
    command.add_argument(
        "--for",
        dest="reader",
        choices=READERS,
        default="supervisor",
        help="who reads it (default: supervisor)",
    )
    command.add_argument("--lang", choices=LANGUAGES, default="en", help="of the sentences (default: en)")
    command.add_argument(
        "--archive", type=Path, metavar="DIR", help="default: the configuration's log.archive"
    )
    command.add_argument("--config", type=Path, metavar="DIR", help="where to read log.archive from")
    command.add_argument("--pool", default="", help="which pool, where the folder holds several")
    command.add_argument(
        "--json", action="store_true", help="one JSON object per decision, with its sentences"
    )
    command.add_argument(
        "--no-changes", action="store_true", help="leave out what would have changed the result: faster"
    )


def instant(text: str) -> int:
    """Microseconds since 1970."""
    try:
        return round(float(text) * SECOND)
    except (ValueError, OverflowError):
        pass
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no time: write 2026-11-24T10:32:05") from None
    return round((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() * SECOND)


def run(arguments: argparse.Namespace) -> int:
    """Print each decision."""
    reader: Reader = arguments.reader
    printer = Printer(Story(reader, arguments.lang), as_json=arguments.json)
    try:
        archive = arguments.archive or Path(load(arguments.config or default_place()).tree.log.archive)
        found = decisions(
            archive,
            arguments.contact,
            arguments.pool,
            arguments.at,
            arguments.since,
            tried=not arguments.no_changes,
        )
        for decision in found:
            printer.print(seen_by(decision, reader))
    except (ArchiveError, Differs) as broken:
        print(f"guichet why: {broken}", file=sys.stderr)
        return 1
    except (Faults, FileNotFoundError, ValueError) as error:
        print(f"guichet why: {error}", file=sys.stderr)
        return 2
    if not printer.count:
        when = "" if arguments.at is None else " by then"
        known = (
            f"the archive in {archive} does not know {arguments.contact}{when}; `guichet contacts` names some"
        )
        print(f"guichet why: {known}", file=sys.stderr)
        return 1
    return 0


class Printer:
    """What was printed."""

    def __init__(self, story: Story, *, as_json: bool) -> None:
        self._story, self._as_json = story, as_json
        self.count = 0

    def print(self, decision: Decision) -> None:
        """One decision: a JSON line, or sentences and an empty line before."""
        self.count += 1
        sentences = tuple(self._story.told(decision))
        if self._as_json:
            print(msgspec.json.encode(Told(**structs.asdict(decision), sentences=sentences)).decode())
            return
        if self.count > 1:
            print()
        print("\n".join(sentences))
