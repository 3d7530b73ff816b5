"""Guichet itself with a stop-watch at the stops of a call's first milliseconds, for the account.

`python -m bench.phone.traced serve …` is `guichet serve …` in one process; TRACE names the file that gets the
stamps, by channel id, at its end. Stamps cost time: no other figure is ever taken from a traced run.
"""

from __future__ import annotations

import json
import os
import sys
import time
from contextvars import ContextVar
from functools import wraps
from pathlib import Path

from citizens.vault import Vault
from router import cli
from router.owner.owner import Owner
from router.phone.agi import Agi
from router.phone.agi_server import AgiServer
from router.phone.entry import Entry
from router.phone.wire import Wire

Stamps = dict[str, float]
_here: ContextVar[Stamps | None] = ContextVar("here", default=None)
_calls: dict[str, Stamps] = {}  # by channel id
_channels: dict[str, Stamps] = {}  # by channel name


def stamp(name: str, stamps: Stamps | None = None) -> None:
    """The first time counts: what a call starts inherits its context, and goes on when the menu is over."""
    found = _here.get() if stamps is None else stamps
    if found is not None:
        found.setdefault(name, time.time())


def around(owner: type, method: str, before: str, after: str) -> None:
    """Stamp before and after this method, in the call it is done for."""
    real = getattr(owner, method)

    @wraps(real)
    async def stamped(self, *args, **more):
        stamp(before)
        try:
            return await real(self, *args, **more)
        finally:
            stamp(after)

    setattr(owner, method, stamped)


def install() -> None:
    """Put the stop-watch around the real methods."""
    serve, receive, act, last_variable = AgiServer._serve, Entry.receive, Wire.act, Agi.last_variable

    async def served(self, *connection):
        _here.set({})
        stamp("connection in the event loop")
        await serve(self, *connection)

    async def received(self, agi):
        stamps = _here.get()
        stamp("AGI header read")
        _calls[agi.headers.get("uniqueid", "")] = _channels[agi.headers.get("channel", "")] = stamps or {}
        await receive(self, agi)

    async def acted(self, action, *more, **also):
        stamps = _channels.get(getattr(action, "channel", ""))
        if stamps is not None:
            stamp(f"{type(action).__name__} sent", stamps)
        return await act(self, action, *more, **also)

    async def variable_set(self, name, value):
        await last_variable(self, name, value)
        stamp(f"{name} set")

    AgiServer._serve, Entry.receive, Wire.act, Agi.last_variable = served, received, acted, variable_set
    around(Vault, "put", "vault asked", "vault has the record")
    around(Owner, "submit", "contact submitted", "contact durable, offer made")


def main() -> int:
    install()
    code = cli.main([*sys.argv[1:], "--no-parent"])
    Path(os.environ["TRACE"]).write_text(json.dumps(_calls))
    return code


if __name__ == "__main__":
    sys.exit(main())
