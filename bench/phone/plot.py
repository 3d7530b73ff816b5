"""Two small charts as one SVG: who answers how many, and how long a freed agent idles.

Plain SVG, so that no plotting library is needed to run a benchmark. It must never hold a figure of its own.
"""

from __future__ import annotations

import math
from pathlib import Path

from bench.phone.figures import Figures, at

WIDTH, HEIGHT, LEFT, TOP, SIDE = 860, 330, 60, 46, 320
COLOURS = {"app_queue": "#b3541e", "guichet": "#0b5cad"}
CEILING = "#777777"


def draw(path: Path, rows: list[Figures]) -> None:
    rates = sorted({f.rate for f in rows})
    most = max(f.ceiling for f in rows) * 1.05
    shapes = [*_frame(0, "answered per second", rates), *_frame(1, "next ring p95, ms (log)", rates)]
    for quarter in range(5):  # the scales: linear at the left, powers of ten at the right
        y = TOP + 230 * (1 - quarter / 4)
        shapes.append(_text(LEFT - 6, y, f"{most * quarter / 4:.0f}", "end"))
        shapes.append(_text(LEFT + SIDE + 94, y, f"{10**quarter}", "end"))
    ceilings = {f.rate: f.ceiling for f in rows}
    shapes += _line(0, rates, [ceilings[rate] / most for rate in rates], CEILING, dashed=True)
    for place, (subject, colour) in enumerate(COLOURS.items()):
        own = {f.rate: f for f in rows if f.subject == subject}
        here = [rate for rate in rates if rate in own]
        shapes += _line(0, rates, [own[rate].per_second / most for rate in here], colour)
        waits = [max(1.0, at(own[rate].next_ring, 0.95)) for rate in here]
        shapes += _line(1, rates, [min(1.0, math.log10(wait) / 4) for wait in waits], colour)
        shapes.append(_text(LEFT + 10 + 110 * place, HEIGHT - 8, subject, "start", colour))
    shapes.append(_text(LEFT + 230, HEIGHT - 8, "ceiling (dashed)", "start", CEILING))
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
    head += 'font-family="sans-serif" font-size="12">\n<rect width="100%" height="100%" fill="white"/>\n'
    path.write_text(head + "\n".join(shapes) + "\n</svg>\n")


def _x(chart: int, place: int, count: int) -> float:
    return LEFT + chart * (SIDE + 100) + 20 + (SIDE - 40) * (place / max(1, count - 1))


def _frame(chart: int, title: str, rates: list[float]) -> list[str]:
    left = LEFT + chart * (SIDE + 100)
    box = f'<rect x="{left}" y="{TOP}" width="{SIDE}" height="230" fill="none" stroke="#cccccc"/>'
    names = [
        _text(_x(chart, place, len(rates)), TOP + 246, f"{rate:g}/s", "middle")
        for place, rate in enumerate(rates)
    ]
    return [box, _text(left, TOP - 14, title, "start"), *names]


def _line(
    chart: int, rates: list[float], heights: list[float], colour: str, dashed: bool = False
) -> list[str]:
    points = [
        (_x(chart, place, len(rates)), TOP + 230 * (1 - height)) for place, height in enumerate(heights)
    ]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    dots = [] if dashed else [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points]
    return [f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>', *dots]


def _text(x: float, y: float, words: str, anchor: str, colour: str = "#333333") -> str:
    return f'<text x="{x:.1f}" y="{y + 4:.1f}" text-anchor="{anchor}" fill="{colour}">{words}</text>'
