"""Who would wait less, who more, as one SVG: a bar to each side for every group, waits before and after.

The sides tell the two apart, in print as well.
"""

from __future__ import annotations

from router.simulate.svg import document, text
from router.whatif.compare import Group, Told

WIDTH, MIDDLE, REACH, ROW, TOP = 1100, 400, 170, 26, 74
IN_TIME, MEDIAN, LONGEST = 660, 810, 950  # where a column begins
LESS, MORE = "#1b4f72", "#b9770e"


def picture(title: str, told: Told) -> str:
    """Bars are shares of the group, up to the largest of all."""
    rows = [
        (name, group) for name, group in told.groups.items() if group.moved is not None and group.contacts
    ]
    height = TOP + ROW * len(rows) + 16
    most = max((max(shares(group)) for _, group in rows), default=0.0) or 1.0
    parts = [
        text(MIDDLE - 8, 54, "would wait less", "end", LESS),
        text(MIDDLE + 8, 54, "would wait more", "start", MORE),
        text(IN_TIME, 54, "served in time"),
        text(MEDIAN, 54, "median wait"),
        text(LONGEST, 54, "95th percentile"),
    ]
    for number, (name, group) in enumerate(rows):
        parts += _row(TOP + number * ROW, name, group, most)
    return document(WIDTH, height, title, parts)


def shares(group: Group) -> tuple[float, float]:
    """Of the group: who would wait less, who more."""
    assert group.moved is not None  # asked of compared groups only
    return group.moved.less.mean / group.contacts, group.moved.more.mean / group.contacts


def _row(y: int, name: str, group: Group, most: float) -> list[str]:
    less, more = shares(group)
    left, right = REACH * less / most, REACH * more / most
    return [
        text(10, y + 14, f"{name} ({group.contacts})"),
        f'<rect x="{MIDDLE - left:.1f}" y="{y + 2}" width="{left:.1f}" height="16" fill="{LESS}"/>',
        f'<rect x="{MIDDLE}" y="{y + 2}" width="{right:.1f}" height="16" fill="{MORE}"/>',
        text(MIDDLE - left - 6, y + 14, f"{100 * less:.0f} %", "end"),
        text(MIDDLE + right + 6, y + 14, f"{100 * more:.0f} %"),
        text(IN_TIME, y + 14, in_time(group)),
        text(MEDIAN, y + 14, waits(group, "median_wait_s")),
        text(LONGEST, y + 14, waits(group, "p95_wait_s")),
    ]


def waits(group: Group, figure: str) -> str:
    """Before and after; a decimal where whole seconds would hide the change."""
    before, after = group.base[figure].mean, group.other[figure].mean
    decimals = 0 if min(before, after) >= 10 else 1
    return f"{before:.{decimals}f} → {after:.{decimals}f} s"


def in_time(group: Group) -> str:
    before, after = group.base["in_time"].mean, group.other["in_time"].mean
    return f"{100 * before:.1f} → {100 * after:.1f} %"
