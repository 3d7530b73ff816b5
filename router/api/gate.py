"""The way in: a request is checked against Host, token and role, then decoded, answered and logged.

Logs carry the route's template, never the path a client sent, and no body.
"""

from __future__ import annotations

import logging
import secrets
import time
from typing import TYPE_CHECKING

import msgspec
from aiohttp import hdrs, web
from aiohttp.http_exceptions import BadHttpMessage

from config.loopback import is_loopback
from router.api.bodies import read_body, read_query
from router.api.permissions import Caller, is_open
from router.api.problems import Problem, of_unavailable
from router.api.route import Ask, RawHandler, RawRoute, Route
from router.door import Unavailable

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler

    from metrics.instruments import Instruments
    from router.api.sessions import Sessions
    from router.api.tokens import Keyring

log = logging.getLogger("guichet.api")

IDS = ("contact", "agent", "offer")
CORRELATION = web.RequestKey("correlation", str)
CALLER = web.RequestKey("caller", Caller)
NOBODY = Caller("agent")  # for operations open to anybody, which look at no caller


class Gate:
    """Lets requests in, or answers why not."""

    def __init__(self, keyring: Keyring, sessions: Sessions, instruments: Instruments) -> None:
        self._keyring = keyring
        self._instruments = instruments
        self._sessions = sessions

    def json(self, route: Route) -> RawHandler:
        """An aiohttp handler that does all that a JSON operation has in common."""

        async def handle(request: web.Request) -> web.StreamResponse:
            caller = self.let_in(request, route.operation, cookie=False)
            query = read_query(request, route.query)
            body = await read_body(request, route.body, route.longest)
            reply = await route.handler(Ask(caller, request.match_info, body, query))
            value = reply.value if isinstance(reply.value, bytes) else msgspec.json.encode(reply.value)
            headers = {"Cache-Control": "no-store", **reply.headers}
            return web.Response(
                body=value, status=reply.status, content_type="application/json", headers=headers
            )

        return handle

    def raw(self, route: RawRoute) -> RawHandler:
        """An aiohttp handler for a page or a file; a page's session is enough where the route says so."""

        async def handle(request: web.Request) -> web.StreamResponse:
            if not route.own_check:
                request[CALLER] = self.let_in(request, route.operation, cookie=route.cookie)
            return await route.handler(request)

        return handle

    def let_in(self, request: web.Request, operation: str, *, cookie: bool) -> Caller:
        """Who asks, or a Problem. A cookie opens nothing that changes: a forged request cannot use it."""
        if is_open(operation):
            return NOBODY
        caller = self.caller(request) or (self._sessions.caller(request) if cookie else None)
        if caller is None:
            raise Problem(
                "not_signed_in",
                "send Authorization: Bearer TOKEN with a token of this configuration",
                headers={"WWW-Authenticate": 'Bearer realm="guichet"'},
            )
        if not caller.may(operation):
            raise Problem("not_allowed", f"the role {caller.role} may not do this")
        return caller

    def caller(self, request: web.Request) -> Caller | None:
        """The holder of the bearer token, if there is one."""
        scheme, _, presented = request.headers.get("Authorization", "").partition(" ")
        return self._keyring.holder(presented.strip()) if scheme.lower() == "bearer" else None

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Around every request: one correlation id, one shape of error, one line of log."""
        correlation = request[CORRELATION] = secrets.token_hex(8)
        began = time.perf_counter()
        code = ""
        try:
            self._refuse_foreign_host(request)
            response = await handler(request)
        except Exception as error:
            problem = _problem(error)
            code = problem.code
            if code == "internal":
                log.exception("request failed", extra={"correlation_id": correlation})
            response = problem.response(correlation)
        if not response.prepared:
            response.headers["X-Correlation-Id"] = correlation
            response.headers["X-Content-Type-Options"] = "nosniff"
            response.headers["Server"] = "guichet"
        self._instruments.answered(response.status)
        _note(request, response, correlation, code, time.perf_counter() - began)
        return response

    def _refuse_foreign_host(self, request: web.Request) -> None:
        """A page of another site whose name was made to point here sends its own Host: DNS rebinding."""
        if self._keyring.demo and not is_loopback(_name(request.host)):
            raise Problem("foreign_host", "with demonstration tokens only a loopback name is answered")


def _note(
    request: web.Request, response: web.StreamResponse, correlation: str, code: str, lasted: float
) -> None:
    """One line of log. Ids of the path only when they were known: anybody may ask for anything."""
    resource = request.match_info.route.resource
    known = {name: value for name, value in request.match_info.items() if name in IDS}
    if response.status == 201:
        known["contact"] = response.headers["Location"].rpartition("/")[2]
    figures = {
        "correlation_id": correlation,
        "method": request.method if request.method in hdrs.METH_ALL else "other",
        "route": resource.canonical if resource else "none",
        "status": response.status,
        "code": code,
        "ms": round(lasted * 1000, 2),
    }
    log.info("request", extra=figures | (known if response.status < 400 else {}))


def _name(host: str) -> str:
    """The name in a Host header, without its port."""
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]


def _problem(error: Exception) -> Problem:
    """Whatever was raised, as a Problem."""
    match error:
        case Problem():
            return error
        case Unavailable():
            return of_unavailable(error)
        case web.HTTPMethodNotAllowed():
            allow = ", ".join(sorted(error.allowed_methods))
            return Problem("wrong_method", f"use {allow}", headers={"Allow": allow})
        case web.HTTPNotFound():
            return Problem("unknown_route", "see /api/v1/openapi.json for what there is")
        case web.HTTPRequestEntityTooLarge():
            return Problem("too_large", "send less", headers={"Connection": "close"})
        case web.HTTPException() | BadHttpMessage() | UnicodeError():
            return Problem("bad_request", "the request could not be understood")
        case _:
            return Problem("internal", "try again; if it lasts, give the correlation id to the operator")
