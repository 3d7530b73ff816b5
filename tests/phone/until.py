"""Waiting for what no event tells: a line in a file, an answer over HTTP."""

import asyncio
import inspect


async def until(ask, within: float = 20):
    """The first true answer of `ask`, which may be a coroutine function."""
    async with asyncio.timeout(within):
        while True:
            answer = ask()
            if inspect.isawaitable(answer):
                answer = await answer
            if answer:
                return answer
            await asyncio.sleep(0.05)
