"""Whether a request of a browser comes from our own page: cross-site sockets and forms are turned away."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from router.api.problems import Problem

if TYPE_CHECKING:
    from aiohttp import web


def refuse_foreign(request: web.Request, *, needed: bool) -> None:
    """Raise if the Origin is another site's. `needed`: the caller is known by a cookie, so one must be."""
    origin = request.headers.get("Origin")
    if origin is None:
        if needed:
            raise Problem("foreign_origin", "a browser says where its page comes from; this one did not")
        return
    try:
        netloc = urlsplit(origin).netloc
    except ValueError:
        netloc = ""
    if not netloc or netloc.lower() != request.host.lower():
        raise Problem("foreign_origin", "the page that asks is not one of this server")
