"""Sessions of the page: a random cookie stands for a caller, for as long as this process lives.

The token itself never goes into a cookie. A cookie opens pages and sockets only, never a changing operation.
"""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from aiohttp import web

    from router.api.permissions import Caller

COOKIE = "guichet_session"
LASTS = 12 * 3600  # seconds: a long shift
MOST = 1000  # sessions kept; the oldest gives way


class _Session(NamedTuple):
    caller: Caller
    until: float


class Sessions:
    """Opens, finds and ends sessions."""

    def __init__(self) -> None:
        self._open: dict[str, _Session] = {}  # in the order they were opened

    def start(self, response: web.StreamResponse, request: web.Request, caller: Caller) -> None:
        """Put a new session into the response's cookie."""
        while len(self._open) >= MOST:
            del self._open[next(iter(self._open))]
        key = secrets.token_urlsafe(32)
        self._open[key] = _Session(caller, time.monotonic() + LASTS)
        response.set_cookie(
            COOKIE, key, max_age=LASTS, httponly=True, samesite="Strict", secure=request.secure, path="/"
        )

    def caller(self, request: web.Request) -> Caller | None:
        """Who holds the cookie of this request."""
        key = request.cookies.get(COOKIE, "")
        session = self._open.get(key)
        if session is None:
            return None
        if session.until < time.monotonic():
            del self._open[key]
            return None
        return session.caller

    def end(self, response: web.StreamResponse, request: web.Request) -> None:
        """Forget the session of this request."""
        self._open.pop(request.cookies.get(COOKIE, ""), None)
        response.del_cookie(COOKIE, path="/", httponly=True, samesite="Strict")
