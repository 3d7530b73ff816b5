"""Rows as an aligned table for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Columns as wide as their widest cell; control characters are shown, never sent to the terminal."""
    cells = [list(head), *([shown(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in cells]
    return "\n".join(line.rstrip() for line in lines)


def shown(value: object) -> str:
    """A cell's text."""
    text = "-" if value is None or value == "" else str(value)
    return "".join(letter if letter.isprintable() else "?" for letter in text)
