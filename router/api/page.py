"""The board at `/`: its page, files and session, and the socket that keeps it live. It changes nothing."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from aiohttp import web

from router.api.listener import GOING_AWAY, NOT_SIGNED_IN, TOO_SLOW, close
from router.api.origin import refuse_foreign
from router.api.permissions import Caller
from router.api.problems import Problem
from router.api.route import RawRoute
from router.api.sections import Sections
from router.api.shell import board, sign_in, unavailable
from router.api.words import Words, wanted_language
from router.door import Unavailable

if TYPE_CHECKING:
    from router.api.board import Board
    from router.api.sessions import Sessions
    from router.api.settings import Settings
    from router.api.tokens import Keyring

log = logging.getLogger("guichet.api")

STATIC = Path(__file__).parent / "static"
FILES = {"page.css": "text/css", "page.js": "text/javascript", "icon.svg": "image/svg+xml"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FORM = "application/x-www-form-urlencoded"
LONGEST = 2048  # bytes of the sign-in form
EVERY = 0.5  # seconds between two looks at the state for one open page
BEAT = 2.0  # seconds: a page hears at least this often, changed or not
SLOWEST = 10.0  # seconds a page may take to read one message
MOST = 200  # open pages
DEMO = Caller("supervisor", demo=True)


class Page:
    """What a supervisor looks at."""

    def __init__(self, board: Board, keyring: Keyring, sessions: Sessions, settings: Settings) -> None:
        self._board = board
        self._keyring = keyring
        self._sessions = sessions
        self._settings = settings
        self._open: set[asyncio.Task[None]] = set()
        self._files = {name: (STATIC / name).read_bytes() for name in FILES}

    def routes(self) -> list[RawRoute]:
        return [
            RawRoute("page", "GET", "/", self.show),
            RawRoute("sign_in", "POST", "/sign-in", self.enter),
            RawRoute("sign_out", "POST", "/sign-out", self.leave),
            RawRoute("static", "GET", "/static/{name}", self.static),
            RawRoute("board", "GET", "/board/live", self.live, own_check=True),
        ]

    async def show(self, request: web.Request) -> web.StreamResponse:
        words = Words(wanted_language(request.headers.get("Accept-Language", "")))
        caller = self._sessions.caller(request)
        start = caller is None and self._keyring.demo  # loopback only: see `refuse_public` and the gate
        caller = DEMO if start else caller
        if caller is None or not caller.may("board"):
            return _html(sign_in(words, self._settings, wrong=caller is not None))
        try:
            view = await self._board.view()
        except Unavailable:
            response = _html(unavailable(words, self._settings), 503)
            response.headers["Refresh"] = "3"
            return response
        sections = Sections(words, ticking=False).all(view)
        response = _html(board(words, self._settings, sections, demo=caller.demo, now=view.now))
        if start:
            self._sessions.start(response, request, caller)
        return response

    async def enter(self, request: web.Request) -> web.StreamResponse:
        refuse_foreign(request, needed=False)
        if request.content_type != FORM or not 0 < (request.content_length or 0) <= LONGEST:
            raise Problem("bad_request", "send the form of this page")
        token = (await request.post()).get("token", "")
        caller = self._keyring.holder(token) if isinstance(token, str) else None
        if caller is None or not caller.may("board"):
            words = Words(wanted_language(request.headers.get("Accept-Language", "")))
            return _html(sign_in(words, self._settings, wrong=True), 401)
        response = web.Response(status=303, headers={"Location": "/"})
        self._sessions.start(response, request, caller)
        return response

    async def leave(self, request: web.Request) -> web.StreamResponse:
        refuse_foreign(request, needed=False)
        response = web.Response(status=303, headers={"Location": "/"})
        self._sessions.end(response, request)
        return response

    async def static(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if name not in FILES:
            raise Problem("unknown_route", "there is no such file")
        body = self._files[name]
        tag = hashlib.sha256(body).hexdigest()[:16]
        headers = {"Cache-Control": "no-cache", "ETag": f'"{tag}"'}
        if any(etag.value == tag for etag in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        return web.Response(body=body, content_type=FILES[name], charset="utf-8", headers=headers)

    async def live(self, request: web.Request) -> web.StreamResponse:
        refuse_foreign(request, needed=True)
        if len(self._open) >= MOST:
            raise Problem("overloaded", "too many pages are open", headers={"Retry-After": "10"})
        caller = self._sessions.caller(request)
        socket = web.WebSocketResponse(heartbeat=20.0, max_msg_size=256, timeout=2.0)
        if not socket.can_prepare(request).ok:
            raise Problem("bad_request", "this address speaks WebSocket")
        await socket.prepare(request)
        if caller is None or not caller.may("board"):
            await close(socket, NOT_SIGNED_IN)
            return socket
        task = asyncio.create_task(self._tell(socket, Words(request.query.get("lang", "en"))))
        self._open.add(task)
        try:
            async for _ in socket:
                break  # the page has nothing to say
        finally:
            self._open.discard(task)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await close(socket, GOING_AWAY)
        return socket

    async def stop(self) -> None:
        """End every open page's feed; the pages come back by themselves."""
        for task in list(self._open):
            task.cancel()

    async def _tell(self, socket: web.WebSocketResponse, words: Words) -> None:
        """Send the sections that changed, and a beat when none did. A slow page gets fewer, not more."""
        sections, sent, silent = Sections(words, ticking=True), dict[str, str](), BEAT
        code = GOING_AWAY
        try:
            while True:
                view = await self._board.view()
                made = sections.all(view)
                changed = {name: str(html) for name, html in made.items() if sent.get(name) != html}
                if changed or silent >= BEAT:
                    async with asyncio.timeout(SLOWEST):
                        message = {"now": view.now // 1000, "sections": changed}
                        await socket.send_str(msgspec.json.encode(message).decode())
                    sent |= changed
                    silent = 0.0
                await asyncio.sleep(EVERY)
                silent += EVERY
        except TimeoutError:
            code = TOO_SLOW
        except (Unavailable, ConnectionError):
            pass
        except Exception:
            log.exception("a page's feed failed")
        finally:
            await close(socket, code)


def _html(text: str, status: int = 200) -> web.Response:
    headers = {
        "Content-Security-Policy": POLICY,
        "Referrer-Policy": "same-origin",  # with `no-referrer` Chromium sends our own form's Origin as null
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
    return web.Response(text=text, status=status, content_type="text/html", headers=headers)
