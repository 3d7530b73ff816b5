"""`lookup`: another system is asked, at an address of the configuration or by a plug-in, within its time.

What cannot be asked is unavailable. It logs no question and no answer: both are personal.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from importlib.metadata import entry_points
from typing import Any

from config.flows import Service
from ivr_flows.session import Done
from router.outward import Failed, Outward, Server

GROUP = "guichet.flow_lookups"

Plugin = Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any] | None]]

log = logging.getLogger(__name__)


class Lookups:
    """The services of a configuration. A plug-in is a coroutine from what is sent; None: missing."""

    def __init__(self, services: Mapping[str, Service], plugins: Mapping[str, Plugin] | None = None) -> None:
        self._services = services
        self._plugins = dict(plugins or {})

    async def ask(self, name: str, sent: Mapping[str, Any], within_s: float) -> Done:
        """`next` with values, `missing`, or `unavailable`."""
        service = self._services.get(name)
        if service is None:
            return Done("unavailable")
        try:
            async with asyncio.timeout(within_s):
                if service.plugin is not None:
                    return _done(await self._plugin(service.plugin)(sent))
                return await self._http(service, sent, within_s)
        except TimeoutError:
            log.warning("a lookup was too slow", extra={"service": name})
        except Failed as fault:
            log.warning("a lookup failed: %s", fault.code, extra={"service": name})
        except Exception as fault:  # a plug-in's own: the citizen goes on
            log.warning("a lookup failed: %s", type(fault).__name__, extra={"service": name})
        return Done("unavailable")

    async def _http(self, service: Service, sent: Mapping[str, Any], within_s: float) -> Done:
        server = Server(service.url or "", str(service.token_file or ""), timeout_s=within_s, private=True)
        answer = await Outward(server).ask("POST", body=dict(sent))
        if answer.status == 404:
            return Done("missing")
        if answer.status != 200:
            return Done("unavailable")
        return _done(answer.value)

    def _plugin(self, name: str) -> Plugin:
        if name not in self._plugins:
            found = entry_points(group=GROUP, name=name)
            self._plugins[name] = next(iter(found)).load()
        return self._plugins[name]


def _done(answer: object) -> Done:
    if answer is None:
        return Done("missing")
    return Done("next", dict(answer)) if isinstance(answer, Mapping) else Done("unavailable")
