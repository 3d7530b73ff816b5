"""Who may see what of a citizen, and for what: one table. Denied unless it stands here. Pure.

The parts are what a record is made of; the purposes are closed and each read states one. Whether an agent
has the citizen's contact in hand is looked at where the contact is: here is what the role may at most.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Part = Literal[
    "name", "identifiers", "masked", "preferences", "vulnerable", "journey", "texts", "consents", "links",
    "contacts", "kept", "seen",
]  # fmt: skip
PARTS: dict[Part, str] = {
    "name": "the name as they write it",
    "identifiers": "telephone numbers, addresses, accounts in full",
    "masked": "the kinds of identifiers, how each was shown, and their last signs",
    "preferences": "how they wish to be served",
    "vulnerable": "that they were found vulnerable, and by whom",
    "journey": "what happened, without words",
    "texts": "promises, questions and answers in words",
    "consents": "what they agreed to and took back, with proofs",
    "links": "which citizens are this person, and why",
    "contacts": "what the vault keeps of their contacts",
    "kept": "what other parts keep: facts of agencies",
    "seen": "who looked at them, and why",
}
Why = Literal["serve", "verify", "call_back", "complaint", "request", "audit", "duplicate"]
PURPOSES: dict[Why, str] = {
    "serve": "to serve a contact of theirs that is in hand",
    "verify": "to make sure that somebody is who they say",
    "call_back": "to ring somebody whose call was lost",
    "complaint": "to look into a complaint",
    "request": "because the citizen asked for it (GDPR, articles 15 to 18)",
    "audit": "to see that all this is rightly used",
    "duplicate": "to find out whether two are one person",
}

_SERVE: tuple[Part, ...] = ("name", "identifiers", "preferences", "journey", "texts", "consents", "kept")
MAY_SEE: dict[str, dict[Why, tuple[Part, ...]]] = {
    "agent": {
        "serve": _SERVE,
        "verify": ("name", "masked"),
    },
    "supervisor": {
        "call_back": ("name", "identifiers", "preferences", "journey"),
        "complaint": ("name", "masked", "preferences", "journey", "texts", "consents", "links"),
        "duplicate": ("name", "masked", "links"),
    },
    "auditor": {
        "request": tuple(PARTS),
        "audit": ("masked", "journey", "consents", "links", "seen"),
    },
    "designer": {},
    "operator": {},
}


class Asked(Struct, frozen=True):
    """Who asks for what, and why: what the access log keeps. No personal datum."""

    by: str  # pseudonym or role
    role: str
    what: str  # the operation
    purpose: str
    contact: str = ""


def may_see(role: str, purpose: str) -> tuple[Part, ...]:
    """The parts this role may see for this purpose; none: it may not look."""
    for why, parts in MAY_SEE.get(role, {}).items():
        if why == purpose:
            return parts
    return ()
