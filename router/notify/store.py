"""Where notices on their way are kept, as far as this package needs it. Words only: `router/log` has Redis's.

The store sees ids, times and bytes; what fills a message is sealed under its citizen's key, and gone with it.
"""

from __future__ import annotations

from typing import Any, Protocol


class NoticeStore(Protocol):
    """Every method raises OSError when the store does not answer. What is `put` is durable."""

    async def put(self, name: str, raw: bytes, due: int, keep_s: int) -> bytes:
        """Keep it and make it due; if there is one by this name, that one is returned and nothing changes."""
        ...

    async def get(self, names: list[str]) -> list[bytes | None]: ...

    async def claim(self, now: int, until: int, count: int) -> list[str]:
        """Those that are due: nobody else gets them before `until`."""
        ...

    async def swap(
        self, name: str, old: bytes, new: bytes, due: int | None, failed: int | None, keep_s: int
    ) -> bool:
        """Put this in place of what was read, due then or no longer. False: it is not what was read."""
        ...

    async def forget(self, names: list[str]) -> None:
        """These are due no longer."""
        ...

    async def waiting(self) -> list[str]:
        """Those that are due, now or later."""
        ...

    async def failed(self, count: int) -> list[str]:
        """Those that failed, newest first."""
        ...


class Safe(Protocol):
    """What fills a message."""

    async def lock(self, citizen: str, name: str, record: dict[str, Any], ttl_s: int) -> bool:
        """False: nobody knows this citizen."""
        ...

    async def unlock(self, name: str) -> dict[str, Any] | None: ...

    async def destroy(self, name: str) -> None: ...
