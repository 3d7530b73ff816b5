"""That somebody is known by an identifier: merely claimed, or verified, and how. Nothing else makes a proof.

How it was shown decides alone: a gateway cannot call a claim verified, it can only say what happened.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from citizens.identifier import Identifier

How = Literal[
    "caller_id", "sender", "stated", "keyed",  # hints: anybody can give any
    "signed", "link", "code", "secret", "account", "agent",  # proofs
]  # fmt: skip

HOWS: dict[How, tuple[bool, str]] = {
    "caller_id": (False, "the network named it as the caller's: it can be forged"),
    "sender": (False, "it stood in a mail's From: it can be forged"),
    "stated": (False, "the citizen said or typed it"),
    "keyed": (False, "the citizen keyed it on the telephone"),
    "signed": (True, "the mail's own domain vouched for its sender (DMARC passed)"),
    "link": (True, "a link sent to it was opened, once"),
    "code": (True, "a code sent to it was given back, once"),
    "secret": (True, "it was given together with its secret, which the agency checked"),
    "account": (True, "the citizen was signed in with it (FranceConnect, the agency's own account)"),
    "agent": (True, "an agent checked it by the agency's questions or with papers"),
}


class Claim(Struct, frozen=True):
    """Somebody came with this identifier, and this is how."""

    identifier: Identifier
    how: How

    @property
    def verified(self) -> bool:
        return HOWS[self.how][0]


class Held(Struct, frozen=True, omit_defaults=True):
    """An identifier as one citizen holds it: the best that was ever shown, and when."""

    identifier: Identifier
    how: How
    at: int  # microseconds since 1970
    shared: bool = False  # others use it too: it no longer says who somebody is

    @property
    def verified(self) -> bool:
        return HOWS[self.how][0]
