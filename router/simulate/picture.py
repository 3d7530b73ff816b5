"""The figures as one SVG: a row of dots with intervals for each figure, and who was served in time by group.

Plain text without scripts or fonts of its own; readable in print, as policies are told apart by place and
shape as well as by colour.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import floor, log10
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape

from metrics.promise import PROMISED

if TYPE_CHECKING:
    from router.simulate.compare import Interval

    Rows = Mapping[str, Mapping[str, Interval]]

WIDTH, LEFT, RIGHT, ROW, GAP, HEAD = 860, 190, 130, 20, 56, 62
COLOURS = ("#1b4f72", "#b9770e", "#7d3c98", "#1e8449", "#a93226", "#566573")
SHAPES = ("M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0", "M-4-4h8v8h-8z", "M0-6 6 0 0 6-6 0z",
          "M0-5 5 4h-10z", "M0 5 5-4h-10z", "M-5-1.5h10v3h-10z")  # fmt: skip
STYLE = "font: 13px system-ui, sans-serif; fill: #222"
PALE, GREY = "#e3e3e3", "#666"


class Page(NamedTuple):
    """What is drawn. `figures` and `groups`: name -> policy -> interval; groups are shares served in time."""

    title: str
    about: str
    figures: Rows
    groups: Rows
    words: Mapping[str, Sequence[str]]  # how each figure's intervals are said
    better: Callable[[str], str]  # "less is better" and the like


def picture(page: Page) -> str:
    """Every figure has a scale of its own, from 0; groups share one, from 0 to 100 %."""
    parts: list[str] = []
    top = HEAD
    for figure, row in page.figures.items():
        parts += _figure(page, figure, row, top)
        top += GAP + ROW * len(row)
    if page.groups:
        parts += _groups(page.groups, top)
        top += 2 * GAP + ROW * len(page.groups)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{top}" '
            f'viewBox="0 0 {WIDTH} {top}" style="{STYLE}">',
            f'<rect width="{WIDTH}" height="{top}" fill="#fff"/>',
            f'<text x="10" y="24" font-size="16">{escape(page.title)}</text>',
            f'<text x="10" y="44" fill="{GREY}">{escape(page.about)}</text>',
            *parts,
            "</svg>\n",
        ]
    )


def _figure(page: Page, figure: str, row: Mapping[str, Interval], top: int) -> Iterator[str]:
    most = max((each.mean + each.half for each in row.values()), default=0) or 1.0
    words = page.words[figure]
    percent = "%" in words[0]
    if percent and most > 0.5 and figure != "lost":  # a share; `lost` is a sum of three
        most = 1.0
    scale = (WIDTH - LEFT - RIGHT) / most
    bottom = top + 26 + ROW * len(row)
    yield (
        f'<text x="10" y="{top + 14}"><tspan font-weight="600">{escape(figure.replace("_", " "))}</tspan>'
        f'<tspan dx="10" fill="{GREY}">{escape(page.better(figure))}</tspan></text>'
    )
    yield from _scale(ticks(most), scale, top + 22, bottom, percent=percent)
    for number, (policy, each) in enumerate(row.items()):
        y = top + 34 + number * ROW
        low = LEFT + max(0.0, each.mean - each.half) * scale
        high = LEFT + min(most, each.mean + each.half) * scale
        yield f'<text x="30" y="{y + 4}">{escape(policy)}</text>'
        yield (
            f'<line x1="{low:.1f}" y1="{y}" x2="{high:.1f}" y2="{y}" '
            f'stroke="{COLOURS[number % len(COLOURS)]}" stroke-width="2"/>'
        )
        yield _mark(number, LEFT + each.mean * scale, y)
        yield f'<text x="{WIDTH - RIGHT + 12}" y="{y + 4}">{escape(words[number])}</text>'


def _groups(groups: Rows, top: int) -> Iterator[str]:
    """A line for each channel, topic, language; a mark for each policy, and what was promised."""
    scale = WIDTH - LEFT - RIGHT
    policies = list(next(iter(groups.values())))
    bottom = top + 46 + ROW * len(groups)
    promised = LEFT + PROMISED * scale
    yield f'<text x="10" y="{top + 14}" font-weight="600">served in time, by group</text>'
    for number, policy in enumerate(policies):
        x = LEFT + 10 + number * 105
        yield _mark(number, x, top + 30)
        yield f'<text x="{x + 10}" y="{top + 34}">{escape(policy)}</text>'
    yield from _scale([0.0, 0.2, 0.4, 0.6, 0.8, 1.0], scale, top + 44, bottom, percent=True)
    yield (
        f'<line x1="{promised:.1f}" y1="{top + 44}" x2="{promised:.1f}" y2="{bottom}" '
        f'stroke="#222" stroke-dasharray="4 3"/>'
        f'<text x="{promised:.1f}" y="{bottom + 32}" text-anchor="middle" fill="{GREY}">promised</text>'
    )
    for place, (group, row) in enumerate(groups.items()):
        y = top + 56 + place * ROW
        yield f'<text x="10" y="{y + 4}">{escape(group)}</text>'
        for number, policy in enumerate(policies):
            if policy in row:
                yield _mark(number, LEFT + row[policy].mean * scale, y)


def _mark(number: int, x: float, y: int) -> str:
    shape, colour = SHAPES[number % len(SHAPES)], COLOURS[number % len(COLOURS)]
    return f'<path d="{shape}" transform="translate({x:.1f} {y})" fill="{colour}" fill-opacity="0.85"/>'


def _scale(at: list[float], scale: float, top: int, bottom: int, *, percent: bool) -> Iterator[str]:
    for tick in at:
        x = LEFT + tick * scale
        said = f"{100 * tick:.4g} %" if percent else f"{tick:.4g}"
        yield f'<line x1="{x:.1f}" y1="{top}" x2="{x:.1f}" y2="{bottom}" stroke="{PALE}"/>'
        yield (
            f'<text x="{x:.1f}" y="{bottom + 13}" text-anchor="middle" font-size="10" fill="{GREY}">'
            f"{said}</text>"
        )


def ticks(most: float) -> list[float]:
    """Round values from 0 to this, two to six of them."""
    step = 10.0 ** floor(log10(most))
    step = next(step / part for part in (0.5, 1, 2, 5, 10) if most / (step / part) >= 2)
    return [number * step for number in range(int(most / step + 1e-9) + 1)]
