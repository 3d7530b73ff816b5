"""Draws the lifecycle tables as Mermaid state diagrams: `python -m router.core.diagram`. Decides nothing."""

from __future__ import annotations

from router.core.lifecycle import CONTACT, FINISHED, OFFER


def mermaid(table: dict[tuple[str, str], str]) -> str:
    """A Mermaid diagram of one table; causes that join the same two states share an arrow."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for (here, cause), there in table.items():
        arrows.setdefault((here, there), []).append(cause)
    lines = ["stateDiagram-v2"]
    for (here, there), causes in arrows.items():
        lines.append(f"    {'[*]' if here == 'new' else here} --> {there}: {', '.join(causes)}")
    left = {here for here, _ in arrows}
    ends = dict.fromkeys(there for _, there in arrows if there in FINISHED or there not in left)
    lines += [f"    {end} --> [*]" for end in ends]
    return "\n".join(lines)


def page() -> str:
    """The reference page, whole."""
    return (
        "# Lifecycles\n\nDrawn from the tables in `router/core/lifecycle.py` by\n"
        "`python -m router.core.diagram`; a test refuses a difference.\n\n## A contact\n\n```mermaid\n"
        f"{mermaid(CONTACT)}\n```\n\n## An offer\n\n```mermaid\n{mermaid(OFFER)}\n```\n"
    )


if __name__ == "__main__":
    print(page(), end="")
