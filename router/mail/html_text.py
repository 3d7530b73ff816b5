"""HTML as text: what a reader would see, and where links lead. No script, style or hidden tag survives.

A scanner of its own: the standard parser takes minutes for a million characters of open brackets.
"""

from __future__ import annotations

import html
import re

from router.mail.plain import clean

BLOCKS = frozenset(
    (
        "p",
        "div",
        "br",
        "tr",
        "li",
        "ul",
        "ol",
        "table",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "pre",
        "section",
    )
)
SILENT = frozenset(
    ("script", "style", "head", "title", "template", "noscript", "svg", "math", "object", "iframe")
)
SPACES = re.compile(r"[ \t\u00a0]+")
NAME = re.compile(r"/?\s*([a-zA-Z][a-zA-Z0-9]{0,20})")
HREF = re.compile(r"""\bhref\s*=\s*["']?((?:https?|mailto):[^"'\s>]{1,300})""", re.IGNORECASE)
TAG_MAX = 2_000  # characters: a longer one is text
READ_MAX = 1_000_000  # characters that are looked at


def text_of_html(page: str) -> str:
    """Linear in its length; total."""
    page = page[:READ_MAX]
    said: list[str] = []
    at, link, closing = 0, "", -1
    while at < len(page):
        opening = page.find("<", at)
        if opening < 0:
            said.append(_words(page[at:]))
            break
        said.append(_words(page[at:opening]))
        if page.startswith("<!--", opening):
            at = _after(page, "-->", opening)
            continue
        if closing < opening:
            closing = page.find(">", opening) % (len(page) + 1)  # none: behind everything
        named = NAME.match(page, opening + 1, opening + 40)
        if (
            closing - opening > TAG_MAX
            or closing == len(page)
            or (named is None and page[opening + 1 : opening + 2] not in ("!", "?", "/"))
        ):
            said.append("<")
            at = opening + 1
            continue
        at = closing + 1
        tag, ends = (named[1].lower() if named else ""), page[opening + 1] == "/"
        if tag in SILENT and not ends and page[closing - 1] != "/":
            at = _after(page, f"</{tag}", at, fold=True)
            at = _after(page, ">", at)
        elif tag in BLOCKS:
            said.append("\n")
        elif tag == "blockquote":
            said.append("\n" if ends else "\n> ")
        elif tag == "a":
            said.append(f" <{link}>" if ends and link else "")
            found = None if ends else HREF.search(page, opening, closing)
            link = html.unescape(found[1]) if found else ""
    lines = (each.strip() for each in "".join(said).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", clean("\n".join(lines))).strip()


def _words(text: str) -> str:
    return SPACES.sub(" ", html.unescape(text.replace("\n", " ")))


def _after(page: str, end: str, at: int, *, fold: bool = False) -> int:
    """Behind the end, or behind everything: what is never closed is never shown."""
    found = re.compile(re.escape(end), re.IGNORECASE if fold else 0).search(page, at)
    return found.end() if found else len(page)
