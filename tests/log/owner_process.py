"""An owner in a process of its own, for tests that pause or kill it. Not a test.

    python owner_process.py URL PREFIX

Says `owner`, then submits contacts PREFIX1, PREFIX2, … for each line it reads (a number: how many) and says
`acknowledged NAME` when each is durable, `released NAME` when its listener heard of it.
"""

from __future__ import annotations

import asyncio
import sys

from router.core.events import Contact
from router.door import Released, Unavailable
from router.log.connection import connect
from router.log.pool_log import PoolLog
from router.owner import Owner


def say(*words: object) -> None:
    print(*words, flush=True)


def hear(released: Released) -> None:
    event = released.entry.event
    if isinstance(event, Contact):
        say("released", event.contact)


async def submit(owner: Owner, name: str) -> None:
    try:
        result = await owner.submit(Contact(name, "phone", ({"housing": 3},)))
    except Unavailable as error:
        say("unavailable", error.code)
    else:
        say("duplicate" if result.duplicate else "acknowledged", name)


async def main(url: str, prefix: str) -> None:
    owner = Owner(PoolLog(connect(url), "main"))
    owner.listen(hear)
    running = asyncio.create_task(owner.run())
    await owner.ready()
    say("owner")
    orders = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    count, tasks = 0, []
    while line := await orders.readline():
        for _ in range(int(line)):
            count += 1
            tasks.append(asyncio.create_task(submit(owner, f"{prefix}{count}")))
    await asyncio.gather(*tasks)
    await owner.stop()
    await running


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
