"""What fills a message's places, sealed under its citizen's key: erased with them, and gone after a while."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from citizens.key import Key
    from citizens.vault import Vault


class CitizenSafe:
    """`store.Safe` in the vault. Raises OSError, VaultError."""

    def __init__(self, vault: Vault, key_of: Callable[[str], Awaitable[Key | None]]) -> None:
        self._vault, self._key_of = vault, key_of

    async def lock(self, citizen: str, name: str, record: dict[str, Any], ttl_s: int) -> bool:
        """False: nobody knows this citizen."""
        key = await self._key_of(citizen)
        if key is None:
            return False
        await self._vault.put(name, record, ttl_s, key)
        return True

    async def unlock(self, name: str) -> dict[str, Any] | None:
        return await self._vault.get(name)

    async def destroy(self, name: str) -> None:
        await self._vault.destroy(name)
