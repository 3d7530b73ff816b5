"""`python -m bench.mail`: drains a real Dovecot's mailbox into a real `guichet serve`.

Prints how many letters a second and how much memory; `--write` makes docs/bench-mail.md of it. Two minutes.
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

PAGE = Path(__file__).parents[2] / "docs" / "bench-mail.md"

HEAD = """\
# How fast a mailbox is drained

Made by `python -m bench.mail --write`. The letters lie in a real Dovecot's INBOX, one `guichet serve` as
shipped takes them: each read, kept sealed, a contact on the log, filed in another folder, acknowledged by
SMTP to a server that only counts. *Drained*: until the last is filed; *acknowledged*: until the last
acknowledgement was taken. *Memory* is the most that `guichet serve` had ever had: before the first letter
(learning topics and languages takes it), and at the end. Server, Dovecot and the counting server share the
machine.

"""
TABLE = """\
| letters | drained/s | acknowledged/s | memory before, MB | at the end, MB |
|---|---|---|---|---|
"""


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
    parser.add_argument("--write", action="store_true", help="make docs/bench-mail.md")
    options = parser.parse_args()
    short = [
        letter(f"b{n}@citizens.test", f"Question {n}", "Une question de plus. " * 30, n)
        for n in range(options.letters)
    ]
    long = [
        letter(f"l{n}@citizens.test", f"Lettre {n}", "Une longue lettre. " * 50_000, f"l{n}")
        for n in range(20)
    ]
    servers, rows = MailServers(), []
    try:
        servers.start_dovecot()
        for name, letters in (("short", short), ("long", long)):
            rows.append(asyncio.run(drain(servers, name, letters)))
            print(rows[-1], flush=True)
    finally:
        servers.close()
    if options.write:
        described = "\n".join(machine())
        PAGE.write_text(
            f"{HEAD}{TABLE}{chr(10).join(rows)}\n\n## Machine\n\n```\n{described}\n```\n", "utf-8"
        )


if __name__ == "__main__":
    main()
