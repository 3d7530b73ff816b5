"""The figures as one SVG: a row of dots with intervals for each figure, and who was served in time by group.

Readable in print: policies are told apart by place and shape as well as by colour.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import floor, log10
from typing import TYPE_CHECKING, NamedTuple

from metrics.promise import PROMISED
from router.simulate.svg import GREY, document, line, text

if TYPE_CHECKING:
    from router.simulate.compare import Interval

    Rows = Mapping[str, Mapping[str, Interval]]

WIDTH, LEFT, RIGHT, ROW, GAP, HEAD = 860, 190, 130, 20, 56, 62
SPAN = WIDTH - LEFT - RIGHT
COLOURS = ("#1b4f72", "#b9770e", "#7d3c98", "#1e8449", "#a93226", "#566573")
SHAPES = ("M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0", "M-4-4h8v8h-8z", "M0-6 6 0 0 6-6 0z",
          "M0-5 5 4h-10z", "M0 5 5-4h-10z", "M-5-1.5h10v3h-10z")  # fmt: skip
BOLD, SMALL = 'font-weight="600"', 'font-size="10"'


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
    parts = [text(10, 44, page.about, colour=GREY)]
    top = HEAD
    for figure, row in page.figures.items():
        parts += _figure(page, figure, row, top)
        top += GAP + ROW * len(row)
    if page.groups:
        parts += _groups(page.groups, top)
        top += 2 * GAP + ROW * len(page.groups)
    return document(WIDTH, top, page.title, parts)


def _figure(page: Page, figure: str, row: Mapping[str, Interval], top: int) -> Iterator[str]:
    most = max((each.mean + each.half for each in row.values()), default=0) or 1.0
    words = page.words[figure]
    percent = "%" in words[0]
    if percent and most > 0.5 and figure != "lost":  # a share; `lost` is a sum of three
        most = 1.0
    scale = SPAN / most
    name = figure.replace("_", " ")
    yield text(10, top + 14, name, style=BOLD)
    yield text(LEFT, top + 14, page.better(figure), colour=GREY)
    yield from _scale(ticks(most), scale, top + 22, top + 26 + ROW * len(row), percent=percent)
    for number, (policy, each) in enumerate(row.items()):
        y = top + 34 + number * ROW
        low, high = max(0.0, each.mean - each.half), min(most, each.mean + each.half)
        yield text(30, y + 4, policy)
        yield line(
            LEFT + low * scale, y, LEFT + high * scale, y, f'stroke="{COLOURS[number]}" stroke-width="2"'
        )
        yield _mark(number, LEFT + each.mean * scale, y)
        yield text(WIDTH - RIGHT + 12, y + 4, words[number])


def _groups(groups: Rows, top: int) -> Iterator[str]:
    """A line for each channel, topic, language; a mark for each policy, and what was promised."""
    policies = list(next(iter(groups.values())))
    bottom = top + 46 + ROW * len(groups)
    promised = LEFT + PROMISED * SPAN
    yield text(10, top + 14, "served in time, by group", style=BOLD)
    for number, policy in enumerate(policies):
        x = LEFT + 10 + number * 105
        yield _mark(number, x, top + 30)
        yield text(x + 10, top + 34, policy)
    yield from _scale([0.0, 0.2, 0.4, 0.6, 0.8, 1.0], SPAN, top + 44, bottom, percent=True)
    yield line(promised, top + 44, promised, bottom, 'stroke="#222" stroke-dasharray="4 3"')
    yield text(promised, bottom + 32, "promised", "middle", GREY)
    for place, (group, row) in enumerate(groups.items()):
        y = top + 56 + place * ROW
        yield text(10, y + 4, group)
        for number, policy in enumerate(policies):
            if policy in row:
                yield _mark(number, LEFT + row[policy].mean * SPAN, y)


def _mark(number: int, x: float, y: int) -> str:
    shape, colour = SHAPES[number], COLOURS[number]
    return f'<path d="{shape}" transform="translate({x:.1f} {y})" fill="{colour}" fill-opacity="0.85"/>'


def _scale(at: Iterable[float], scale: float, top: int, bottom: int, *, percent: bool) -> Iterator[str]:
    for tick in at:
        x = LEFT + tick * scale
        yield line(x, top, x, bottom, 'stroke="#e3e3e3"')
        yield text(x, bottom + 13, f"{100 * tick:.4g} %" if percent else f"{tick:.4g}", "middle", GREY, SMALL)


def ticks(most: float) -> list[float]:
    """Round values from 0 to this, two to six of them."""
    step = 10.0 ** floor(log10(most))
    step = next(step / part for part in (0.5, 1, 2, 5, 10) if most / (step / part) >= 2)
    return [number * step for number in range(int(most / step + 1e-9) + 1)]
