"""`python -m bench.citizens`: times to know somebody and to tell their journey, and memory, as a page."""

from __future__ import annotations

import argparse
import asyncio
import platform
import random
import re
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from bench.citizens.filling import now
from bench.citizens.town import CONTACTS, Town
from citizens.claim import Claim
from citizens.identifier import Identifier
from citizens.journey import Happened
from citizens.purposes import Asked
from router.commands.bar import bar
from router.log.connection import connect
from router.log.owned import OwnedRedis

TIMES = 2000  # askings of each kind
ASKED = Asked("bench", "auditor", "find_citizen", "audit")
HEAD = """# What it costs to know somebody

Made by `python -m bench.citizens --write docs/bench-citizens.md`: run it to make this page again.

Citizens in a Redis that Guichet owns (`everysec`), over its unix socket, one asking at a time; milliseconds,
p50 / p99. Everybody has a proved mail address, a telephone number, a journey of two contacts and a place in
the retention's calendar; they are sealed by the code that serves and written in bulk. What is asked goes the
way a gateway goes.

- **known caller**: `recognise` by caller-id, with facts for routing; a call asks it while its menu speaks.
- **proved**: `recognise` by a proof, which finds the citizen.
- **new caller**: `settle`: key, record, index and the vault's record of the contact, beside the append.
- **noted**: one happening written into a journey. It is in nobody's path.
- **journey**: one call for the whole journey of a citizen with {contacts} contacts ({entries} entries).
- **found**: `guichet citizen find`, its line of the access log included.

| citizens | known caller | proved | new caller | noted | journey | found | bytes per citizen |
|---|---|---|---|---|---|---|---|
"""


async def timed(work: Callable[[int], Awaitable[object]], times: int = TIMES) -> str:
    """p50 and p99 of so many, in milliseconds."""
    took = []
    for number in range(times):
        began = time.perf_counter()
        await work(number)
        took.append((time.perf_counter() - began) * 1000)
    took.sort()
    return f"{took[len(took) // 2]:.2f} / {took[len(took) * 99 // 100]:.2f}"


async def asked(town: Town) -> list[str]:
    """One line of the table, but for the memory."""
    chance = random.Random(1)

    def somebody() -> int:
        return chance.randrange(town.short)

    async def known(_: int) -> None:
        assert (await town.register.recognise(town.claims(somebody())[:1], "phone")).likely

    async def proved(_: int) -> None:
        assert (await town.register.recognise(town.claims(somebody())[1:], "email")).sure

    settled = []
    for _ in range(TIMES):
        claims = [Claim(Identifier("phone", f"+337{now() % 10**8:08d}"), "caller_id")]
        settled.append((await town.register.recognise(claims, "phone"), claims))

    async def settle(number: int) -> None:
        met, claims = settled[number]
        await town.register.settle(met, claims, "phone", f"c-{number:016x}", {"number": "+33712345678"}, 3600)

    async def note(number: int) -> None:
        happened = Happened(f"x-{number}", now(), "promised", "phone", text="We write to you within a week.")
        assert await town.register.note(settled[number][0].citizen, happened)

    async def journey(number: int) -> None:
        told = await town.register.journey(town.long[number % len(town.long)])
        assert len(told.entries) == 3 * CONTACTS

    async def found(_: int) -> None:
        assert await town.people.find(town.claims(somebody())[1].identifier, ASKED)

    return [
        await timed(known), await timed(proved), await timed(settle), await timed(note),
        await timed(journey, 1000), await timed(found, 500),
    ]  # fmt: skip


async def measured(sizes: list[int]) -> tuple[dict[int, str], float]:
    """A row of each size, and the bytes of a contact in a journey."""
    rows, contact = {}, 0.0
    with tempfile.TemporaryDirectory(prefix="guichet-") as name:
        owned = OwnedRedis(Path(name) / "redis", "everysec")
        await owned.start()
        redis = connect(owned.url)
        town = Town(redis, owned.url, Path(name))

        async def used() -> int:
            return int((await redis.info("memory"))["used_memory"])

        try:
            for size in sizes:
                before, new = await used(), size - town.short
                await town.grow(size, bar(new, f"citizens, of {size:,}"))
                per = (await used() - before) / new
                if not town.long:
                    before = await used()
                    await town.live_long()
                    contact = ((await used() - before) / len(town.long) - per) / (CONTACTS - 2)
                rows[size] = f"| {size:,} | {' | '.join(await asked(town))} | {per:,.0f} |"
                print(rows[size], flush=True)
        finally:
            await redis.aclose()
            await owned.stop()
    return rows, contact


def page(rows: dict[int, str], contact: float) -> str:
    """All of it."""
    whole = (float(rows[max(rows)].split("|")[-2].replace(",", "")) + contact * CONTACTS) * 1e6 / 2**30
    tail = (
        f"\nA contact in a journey (three entries) takes {contact:,.0f} bytes: a million citizens with "
        f"{CONTACTS} contacts\neach would take {whole:,.0f} GB; that is reckoned, not run. Promised: a known "
        f"caller below 1 ms, a journey of\n{CONTACTS} contacts among a million citizens below 20 ms.\n\n"
        f"Python {platform.python_version()}, Redis on the same machine of two shared cores "
        f"({platform.machine()}), {time.strftime('%Y-%m-%d')}.\n"
    )
    head = HEAD.format(contacts=CONTACTS, entries=3 * CONTACTS)
    return head + "\n".join(rows[size] for size in sorted(rows)) + "\n" + tail


def rows_of(former: str) -> dict[int, str]:
    """What a page measured."""
    lines = [line for line in former.splitlines() if re.match(r"\| \d", line)]
    return {int(line.split("|")[1].replace(",", "")): line for line in lines}


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m bench.citizens", description=__doc__)
    parser.add_argument("--sizes", default="10000,100000,1000000", help="numbers of citizens, rising")
    parser.add_argument(
        "--write", type=Path, help="write the page to this file; it keeps its rows of other sizes"
    )
    given = parser.parse_args()
    rows, contact = asyncio.run(measured([int(size) for size in given.sizes.split(",")]))
    if given.write is None:
        print(page(rows, contact))
    else:
        former = rows_of(given.write.read_text()) if given.write.exists() else {}
        given.write.write_text(page(former | rows, contact))


if __name__ == "__main__":
    main()
