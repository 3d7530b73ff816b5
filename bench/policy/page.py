"""The figures of many days as one page: five criteria, three sizes, with 95 % intervals over centres."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from bench.policy.centres import SIZES
from bench.policy.opponents import FIGURES
from router.simulate.compare import Interval, interval

Row = dict[str, Any]
SHOWN = {
    "lost": "lost service",
    "phone_service_level": "phone service level",
    "abandoned": "abandoned",
    "late": "late mail",
    "left_over": "mail left at closing",
    "phone_p95_wait_s": "p95 wait, phone",
    "all_p95_wait_s": "p95 wait, everything",
    "vulnerable_gain": "vulnerable − all",
    "spread": "spread",
}
HEAD = """\
# What the shipped policy is worth

Made by `python -m bench.policy page`; the days by `python -m bench.policy live`. Centres are drawn at
random (`bench/policy/centres.py`): load 0.75 to 1.1, e-mail 5 to 40 %, chat up to 30 %, three to eight
topics, one to three languages, due times of 1 to 24 hours. Weights were chosen on TRAIN centres alone; what
follows are TEST centres. Every rule meets the same citizens. *Lost service* is 1 − phone service level +
abandoned + late mail. Whoever was never served counts; mail not begun at closing is late if it was due by
then. A centre's mean is one observation; ± is a 95 % interval over centres, of differences where a difference
is named.

"""


def page(rows: list[Row]) -> str:
    """Markdown."""
    parts = [HEAD]
    for agents in SIZES:
        of_size = [row for row in rows if row["agents"] == agents and row["part"] == "test"]
        if of_size:
            parts.append(_size(agents, of_size))
    return "".join(parts) + _tail()


def _size(agents: int, rows: list[Row]) -> str:
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
    apart = {figure: _apart(means["guichet"], means[best], figure) for figure in FIGURES}
    ours, theirs = (_mean(means[name], "phone_p95_wait_s").mean for name in ("guichet", best))
    lines += [
        "",
        f"Against {best}, the best classical rule here: lost service {apart['lost'].mean:+.3f} ± "
        f"{apart['lost'].half:.3f}; p95 of phone waits {ours / max(theirs, 1e-9):.2f} ×; spread "
        f"{apart['spread'].mean:+.3f} ± {apart['spread'].half:.3f}; late mail "
        f"{_mean(means['guichet'], 'late').mean:.1%}; vulnerable citizens' service level "
        f"{_mean(means['guichet'], 'vulnerable_gain').mean:+.3f} against everybody's.",
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


def _tail() -> str:
    return ""
