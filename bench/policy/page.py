"""The figures of many days as one page: five criteria, three sizes, with 95 % intervals over centres."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from bench.policy.centres import SIZES
from bench.policy.opponents import FIGURES
from router.simulate.compare import Interval, interval

Row = dict[str, Any]
SHOWN = {
    "lost": "lost service",
    "lost_strict": "lost, strict",
    "phone_service_level": "phone service level",
    "abandoned": "abandoned",
    "late": "late mail",
    "late_strict": "late, strict",
    "phone_p95_wait_s": "p95 wait, phone",
    "all_p95_wait_s": "p95 wait, everything",
    "vulnerable_gain": "vulnerable − all",
    "spread": "spread",
}
HEAD = """\
# What the shipped policy is worth

Made by `python -m bench.policy page`; the days by `python -m bench.policy live`. Centres are drawn at
random (`bench/policy/centres.py`): load 0.75 to 1.1, e-mail 5 to 40 %, chat up to 30 %, two to eight topics,
one to three languages, due times of 1 to 24 hours. Weights and rivals were chosen on TRAIN centres; what
follows are TEST centres. Every rule meets the same citizens. *Lost service* is 1 − phone service level +
abandoned + late mail. Whoever was never served counts. A centre is one observation; ± is a 95 % interval over
centres, of the differences.

**Which core.** The tables are of core 6, the one that ships, on the first TEST centres of each size: few, for
want of time on the machine that lived them; *By a second stand-in* below has forty of each. Core 5 lost
0.032, 0.039 and 0.030 less than the best rival on the same days.

**Two counts of late mail.** Mail not begun when the day ends is late if it was due by then; *strictly*, it
is late in any case. The first count was introduced after TEST days had been looked at, where by the strict
one the shipped policy missed its aim of 3 %. So both are shown, and no claim rests on the first alone.

**Effort.** On TRAIN some hundred settings of the policy were tried, and about thirty of the rivals per size,
from what `opponents.grid` lists: all five rules, reserves, ring times, costs of e-mail. Those below are each
rule's best, and the best without a reserve; `rings` was far behind (0.67, 0.39 and 0.40 lost at 12, 80 and
150 agents) and is not lived again. A reserve is no part of the rules as published.

"""
TAIL = Path(__file__).with_name("how_chosen.md")  # written by hand


def page(rows: list[Row]) -> str:
    """Markdown."""
    parts = [HEAD]
    for agents in SIZES:
        of_size = [row for row in rows if row["agents"] == agents and row["part"] == "test"]
        if of_size:
            parts.append(_size(agents, of_size))
    return "".join(parts) + TAIL.read_text()


def _size(agents: int, rows: list[Row]) -> str:
    lived: dict[int, set[str]] = defaultdict(set)
    for row in rows:
        lived[row["centre"]].add(row["rival"])
    most = max(len(rivals) for rivals in lived.values())
    rows = [row for row in rows if len(lived[row["centre"]]) == most]  # the others are still being lived
    means = _means(rows)
    centres = sorted(means["guichet"])
    rivals = sorted(
        (name for name in means if name != "guichet" and sorted(means[name]) == centres),
        key=lambda name: _mean(means[name], "lost").mean,
    )
    best = rivals[0]
    lines = [
        f"## {agents} agents",
        "",
        f"{len(centres)} centres, {len({(row['centre'], row['day']) for row in rows})} days.",
        "",
        f"| | {' | '.join(SHOWN.values())} |",
        f"|---|{'---|' * len(SHOWN)}",
    ]
    for name in ("guichet", *rivals):
        shown = (_shown(figure, _mean(means[name], figure).mean) for figure in FIGURES)
        lines.append(f"| {name} | {' | '.join(shown)} |")
    strictest = min(rivals, key=lambda name: _mean(means[name], "lost_strict").mean)
    strict = {figure: _apart(means["guichet"], means[strictest], figure) for figure in FIGURES}
    apart = {figure: _apart(means["guichet"], means[best], figure) for figure in FIGURES}
    gain = _mean(means["guichet"], "vulnerable_gain").mean
    ours, theirs = _p95(means["guichet"]), _p95(means[best])
    lines += [
        "",
        f"Against {best}, the best classical rule here: lost service {_signed(apart['lost'])}; p95 of "
        f"phone waits {ours / theirs:.2f} ×; spread {_signed(apart['spread'])}; vulnerable "
        f"citizens' service level {gain:+.3f} against everybody's. "
        f"By the strict count of late mail, against {strictest}: "
        f"lost service {_signed(strict['lost_strict'])}; p95 {ours / _p95(means[strictest]):.2f} ×; "
        f"spread {_signed(strict['spread'])}.",
        "",
        _verdict(means["guichet"], apart, ours / theirs, "lost", "late", agents),
        "",
        "By the strict count: "
        + _verdict(
            means["guichet"], strict, ours / _p95(means[strictest]), "lost_strict", "late_strict", agents
        ),
        "",
        "",
    ]
    return "\n".join(lines)


def _means(rows: list[Row]) -> dict[str, dict[int, dict[str, float]]]:
    """rival -> centre -> figure, the mean of its days."""
    days: dict[tuple[str, int], list[dict[str, float]]] = defaultdict(list)
    for row in rows:
        days[row["rival"], row["centre"]].append(row["figures"])
    found: dict[str, dict[int, dict[str, float]]] = defaultdict(dict)
    for (rival, number), lived in days.items():
        found[rival][number] = {name: sum(each[name] for each in lived) / len(lived) for name in FIGURES}
    return found


def _mean(of: dict[int, dict[str, float]], figure: str) -> Interval:
    return interval([each[figure] for each in of.values()])


def _apart(ours: dict[int, dict[str, float]], theirs: dict[int, dict[str, float]], figure: str) -> Interval:
    return interval([ours[number][figure] - theirs[number][figure] for number in ours])


def _shown(figure: str, value: float) -> str:
    return f"{value:.0f} s" if figure.endswith("_s") else f"{value:.3f}"


def _signed(of: Interval) -> str:
    return f"{of.mean:+.3f} ± {of.half:.3f}"


def _p95(of: dict[int, dict[str, float]]) -> float:
    return max(_mean(of, "phone_p95_wait_s").mean, 1e-9)


def _verdict(
    ours: dict[int, dict[str, float]],
    apart: dict[str, Interval],
    p95: float,
    lost: str,
    late: str,
    agents: int,
) -> str:
    """Each aim, met or missed by the means; and whether the interval bears it out."""
    aim = 0.0 if agents == SIZES[0] else -0.02
    aims = {
        f"lost service {aim:+.2f}": apart[lost].mean <= aim,
        "late mail at most 3 %": _mean(ours, late).mean <= 0.03,
        "p95 at most 1.1 ×": p95 <= 1.1,
        "vulnerable at least everybody": _mean(ours, "vulnerable_gain").mean >= 0,
        "spread no worse": apart["spread"].mean <= 0,
    }
    said = "; ".join(f"{name}: {'met' if met else '**missed**'}" for name, met in aims.items())
    sure = "bears out" if apart[lost].mean + apart[lost].half <= aim else "does not bear out"
    return (
        f"Aims, by the means: {said}. The interval {sure} the first: there are few centres, and they differ."
    )
