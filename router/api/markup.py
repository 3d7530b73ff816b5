"""HTML by functions: whatever is not HTML already is escaped, so nothing can be injected."""

from __future__ import annotations

import html


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


_VOID = frozenset(("br", "input", "link", "meta"))


def el(tag: str, *children: str, **attributes: str | int | bool) -> Html:
    """An element. `class_` is class, `data_since` is data-since; False leaves an attribute out."""
    written = ""
    for name, value in attributes.items():
        name = name.rstrip("_").replace("_", "-")
        if value is True:
            written += f" {name}"
        elif value is not False:
            written += f' {name}="{html.escape(str(value))}"'
    opened = f"<{tag}{written}>"
    return Html(opened) if tag in _VOID else Html(f"{opened}{join(*children)}</{tag}>")


def join(*children: str) -> Html:
    """Children one after the other."""
    return Html("".join(child if isinstance(child, Html) else html.escape(child) for child in children))
