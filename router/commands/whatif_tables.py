"""What `guichet whatif` prints: how well the model repeats the day, and who would wait less or more."""

from __future__ import annotations

from router.commands.table import table
from router.simulate.compare import Interval
from router.whatif.compare import Group, Told
from router.whatif.source import clock

SHOWN = {"in_time": "in time", "left": "left", "median_wait_s": "median s", "p95_wait_s": "p95 s"}
NOISE = 1e-9  # a width of rounding errors: the replications are equal
SURE_FROM = 3  # replications: two that happen to agree have no width, and prove nothing


def fidelity(answer: Told) -> str:
    """What happened, and what the model says of the same day under the same policy."""
    whole = answer.groups["all"]
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
    percent = f"{100 * answer.alike:.1f} %"
    if answer.doubts:
        verdict = [f"The model does NOT repeat this day well ({percent} of contacts within a second). Where:",
                   *(f"  {doubt}" for doubt in answer.doubts)]  # fmt: skip
    else:
        verdict = [f"The model repeats this day: {percent} of contacts as they were, within a second."]
    if answer.left_out:
        told_out = ", ".join(f"{many} {kind}" for kind, many in sorted(answer.left_out.items()))
        verdict.append(f"Left out, for no rule decides it: {told_out}.")
    came = "1 contact" if whole.contacts == 1 else f"{whole.contacts} contacts"
    head_line = f"{clock(answer.start)} to {clock(answer.end)}: {came}"
    return "\n".join([head_line, "", table(head, rows), "", *verdict])


def changes(answer: Told) -> str:
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
    told = table(["", "came", "wait less", "wait more", *SHOWN.values()], rows)
    return f"the same day, otherwise (model against model)\n{told}\n\n{sentence(answer)}"


def sentence(answer: Told) -> str:
    """The answer in a few words; a group is named if its share served in time surely moved."""
    groups, whole = answer.groups, answer.groups["all"].moved
    assert whole is not None  # there is another policy or rota
    words = f"{whole.less.mean:.0f} would have waited less, {whole.more.mean:.0f} more, the others the same."
    sure = {
        name: group.change["in_time"]
        for name, group in groups.items()
        if name != "all" and abs(group.change["in_time"].mean) > max(0.0005, group.change["in_time"].half)
    }
    if answer.replications < SURE_FROM:
        return f"{words} Which groups surely fare better or worse: ask for more --replications, 5 or so."
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
