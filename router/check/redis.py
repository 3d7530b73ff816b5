"""Whether Redis is fit to hold a log. It starts none."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from router.check.found import Found
from router.log.connection import connect
from router.log.errors import LogError
from router.log.server import findings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from config.site import Log


async def redis(settings: Log, url: str) -> AsyncIterator[Found]:
    """A given Redis is asked; of an owned one only its program is looked for."""
    if settings.redis == "owned":
        program = shutil.which("redis-server")
        yield (
            Found(f"redis: owned, {program}")
            if program
            else Found(
                "redis: no redis-server", "apt-get install redis-server, or set log.redis to an address"
            )
        )
        return
    client = connect(url)
    try:
        wrong = await findings(client)
    except LogError as error:
        mend = "start Redis, or correct log.redis and log.password_file"
        yield Found(f"redis: {settings.redis} does not answer: {error}", mend)
        return
    finally:
        await client.aclose()
    for one in wrong:
        yield Found(f"redis: {one.what}", one.mend)
    if not wrong:
        yield Found(f"redis: {settings.redis} is fit to hold a log")
