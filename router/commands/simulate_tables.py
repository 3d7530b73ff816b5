"""What `guichet simulate` prints: the policies side by side, their differences, and who is served how."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from metrics.promise import PROMISED, short
from router.commands.table import table
from router.simulate.compare import Day, Interval, against, interval
from router.simulate.figures import Figures, promise_spreads, promises
from router.simulate.scenario import Scenario

PERCENT = ("lost", "phone_service_level", "abandoned", "late", "vulnerable_service_level", "spread")
MORE_IS_BETTER = ("phone_service_level", "vulnerable_service_level")
GROUPED = ("", "came", "in time", "of promised", "not served", "late", "mean wait s", "p95 s")


def by_policy(scenario: Scenario, lived: Sequence[Day]) -> dict[str, dict[str, Interval]]:
    """Each figure of the headline under each policy."""
    return {
        figure: {
            policy: interval([day.headline[figure] for day in lived if day.policy == policy])
            for policy in scenario.policies
        }
        for figure in lived[0].headline
    }


def in_time(scenario: Scenario, lived: Sequence[Day]) -> dict[str, dict[str, Interval]]:
    """Served in time, by channel, topic, language, and the vulnerable, under each policy."""
    return {
        group: {
            policy: interval([day.groups[group].service_level for day in days])
            for policy in scenario.policies
            if (days := [day for day in lived if day.policy == policy and group in day.groups])
        }
        for group in sorted({group for day in lived for group in day.groups})
    }


def written(figure: str) -> Callable[[Interval], str]:
    """How an interval of this figure is written: shares in percent, waits in seconds, else a ratio."""
    if figure in PERCENT:
        return lambda each: f"{100 * each.mean:.1f} % ±{100 * each.half:.1f}"
    if figure.endswith("_s"):
        return lambda each: f"{each.mean:.1f} ±{each.half:.1f}"
    return lambda each: f"{each.mean:.2f} ±{each.half:.2f}"


def better(figure: str) -> str:
    """Which way is good."""
    unit = ", seconds" if figure.endswith("_s") else ""
    return ("more" if figure in MORE_IS_BETTER else "less") + f" is better{unit}"


def headline(scenario: Scenario, rows: dict[str, dict[str, Interval]]) -> str:
    """The policies beside each other."""
    cells = [(figure, *map(written(figure), row.values())) for figure, row in rows.items()]
    return table(("", *scenario.policies), cells)


def differences(scenario: Scenario, lived: list[Day]) -> str:
    """Day by day on the same citizens: what the policy changes, without what the days have in common."""
    rows = []
    for policy in scenario.policies:
        if policy != "guichet":
            each = against(lived, "lost", "guichet", policy)
            clear = "clear" if abs(each.mean) > each.half and scenario.replications > 1 else "not clear"
            rows.append((policy, f"{100 * each.mean:+.1f} points ±{100 * each.half:.1f}", clear))
    return "guichet's `lost` less theirs\n" + table(("policy", "difference", ""), rows) if rows else ""


def groups(lived: list[Day]) -> str:
    """Under one policy: who is served how, by channel, topic, language."""
    rows = []
    for name in sorted({name for day in lived for name in day.groups}):
        told = [day.groups[name] for day in lived if name in day.groups]
        mean = Figures(*(sum(each) / len(told) for each in zip(*map(_values, told), strict=True)))
        rows.append(
            (
                name, f"{mean.arrived:.0f}",
                f"{100 * mean.service_level:.1f} %", f"{mean.service_level / PROMISED:.2f}",
                f"{100 * mean.abandoned:.1f} %", f"{100 * mean.late:.1f} %", f"{mean.mean_wait_s:.1f}",
                f"{mean.p95_wait_s:.0f}",
            )
        )  # fmt: skip
    return table((lived[0].policy, *GROUPED[1:]), rows)


def promise(days: list[dict[str, Figures]]) -> Iterator[str]:
    """How equal the promise is, and who is short, over all days together."""
    if spreads := promise_spreads(days):
        told = ", ".join(f"{by}s {spread:.2f}" for by, spread in spreads.items())
        yield f"attained over promised, best less worst: {told}"
    kept = {by: promises(days, by) for by in ("channel", "topic", "language")}
    lacking = [
        f"{by} {name} {each[name].over_promised or 0.0:.2f}"
        for by, each in kept.items()
        for name in short(each)
    ]
    yield "short of what was promised: " + (", ".join(lacking) or "nobody")


def _values(figures: Figures) -> tuple[float, ...]:
    return tuple(getattr(figures, name) for name in Figures.__struct_fields__)
