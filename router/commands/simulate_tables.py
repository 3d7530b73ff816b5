"""What `guichet simulate` prints: the policies side by side, their differences, and who is served how."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import floor

from metrics.promise import PROMISED, short
from router.commands.table import shown, table
from router.simulate.compare import Day, Interval, against, interval
from router.simulate.figures import Figures, promise_spreads, promises
from router.simulate.scenario import Kind, PolicyName, Scenario

Rows = dict[str, dict[str, Interval]]  # figure or group -> policy -> interval

PERCENT = ("lost", "phone_service_level", "abandoned", "late", "vulnerable_service_level", "spread")
MORE_IS_BETTER = ("phone_service_level", "vulnerable_service_level")
GROUPED = ("", "came", "in time", "of promised", "not served", "late", "mean wait s", "p95 s")


def about(scenario: Scenario) -> str:
    """What was lived, and how to read it."""
    if scenario.replications == 1:
        return f"1 day, seed {scenario.seed}"
    return f"{scenario.replications} days, seed {scenario.seed}; ± is a 95 % interval over days"


def report(scenario: Scenario, lived: list[Day], rows: Rows) -> str:
    """All of it. Groups are told of `guichet`, or else of the policy that the scenario names first."""
    chief = "guichet" if "guichet" in scenario.policies else scenario.policies[0]
    told = [day for day in lived if day.policy == chief]
    parts = [
        f"{shown(scenario.scenario)}: {about(scenario)}",
        headline(scenario, rows),
        differences(scenario, lived, chief),
        groups(told),
        "\n".join(promise([day.groups for day in told])),
    ]
    return "\n\n".join(part for part in parts if part)


def by_policy(scenario: Scenario, lived: Sequence[Day]) -> Rows:
    """Each figure of the headline under each policy; not those of whom the scenario lets nobody come."""
    return {
        figure: {
            policy: interval([day.headline[figure] for day in lived if day.policy == policy])
            for policy in scenario.policies
        }
        for figure in lived[0].headline
        if any(_tells_of(figure, kind) for kind in scenario.kinds)
    }


def _tells_of(figure: str, kind: Kind) -> bool:
    """Whether a figure says anything of contacts such as these."""
    match figure:
        case "late":
            return kind.due_s is not None
        case "vulnerable_service_level":
            return kind.channel == "phone" and kind.vulnerable > 0
        case "phone_service_level" | "phone_mean_wait_s" | "phone_p95_wait_s":
            return kind.channel == "phone"
        case _:
            return True


def in_time(scenario: Scenario, lived: Sequence[Day]) -> Rows:
    """Served in time, by channel, topic, language, and the vulnerable, under each policy."""
    return {
        group: {
            policy: interval([day.groups[group].service_level for day in days])
            for policy in scenario.policies
            if (days := [day for day in lived if day.policy == policy and group in day.groups])
        }
        for group in sorted({group for day in lived for group in day.groups})
    }


def written(figure: str, each: Interval, days: int) -> str:
    """Shares in percent, waits in seconds, else a ratio; how sure it is, unless there was a single day."""
    scale, decimals, unit = 1, 2, ""
    if figure in PERCENT:
        scale, decimals, unit = 100, 1, " %"
    elif figure.endswith("_s"):
        decimals = 1
    sure = f" ±{scale * each.half:.{decimals}f}" if days > 1 else ""
    return f"{scale * each.mean:.{decimals}f}{unit}{sure}"


def better(figure: str) -> str:
    """Which way is good."""
    unit = ", seconds" if figure.endswith("_s") else ""
    return ("more" if figure in MORE_IS_BETTER else "less") + f" is better{unit}"


def headline(scenario: Scenario, rows: Rows) -> str:
    """The policies beside each other."""
    days = scenario.replications
    cells = [
        (figure, *(written(figure, each, days) for each in row.values())) for figure, row in rows.items()
    ]
    return table(("", *scenario.policies), cells)


def differences(scenario: Scenario, lived: list[Day], chief: PolicyName) -> str:
    """Day by day on the same citizens: what the policy changes, without what the days have in common."""
    rows = []
    for policy in scenario.policies:
        if policy != chief:
            each = against(lived, "lost", chief, policy)
            clear = "clear" if abs(each.mean) > each.half else "not clear"
            if scenario.replications == 1:
                rows.append((policy, f"{100 * each.mean:+.1f} points", "one day proves nothing"))
            else:
                rows.append((policy, f"{100 * each.mean:+.1f} points ±{100 * each.half:.1f}", clear))
    return f"{chief}'s `lost` less theirs\n" + table(("policy", "difference", ""), rows) if rows else ""


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
        f"{by} {name} {floor(100 * (each[name].over_promised or 0.0)) / 100:.2f}"  # 0.999 is short, 1.00 not
        for by, each in kept.items()
        for name in short(each)
    ]
    yield "short of what was promised: " + (", ".join(lacking) or "nobody")


def _values(figures: Figures) -> tuple[float, ...]:
    return tuple(getattr(figures, name) for name in Figures.__struct_fields__)
