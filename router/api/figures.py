"""`/metrics` and the OpenAPI document: what machines read, without a token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from router.api.openapi import document
from router.api.route import PREFIX, RawRoute

if TYPE_CHECKING:
    from collections.abc import Sequence

    from router.api.measure import Measure
    from router.api.route import Route

EXPOSITION = "text/plain; version=0.0.4; charset=utf-8"


class Figures:
    """Two documents: one counted anew each time, one made once."""

    def __init__(self, measure: Measure, routes: Sequence[Route], version: str) -> None:
        self._measure = measure
        self._document = document(routes, version)

    def routes(self) -> list[RawRoute]:
        return [
            RawRoute("get_metrics", "GET", "/metrics", self.metrics),
            RawRoute("get_openapi", "GET", f"{PREFIX}/openapi.json", self.openapi),
        ]

    async def metrics(self, request: web.Request) -> web.Response:
        return web.Response(body=await self._measure.exposition(), headers={"Content-Type": EXPOSITION})

    async def openapi(self, request: web.Request) -> web.Response:
        return web.Response(body=self._document, content_type="application/json")
