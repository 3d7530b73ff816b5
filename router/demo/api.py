"""The public API as one synthetic person sees it. It raises Away when Guichet cannot be asked now."""

from __future__ import annotations

from typing import Any

import aiohttp
import msgspec

Json = dict[str, Any]


class Away(Exception):
    """Guichet is not there, or takes nothing now; `again_s`: when to try again."""

    def __init__(self, again_s: float = 1.0) -> None:
        super().__init__(f"try again in {again_s} s")
        self.again_s = again_s


class NotTheDemonstration(Exception):
    """The demonstration's tokens are not known there."""


class Api:
    """One bearer."""

    def __init__(self, session: aiohttp.ClientSession, url: str, token: str) -> None:
        self._session = session
        self._url = f"{url.rstrip('/')}/api/v1"
        self._headers = {"Authorization": f"Bearer {token}"}

    async def ask(self, method: str, path: str, body: Json | None = None) -> tuple[int, Json]:
        """Status and answer. A refusal is an answer too: what happened meanwhile may forbid it."""
        try:
            async with self._session.request(
                method, self._url + path, json=body, headers=self._headers
            ) as response:
                answer = msgspec.json.decode(await response.read())
                again = response.headers.get("Retry-After", "1")
        except (aiohttp.ClientError, TimeoutError, msgspec.DecodeError):
            raise Away from None
        if response.status == 401:
            raise NotTheDemonstration
        if response.status >= 500:
            raise Away(float(again) if again.isdigit() else 1.0)
        return response.status, answer

    def live(self) -> aiohttp.client._WSRequestContextManager:
        """The socket of what happens."""
        return self._session.ws_connect(f"{self._url}/live", headers=self._headers, heartbeat=20)
