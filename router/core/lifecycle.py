"""The states of contacts and offers, and the only moves between them.

The diagrams in `docs/reference/lifecycle.md` are drawn from these tables (`python -m router.core.diagram`).
What is not in a table cannot happen: `move` raises KeyError, which would be a defect of `step`.
"""

from __future__ import annotations

# (state, cause) -> state. Causes are events, answers and what a gateway found.
CONTACT: dict[tuple[str, str], str] = {
    ("new", "contact"): "waiting",
    ("waiting", "offer"): "offered",
    ("offered", "accepted"): "connected",
    ("offered", "declined"): "waiting",
    ("offered", "missed"): "waiting",
    ("offered", "withdraw"): "waiting",
    ("waiting", "gone"): "gone",
    ("offered", "gone"): "gone",
    ("waiting", "refused"): "gone",  # by a queue limit
    ("connected", "ended"): "wrap_up",
    ("connected", "again"): "waiting",
    ("wrap_up", "again"): "waiting",
    ("wrap_up", "done"): "ended",
    # What is true outranks what was believed: after a takeover, or when a bridge proves us wrong.
    ("waiting", "found_bridged"): "connected",
    ("offered", "found_bridged"): "connected",
    ("connected", "found_bridged"): "connected",  # with the colleague who was consulted
    ("connected", "found_waiting"): "waiting",
    ("wrap_up", "found_waiting"): "waiting",
    ("gone", "found_waiting"): "waiting",  # from the native queue, or from a medium that had died
}

OFFER: dict[tuple[str, str], str] = {
    ("new", "offer"): "open",
    ("open", "accepted"): "accepted",
    ("open", "declined"): "declined",
    ("open", "missed"): "missed",
    ("open", "withdraw"): "withdrawn",
}

CONTACT_STATES = ("waiting", "offered", "connected", "wrap_up", "ended", "gone")
SERVED = ("connected", "wrap_up")  # in one agent's hands, by their own word
LEAVABLE = ("waiting", "offered")  # the citizen may leave without having been served
FINISHED = ("ended", "gone")
