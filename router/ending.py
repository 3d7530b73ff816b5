"""Ends tasks that run at the end of a work's life. It must never return while one of them runs."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

TOLD_AGAIN = 0.5  # seconds


async def end(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel them all, and again whoever goes on.

    Before Python 3.12 `asyncio.wait_for` swallows a cancellation that comes as it ends. We never use it (ruff
    refuses it); aiosmtplib does.
    """
    ending = set(tasks)
    while ending:
        for task in ending:
            task.cancel()
        _, ending = await asyncio.wait(ending, timeout=TOLD_AGAIN)
