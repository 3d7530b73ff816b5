"""Who would wait less, who more, as one SVG: a bar to each side for every group, waits before and after.

Plain text without scripts or fonts of its own; the sides tell the two apart, in print as well.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

from router.whatif.compare import Group, Told

WIDTH, MIDDLE, REACH, ROW, TOP = 1100, 400, 170, 26, 74
IN_TIME, MEDIAN, LONGEST = 660, 810, 950  # where a column begins
LESS, MORE = "#1b4f72", "#b9770e"
STYLE = "font: 13px system-ui, sans-serif; fill: #222"


def picture(title: str, told: Told) -> str:
    """Bars are shares of the group, up to the largest of all."""
    rows = [
        (name, group) for name, group in told.groups.items() if group.moved is not None and group.contacts
    ]
    height = TOP + ROW * len(rows) + 16
    most = max((max(shares(group)) for _, group in rows), default=0.0) or 1.0
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" style="{STYLE}">',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="10" y="24" font-size="16">{escape(title)}</text>',
        text(MIDDLE - 8, 54, "would wait less", "end", LESS),
        text(MIDDLE + 8, 54, "would wait more", "start", MORE),
        text(IN_TIME, 54, "served in time", "start"),
        text(MEDIAN, 54, "median wait", "start"),
        text(LONGEST, 54, "95th percentile", "start"),
    ]
    for number, (name, group) in enumerate(rows):
        parts += _row(TOP + number * ROW, name, group, most)
    return "\n".join([*parts, "</svg>"]) + "\n"


def shares(group: Group) -> tuple[float, float]:
    """Of the group: who would wait less, who more."""
    assert group.moved is not None  # asked of compared groups only
    return group.moved.less.mean / group.contacts, group.moved.more.mean / group.contacts


def _row(y: int, name: str, group: Group, most: float) -> list[str]:
    less, more = shares(group)
    left, right = REACH * less / most, REACH * more / most
    return [
        text(10, y + 14, f"{name} ({group.contacts})", "start"),
        f'<rect x="{MIDDLE - left:.1f}" y="{y + 2}" width="{left:.1f}" height="16" fill="{LESS}"/>',
        f'<rect x="{MIDDLE}" y="{y + 2}" width="{right:.1f}" height="16" fill="{MORE}"/>',
        text(MIDDLE - left - 6, y + 14, f"{100 * less:.0f} %", "end"),
        text(MIDDLE + right + 6, y + 14, f"{100 * more:.0f} %", "start"),
        text(IN_TIME, y + 14, in_time(group), "start"),
        text(MEDIAN, y + 14, waits(group, "median_wait_s"), "start"),
        text(LONGEST, y + 14, waits(group, "p95_wait_s"), "start"),
    ]


def waits(group: Group, figure: str) -> str:
    """Before and after; a decimal where whole seconds would hide the change."""
    before, after = group.base[figure].mean, group.other[figure].mean
    decimals = 0 if min(before, after) >= 10 else 1
    return f"{before:.{decimals}f} → {after:.{decimals}f} s"


def in_time(group: Group) -> str:
    before, after = group.base["in_time"].mean, group.other["in_time"].mean
    return f"{100 * before:.1f} → {100 * after:.1f} %"


def text(x: float, y: int, words: str, anchor: str, colour: str = "#222") -> str:
    return f'<text x="{x:.1f}" y="{y}" text-anchor="{anchor}" fill="{colour}">{escape(words)}</text>'
