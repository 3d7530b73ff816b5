"""What other rooms keep of people beside the register (chats, letters, notices, recordings).

All of it goes along with an export and with an erasure: a room that keeps something of citizens is one of
`People.elsewhere`. Words only: the rooms themselves are gateways'.
"""

from __future__ import annotations

from typing import Any, Protocol

from msgspec import Struct

from citizens.journey import Journey


class Theirs(Struct, frozen=True):
    """One person, as far as a room needs it to find what it keeps of them."""

    citizens: tuple[str, ...]
    contacts: tuple[str, ...]
    journey: Journey
    kept: dict[str, bytes]  # what was kept by `Register.keep`

    def __repr__(self) -> str:
        return f"Theirs({len(self.citizens)} citizens, {len(self.contacts)} contacts)"


class Elsewhere(Protocol):
    """One room."""

    def owns(self, name: str) -> bool:
        """Whether what has this name in `kept` or in the vault is the room's: it exports that itself."""
        ...

    async def export(self, theirs: Theirs) -> dict[str, Any]:
        """By what it is called, readable: only what JSON can hold. Raises OSError."""
        ...

    async def erased(self, theirs: Theirs) -> None:
        """Let go of all of it: the key under which it is sealed is destroyed next.

        Repeating it is harmless. Raises OSError.
        """
        ...
