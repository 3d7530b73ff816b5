"""`guichet whatif`: yesterday under another policy or rota, and who would have waited more or less."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from config.fault import Faults
from config.loader import default_place, load
from router.commands.bar import bar
from router.commands.table import table
from router.core.policy import Policy
from router.log.archive_errors import ArchiveError
from router.rules import policy_of
from router.simulate.compare import Interval
from router.whatif.compare import Group, Told, pairs, told
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
SHOWN = {"in_time": "in time", "left": "left", "median_wait_s": "median s", "p95_wait_s": "p95 s"}
NOISE = 1e-9  # a width of rounding errors: the replications are equal


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
    command.add_argument("--cores", type=int, default=os.cpu_count() or 1, metavar="N", help="default: all")
    command.add_argument("--plot", type=Path, metavar="FILE.svg", help="draw who waits less and who more")
    command.add_argument("--json", type=Path, metavar="FILE", help="every figure")


def run(arguments: argparse.Namespace) -> int:
    """Read, live, print, and draw if asked."""
    try:
        for name, least in (("replications", 1), ("seed", 0), ("cores", 1)):
            if getattr(arguments, name) < least:
                raise Unreadable(f"--{name} {getattr(arguments, name)} is too small: from {least}")
        day, other = _days(arguments)
    except (Unreadable, Faults, ArchiveError, OSError, ValueError) as fault:
        print(f"guichet whatif: {fault}", file=sys.stderr)
        return 2
    step = bar(arguments.replications, "replications")
    lived = list(pairs(day, other, arguments.seed, arguments.replications, arguments.cores, step))
    answer = told(day, lived, arguments.seed)
    fidelity(answer)
    if other is not None:
        changes(answer)
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


def fidelity(answer: Told) -> None:
    """What happened, and what the model says of the same day under the same policy."""
    whole = answer.groups["all"]
    print(f"{clock(answer.start)} to {clock(answer.end)}: {whole.contacts} contacts\n")
    rows = []
    for name, group in answer.groups.items():
        if name == "all" or name.startswith("channel"):
            row = [name, str(group.contacts)]
            for figure in SHOWN:
                row += [written(figure, getattr(group.recorded, figure)), shown(figure, group.base[figure])]
            rows.append(row)
    head = ["", "came"]
    for word in SHOWN.values():
        head += [word, "model"]
    print(table(head, rows))
    percent = f"{100 * answer.alike:.1f} %"
    if answer.doubts:
        print(f"\nThe model does NOT repeat this day well ({percent} of contacts within a second). Where:")
        print("\n".join(f"  {doubt}" for doubt in answer.doubts))
    else:
        print(f"\nThe model repeats this day: {percent} of contacts as they were, within a second.")
    if answer.left_out:
        told_out = ", ".join(f"{many} {kind}" for kind, many in sorted(answer.left_out.items()))
        print(f"Left out, for no rule decides it: {told_out}.")


def changes(answer: Told) -> None:
    """Who would wait less, who more."""
    rows = []
    for name, group in answer.groups.items():
        moved = group.moved
        assert moved is not None  # there is another policy or rota
        rows.append(
            [
                name, group.contacts, _count(moved.less), _count(moved.more),
                *(before_after(figure, group) for figure in SHOWN),
            ]
        )  # fmt: skip
    print("\nthe same day, otherwise (model against model)")
    print(table(["", "came", "wait less", "wait more", *SHOWN.values()], rows))
    print("\n" + sentence(answer.groups))


def sentence(groups: dict[str, Group]) -> str:
    """The answer in a few words; a group is named if its 95th percentile surely moved."""
    whole = groups["all"].moved
    assert whole is not None  # there is another policy or rota
    words = f"{whole.less.mean:.0f} would have waited less, {whole.more.mean:.0f} more, the others the same."
    sure = {
        name: group.change["in_time"]
        for name, group in groups.items()
        if name != "all" and abs(group.change["in_time"].mean) > max(0.0005, group.change["in_time"].half)
    }
    for word, names in (
        ("Better", [name for name, change in sure.items() if change.mean > 0]),
        ("Worse", [name for name, change in sure.items() if change.mean < 0]),
    ):
        if names:
            names.sort(key=lambda name: -abs(sure[name].mean))
            moved = (f"{name} ({100 * sure[name].mean:+.1f} points in time)" for name in names[:5])
            words += f" {word}: {', '.join(moved)}."
    return words


def before_after(figure: str, group: Group) -> str:
    """Both means, and how sure their difference is."""
    before, after, change = group.base[figure], group.other[figure], group.change[figure]
    half = change.half if figure.endswith("_s") else 100 * change.half
    sure = f" ±{half:.1f}" if half > NOISE else ""
    return f"{written(figure, before.mean)} → {written(figure, after.mean)}{sure}"


def written(figure: str, value: float) -> str:
    return f"{value:.1f}" if figure.endswith("_s") else f"{100 * value:.1f} %"


def shown(figure: str, each: Interval) -> str:
    half = each.half if figure.endswith("_s") else 100 * each.half
    return written(figure, each.mean) + (f" ±{half:.1f}" if half > NOISE else "")


def _count(each: Interval) -> str:
    return f"{each.mean:.0f}" + (f" ±{each.half:.0f}" if each.half > NOISE else "")
