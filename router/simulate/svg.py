"""A picture as SVG text: no scripts, no fonts of its own, and every word escaped."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

STYLE = "font: 13px system-ui, sans-serif; fill: #222"
INK, GREY = "#222", "#666"


def document(width: int, height: int, title: str, parts: Iterable[str]) -> str:
    """The whole file, on white, under its title."""
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" style="{STYLE}">',
            f'<rect width="{width}" height="{height}" fill="#fff"/>',
            f'<text x="10" y="24" font-size="16">{_safe(title)}</text>',
            *parts,
            "</svg>\n",
        ]
    )


def text(x: float, y: float, words: str, anchor: str = "start", colour: str = INK, style: str = "") -> str:
    """Words at a place; `anchor` says which end of them stands there."""
    return (
        f'<text x="{x:.1f}" y="{y:.0f}" text-anchor="{anchor}" fill="{colour}"{style and " " + style}>'
        f"{_safe(words)}</text>"
    )


def _safe(words: str) -> str:
    """Escaped, and without what XML forbids."""
    return escape("".join(letter if letter.isprintable() else "?" for letter in words))


def line(x1: float, y1: float, x2: float, y2: float, style: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.0f}" x2="{x2:.1f}" y2="{y2:.0f}" {style}/>'
