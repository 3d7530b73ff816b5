"""Drains a real Dovecot's mailbox into a real `guichet serve` and counts: letters a second, memory.

python -m bench.mail --letters 2000
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

from bench.log.machine import machine
from tests.mail.office import Office, letter, until
from tests.mail.servers import MailServers
from tests.mail.sink import Sink
from tests.mail.test_hostile import memory


async def drain(servers: MailServers, name: str, letters: list[bytes]) -> str:
    """One mailbox, from the first letter filed to the last acknowledgement taken; a row of the table."""
    sink = Sink()
    sink.start()
    with tempfile.TemporaryDirectory(prefix="guichet-bench-") as folder:
        office = Office(servers, Path(folder), name, sink.port)
        try:
            async with office:
                await until(lambda: office.figure("logins"))
                base = memory(office.guichet.process.pid)
                began = time.monotonic()
                servers.put(name, letters)
                await until(lambda: servers.count(name, "Guichet") == len(letters), 600)
                drained = time.monotonic() - began
                await until(lambda: len(sink.copies) == len(letters), 600)
                acknowledged = time.monotonic() - began
                peak = memory(office.guichet.process.pid)
        finally:
            sink.stop()
    size = sum(map(len, letters)) // len(letters)
    return (
        f"| {len(letters):,} of {size / 1000:.1f} kB | {len(letters) / drained:.0f} | "
        f"{len(letters) / acknowledged:.0f} | {base // 1024} | {peak // 1024} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=2000)
    count = parser.parse_args().letters
    servers = MailServers()
    try:
        servers.start_dovecot()
        short = [
            letter(f"b{n}@citizens.test", f"Question {n}", "Une question de plus. " * 30, n)
            for n in range(count)
        ]
        long = [
            letter(f"l{n}@citizens.test", f"Lettre {n}", "Une longue lettre. " * 50_000, f"l{n}")
            for n in range(20)
        ]
        print("\n".join(machine()))
        print(
            "\n| letters | drained/s | acknowledged/s | memory before, MB | at most, MB |\n"
            + "|---" * 5
            + "|"
        )
        print(asyncio.run(drain(servers, "short", short)))
        print(asyncio.run(drain(servers, "long", long)))
    finally:
        servers.close()


if __name__ == "__main__":
    main()
