"""A flow as a picture: SVG, which any browser shows, and Mermaid, which many wikis do. Pure."""

from __future__ import annotations

from html import escape
from itertools import pairwise

from ivr_flows.layout import Arrow, Bend, layout
from ivr_flows.model import Flow, Node, kind_of
from ivr_flows.questions import Confirm

WIDE, HIGH, GAP, DEEP, EDGE = 200, 62, 36, 74, 24
BEND = 26  # width that a passing arrow takes in a layer
LETTERS = 32  # of a line in a box

_FILL = {
    "menu": "#e3efff", "collect": "#e3efff", "confirm": "#e3efff", "language": "#e3efff", "survey": "#e3efff",
    "offer": "#e3efff", "route": "#dff5e1", "wait": "#dff5e1", "callback": "#dff5e1", "transfer": "#dff5e1",
    "appointment": "#dff5e1", "hours": "#fff3d6", "lookup": "#fff3d6", "identify": "#fff3d6",
    "branch": "#fff3d6", "notify": "#fff3d6", "end": "#eceff1",
}  # fmt: skip


def svg(flow: Flow) -> str:
    """The picture. Ways that the file leaves to the flow's person are not drawn."""
    plan = layout(flow)
    at: dict[str | Bend, tuple[float, float]] = {}
    widths = [
        sum(BEND if isinstance(i, tuple) else WIDE for i in layer) + GAP * (len(layer) - 1)
        for layer in plan.layers
    ]
    whole = max(widths, default=0) + 2 * EDGE
    for row, layer in enumerate(plan.layers):
        x = (whole - widths[row]) / 2
        for item in layer:
            wide = BEND if isinstance(item, tuple) else WIDE
            at[item] = (x + wide / 2, EDGE + 40 + row * (HIGH + DEEP))
            x += wide + GAP
    tall = EDGE * 2 + 40 + len(plan.layers) * (HIGH + DEEP)
    title = escape(flow.head.title or flow.name)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole:.0f} {tall:.0f}" width="{whole:.0f}" '
        f'height="{tall:.0f}" font-family="sans-serif" font-size="12" role="img" aria-label="{title}">',
        '<defs><marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
        'orient="auto-start-reverse"><path d="M0 0L8 4L0 8z" fill="#455a64"/></marker></defs>',
        f'<rect width="100%" height="100%" fill="#fff"/><text x="{EDGE}" y="{EDGE + 6}" font-size="18" '
        f'font-weight="bold">{title}</text>',
    ]
    labels: list[str] = []
    taken: set[tuple[int, int]] = set()
    for arrow in plan.arrows:
        line, label = _arrow(arrow, at, plan.layers, taken)
        parts.append(line)
        labels.append(label)
    parts += [_box(flow, name, *at[name]) for name in flow.nodes]
    return "\n".join([*parts, *labels, "</svg>", ""])


def _box(flow: Flow, name: str, x: float, y: float) -> str:
    node = flow.nodes[name]
    kind = kind_of(node)
    thick = 3 if name in (flow.head.start, flow.head.person) else 1
    left = x - WIDE / 2
    return (
        f'<g><rect x="{left:.0f}" y="{y:.0f}" width="{WIDE}" height="{HIGH}" rx="8" '
        f'fill="{_FILL.get(kind, "#fff")}" stroke="#455a64" stroke-width="{thick}"/>'
        f'<text x="{x:.0f}" y="{y + 20:.0f}" text-anchor="middle" font-weight="bold">{escape(name)}</text>'
        f'<text x="{x:.0f}" y="{y + 35:.0f}" text-anchor="middle" font-size="10" fill="#546e7a">'
        f"{escape(_what(node, kind))}</text>"
        f'<text x="{x:.0f}" y="{y + 51:.0f}" text-anchor="middle" font-size="11">'
        f"{escape(_words(flow, name))}</text></g>"
    )


def _what(node: Node, kind: str) -> str:
    value = getattr(node, kind)
    return _cut(f"{kind} {value}") if isinstance(value, str) else kind


def _words(flow: Flow, name: str) -> str:
    first = flow.head.languages[0]
    node = flow.nodes[name]
    words = node.confirm if isinstance(node, Confirm) else node.say
    return _cut((words or {}).get(first, ""))


def _cut(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= LETTERS else plain[: LETTERS - 1] + "…"


def _arrow(
    arrow: Arrow,
    at: dict[str | Bend, tuple[float, float]],
    layers: list[list[str | Bend]],
    taken: set[tuple[int, int]],
) -> tuple[str, str]:
    """Down through its bends; back up along them; round its own box."""
    (x1, y1), (x2, y2) = at[arrow.start], at[arrow.to]
    if arrow.start == arrow.to:
        edge = x1 + WIDE / 2
        path = f"M{edge:.0f} {y1 + 15:.0f}c40 0 40 30 0 30"
        points = [(edge + 30, y1 + 30)]
    else:
        rows = [row for row, layer in enumerate(layers) if (arrow.start, arrow.to, row) in layer]
        bends = [at[arrow.start, arrow.to, row] for row in sorted(rows, reverse=y2 < y1)]
        down = y2 > y1
        points = [
            (x1, y1 + (HIGH if down else 0)),
            *[(x, y + HIGH / 2) for x, y in bends],
            (x2, y2 + (0 if down else HIGH)),
        ]
        path = f"M{points[0][0]:.0f} {points[0][1]:.0f}"
        for (ax, ay), (bx, by) in pairwise(points):
            middle = (ay + by) / 2
            path += f"C{ax:.0f} {middle:.0f} {bx:.0f} {middle:.0f} {bx:.0f} {by:.0f}"
    line = f'<path d="{path}" fill="none" stroke="#455a64" marker-end="url(#a)"'
    line += ' stroke-dasharray="5 3"/>' if y2 <= y1 else "/>"
    ports = ", ".join(port for port in arrow.ports if port != "next")
    if not ports:
        return line, ""
    (ax, ay), (bx, by) = points[0], points[min(1, len(points) - 1)]
    lx, ly = ax + (bx - ax) * 0.4, ay + (by - ay) * 0.4
    while (round(lx / 40), round(ly / 12)) in taken:
        ly += 12
    taken.add((round(lx / 40), round(ly / 12)))
    width = 6.2 * len(ports) + 6
    return line, (
        f'<rect x="{lx - width / 2:.0f}" y="{ly - 9:.0f}" width="{width:.0f}" height="13" fill="#fff" '
        f'opacity="0.85"/><text x="{lx:.0f}" y="{ly + 1:.0f}" text-anchor="middle" font-size="11" '
        f'fill="#1a237e">{escape(ports)}</text>'
    )


def mermaid(flow: Flow) -> str:
    """The same for Mermaid."""
    rows = ["flowchart TD"]
    for name, node in flow.nodes.items():
        words = _words(flow, name) or _what(node, kind_of(node))
        text = f"{name}: {words}".replace('"', "'")
        rows.append(f'  n_{name.replace("-", "_")}["{escape(text, quote=False)}"]')
    for arrow in layout(flow).arrows:
        ports = ", ".join(port for port in arrow.ports if port != "next")
        label = f'|"{ports}"|' if ports else ""
        rows.append(f"  n_{arrow.start.replace('-', '_')} -->{label} n_{arrow.to.replace('-', '_')}")
    return "\n".join([*rows, ""])
