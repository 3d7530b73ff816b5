"""A server of facts on loopback, a process of its own: `python -m tests.facts.server PORT-FILE`.

Households by beneficiary number, as an agency would have them. `POST /behave` makes the next answers fail.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from aiohttp import web

KNOWN = {
    "caf": [
        {
            "kind": "address",
            "at": "2026-10-01T00:00:00Z",
            "values": {"street": "12 rue Zorglub", "city": "Lyon"},
        },
        {"kind": "family", "at": "2026-09-01T00:00:00Z", "values": {"children": 2}},
        {"kind": "income", "at": "2024-01-01T00:00:00Z", "values": {"monthly": 1450}, "purposes": ["serve"]},
    ],
    "cpam": [
        {
            "kind": "address",
            "at": "2026-11-01T00:00:00Z",
            "values": {"street": "3 place Zorglub", "city": "LYON "},
        },
        {"kind": "family", "at": "2026-11-01T00:00:00Z", "values": {"children": "2", "spouse": True}},
        {"kind": "income", "at": "2031-01-01T00:00:00Z", "values": {"monthly": 1}, "purposes": ["audit"]},
    ],
}
LIES = {
    "kinds": {"facts": [{"kind": "health", "at": "2026-10-01T00:00:00Z", "values": {"x": 1}}]},
    "naive": {"facts": [{"kind": "family", "at": "2026-10-01T00:00:00", "values": {"x": 1}}]},
    "date": {"facts": [{"kind": "family", "at": "yesterday", "values": {"x": 1}}]},
    "names": {"facts": [{"kind": "family", "at": "2026-10-01T00:00:00Z", "values": {"a\r\nb": 1}}]},
    "many": {"facts": [{"kind": "family", "at": "2026-10-01T00:00:00Z", "values": {"x": 1}}] * 51},
    "list": [1, 2],
    "empty": {},
}


class Server:
    """Its routes. `asked`: what was asked, for tests to look at."""

    def __init__(self) -> None:
        self.asked: list[dict[str, object]] = []
        self.behave: list[str] = []

    async def facts(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.asked.append({"agency": request.match_info["agency"], **body})
        do = self.behave.pop(0) if self.behave else ""
        if do == "hang":
            await asyncio.sleep(30)
        if do == "close":
            assert request.transport is not None
            request.transport.abort()
        if do.isdigit():
            return web.json_response({"code": "no"}, status=int(do))
        if do in LIES:
            return web.json_response(LIES[do])
        if do == "redirect":
            return web.Response(status=307, headers={"Location": "http://169.254.169.254/"})
        if not any(each["value"].startswith("1850") for each in body["identifiers"]):
            return web.json_response({"code": "unknown"}, status=404)
        known = KNOWN[request.match_info["agency"]]
        return web.json_response({"facts": [each for each in known if each["kind"] in body["kinds"]]})

    async def show(self, request: web.Request) -> web.Response:
        asked, self.asked = self.asked, []
        return web.json_response(asked)

    async def change(self, request: web.Request) -> web.Response:
        self.behave = await request.json()
        return web.json_response({})


async def main(port_file: Path) -> None:
    server, app = Server(), web.Application()
    app.add_routes(
        [
            web.post("/{agency}/facts", server.facts),
            web.get("/asked", server.show),
            web.post("/behave", server.change),
        ]
    )
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    aside = port_file.with_suffix(".draft")
    aside.write_text(str(runner.addresses[0][1]))
    aside.replace(port_file)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
