"""A provider of text messages on loopback, a process of its own: `python -m tests.notify.provider PORT-FILE`.

It keeps what it took in memory and shows it at `GET /kept`. `POST /behave` makes it fail on wish. The same
key twice is the same message; with another text it is a conflict.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from aiohttp import web

TOKEN = "test-token"


class Provider:
    """Its routes. `behave`: what to do instead with the next messages, first come first."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, object]] = {}
        self.asked = 0
        self.behave: list[str] = []
        self.states: dict[str, str] = {}

    async def take(self, request: web.Request) -> web.StreamResponse:
        self.asked += 1
        body = await request.json()
        do = self.behave.pop(0) if self.behave else ""
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.json_response({"code": "login"}, status=401)
        if do == "hang":
            await asyncio.sleep(30)
        if do.isdigit():
            return web.json_response({"code": "no", "words": body["to"]}, status=int(do))
        if do == "lie":
            return web.json_response({"ok": True})
        if do == "charset":
            return web.Response(body='{"id":"é"}'.encode("latin-1"), content_type="application/json")
        if do == "html":
            return web.Response(text="<p>ok</p>", content_type="text/html")
        if do == "huge":
            return web.Response(body=b"[" + b"0," * 500_000, content_type="application/json")
        if do == "redirect":
            return web.Response(status=302, headers={"Location": "http://169.254.169.254/latest"})
        if do == "close":
            assert request.transport is not None
            request.transport.abort()
        key = request.headers["Idempotency-Key"]
        if key in self.kept and self.kept[key] != body:
            return web.json_response({"code": "conflict"}, status=409)
        self.kept[key] = body
        if do == "close after":
            assert request.transport is not None
            request.transport.abort()
        return web.json_response({"id": f"sms-{list(self.kept).index(key)}"}, status=202)

    async def state(self, request: web.Request) -> web.Response:
        return web.json_response({"state": self.states.get(request.match_info["id"], "sent")})

    async def show(self, request: web.Request) -> web.Response:
        return web.json_response({"kept": list(self.kept.values()), "asked": self.asked})

    async def change(self, request: web.Request) -> web.Response:
        wish = await request.json()
        self.behave += wish.get("next", [])
        self.states |= wish.get("states", {})
        return web.json_response({})


async def main(port_file: Path) -> None:
    provider = Provider()
    app = web.Application()
    app.add_routes(
        [
            web.post("/messages", provider.take),
            web.get("/messages/{id}", provider.state),
            web.get("/kept", provider.show),
            web.post("/behave", provider.change),
        ]
    )
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    aside = port_file.with_suffix(".draft")
    aside.write_text(str(runner.addresses[0][1]))
    aside.replace(port_file)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
