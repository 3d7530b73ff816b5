"""`guichet whatif`: yesterday under another policy or rota, and who would have waited more or less."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from config.fault import Faults
from config.loader import default_place, load
from router.commands import asked
from router.commands import whatif_tables as tables
from router.commands.bar import bar
from router.core.policy import Policy
from router.log.archive_errors import ArchiveError
from router.rules import policy_of
from router.whatif.compare import pairs, told
from router.whatif.day import Day
from router.whatif.other import under
from router.whatif.picture import picture
from router.whatif.rota import on
from router.whatif.rota import read as read_rota
from router.whatif.seen import Unreadable
from router.whatif.source import Asked, clock, read

TEACH = """\
Lives a recorded day again under the core that rules in production, with another policy or another rota, and
tells who would have waited more and who less: by channel, topic, language, and the vulnerable.

  guichet whatif                                  how well the model repeats the last 24 hours of the archive
  guichet whatif --config DIR                     the same day under this configuration
  guichet whatif --rota rota.yaml                 the same policy with other agents or shifts
  guichet whatif var/archive --day 2026-11-23 --config DIR --plot change.svg --json change.json
  guichet whatif session.jsonl --config DIR       a file of lines as `guichet engine` takes them

The day is first lived under the policy that really ruled; the first table says how far that is from what
happened. Who came, for what, when, and how long each talk lasted is as recorded. What nobody saw is drawn:
how long those who were served would have waited (Kaplan-Meier, by channel), and the talks of those who left.
± is a 95 % interval over --replications of these draws: it says nothing of other days. See
docs/how-to/what-if.md. A rota file:

  time_zone: Europe/Paris
  remove: [a-17, a-18]
  change: {a-12: {shifts: ["09:00-13:00"]}}
  add:
    - {count: 3, skills: {housing: 8, "lang:fr": 10}, shifts: ["08:00-12:00", "13:00-17:00"]}

Exit codes: 0 told, 1 told, but the model does not repeat the day well, 2 wrong log, file or configuration.
"""


def add(command: argparse.ArgumentParser) -> None:
    """Its arguments."""
    command.add_argument(
        "log", type=Path, nargs="?", metavar="LOG", help="archive folder, segment, or file of engine lines; "
        "default: the archive of $GUICHET_CONFIG or /etc/guichet",
    )  # fmt: skip
    command.add_argument("--config", type=Path, metavar="DIR", help="the other policy")
    command.add_argument("--rota", type=Path, metavar="FILE", help="the other rota")
    command.add_argument("--day", default="", metavar="DATE", help="2026-11-23 or `yesterday`, in UTC; "
                         "default: the last 24 hours of the log")  # fmt: skip
    command.add_argument("--pool", default="", help="which pool (default: the only one, or main)")
    command.add_argument(
        "--recorded", type=Path, metavar="DIR", help="the policy that ruled, where the log does not say"
    )
    command.add_argument("--replications", type=int, default=5, metavar="N", help="draws (default: 5)")
    command.add_argument("--seed", type=int, default=1, metavar="N", help="other draws")
    asked.add(command, "draw who waits less and who more", "every figure")


def run(arguments: argparse.Namespace) -> int:
    """Read, live, print, and draw if asked."""
    try:
        asked.check(arguments)
        if arguments.plot and not (arguments.config or arguments.rota):
            raise Unreadable("--plot draws what would change: name the other policy or rota too")
        day, other = _days(arguments)
    except (Unreadable, Faults, ArchiveError, OSError, ValueError) as fault:
        print(f"guichet whatif: {fault}", file=sys.stderr)
        return 2
    step = bar(arguments.replications, "replications")
    lived = list(pairs(day, other, arguments.seed, arguments.replications, arguments.cores, step))
    answer = told(day, lived, arguments.seed)
    print(tables.fidelity(answer))
    if other is not None:
        print(f"\n{tables.changes(answer)}")
        if arguments.plot:
            title = f"{clock(answer.start)} to {clock(answer.end)}, {_what(arguments)}"
            arguments.plot.write_text(picture(title, answer), encoding="utf-8")
    if arguments.json:
        arguments.json.write_bytes(msgspec.json.encode(answer))
    return 1 if answer.doubts else 0


def _days(arguments: argparse.Namespace) -> tuple[Day, Day | None]:
    """As it was, and as it would be; prints what is odd. Raises what is wrong."""
    asked = Asked(arguments.pool, arguments.day, _policy(arguments.recorded, arguments.pool))
    log = arguments.log or Path(load(default_place()).tree.log.archive)
    if not log.exists():
        raise Unreadable(f"there is no {log}: name an archive folder (`log.archive` of the site; "
                         "./run prints its own) or a file of engine lines")  # fmt: skip
    found = read(log, asked, _reading())
    for note in found.notes:
        print(f"guichet whatif: note: {note}", file=sys.stderr)
    day = other = found.day
    if (policy := _policy(arguments.config, arguments.pool)) is not None:
        other = under(other, policy)
        lacking = sorted(name for name in day.skills if policy.agents and name not in policy.agents)
        if lacking:
            names = ", ".join(lacking[:5]) + (f" and {len(lacking) - 5} more" if len(lacking) > 5 else "")
            print(f"guichet whatif: note: {arguments.config} does not name {names}: they stay as they were",
                  file=sys.stderr)  # fmt: skip
    if arguments.rota is not None:
        other = on(other, read_rota(arguments.rota, day))
    return day, None if other is day else other


def _policy(place: Path | None, pool: str) -> Policy | None:
    return None if place is None else policy_of(load(place).tree, pool or "main")


def _reading() -> Callable[[], None]:
    """A count on a terminal's standard error."""
    count = 0

    def one_more() -> None:
        nonlocal count
        count += 1
        if count % 5_000 == 0 and sys.stderr.isatty():
            print(f"\rreading, {count} events ", end="", file=sys.stderr, flush=True)

    return one_more


def _what(arguments: argparse.Namespace) -> str:
    return " and ".join(str(each.name) for each in (arguments.config, arguments.rota) if each is not None)
