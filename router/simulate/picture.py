"""The figures as one SVG: a row of dots with intervals for each figure, a dot for each policy.

Plain text without scripts or fonts of its own; readable in print, as colours are told apart by place as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from router.simulate.compare import Interval

WIDTH, LEFT, RIGHT, ROW, GAP = 860, 190, 90, 20, 46
COLOURS = ("#1b4f72", "#b9770e", "#7d3c98", "#1e8449", "#a93226", "#566573")
STYLE = "font: 13px system-ui, sans-serif; fill: #222"


def picture(title: str, rows: Mapping[str, Mapping[str, Interval]]) -> str:
    """`rows`: figure -> policy -> interval. Every figure has a scale of its own, from 0."""
    height = 40 + sum(GAP + ROW * len(row) for row in rows.values())
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" style="{STYLE}">',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="10" y="24" font-size="16">{escape(title)}</text>',
    ]
    top = 40
    for figure, row in rows.items():
        parts += _figure(figure, row, top)
        top += GAP + ROW * len(row)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _figure(figure: str, row: Mapping[str, Interval], top: int) -> list[str]:
    most = max((each.mean + each.half for each in row.values()), default=0) or 1.0
    scale = (WIDTH - LEFT - RIGHT) / most
    parts = [f'<text x="10" y="{top + 18}" font-weight="600">{escape(figure)}</text>']
    for number, (policy, each) in enumerate(row.items()):
        y = top + 36 + number * ROW
        low, high = LEFT + max(0.0, each.mean - each.half) * scale, LEFT + (each.mean + each.half) * scale
        middle, colour = LEFT + each.mean * scale, COLOURS[number % len(COLOURS)]
        parts += [
            f'<text x="30" y="{y + 4}">{escape(policy)}</text>',
            f'<line x1="{LEFT}" y1="{y}" x2="{WIDTH - RIGHT}" y2="{y}" stroke="#eee"/>',
            f'<line x1="{low:.1f}" y1="{y}" x2="{high:.1f}" y2="{y}" stroke="{colour}" stroke-width="3"/>',
            f'<circle cx="{middle:.1f}" cy="{y}" r="4" fill="{colour}"/>',
            f'<text x="{WIDTH - RIGHT + 8}" y="{y + 4}">{each.mean:.3g} ± {each.half:.2g}</text>',
        ]
    return parts
