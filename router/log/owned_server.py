"""One life of an owned redis-server: started here or adopted, until its end. It decides no second life.

The kernel tells its end through a pidfd, for a child as for an adopted one, so nothing is polled then.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
from pathlib import Path
from typing import BinaryIO

from router.log.owned_errors import DamagedLog, DidNotStart
from router.log.owned_place import Place

GRACE = 10.0  # seconds a server may take to stop by itself: it writes and syncs its file


class OwnedServer:
    """A living process. `adopted`: a former run of Guichet started it."""

    def __init__(self, pid: int, child: subprocess.Popen[bytes] | None = None, said_from: int = 0) -> None:
        self.pid = pid
        self.adopted = child is None
        self.said_from = said_from  # where in the log its words begin
        self._child = child
        self._pidfd = os.pidfd_open(pid)
        self._ended = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().add_reader(self._pidfd, self._over)

    @property
    def alive(self) -> bool:
        """False as soon as its end was heard of."""
        return not self._ended.done()

    async def ended(self) -> None:
        """Returns when the process is over."""
        await asyncio.shield(self._ended)

    async def stop(self) -> bool:
        """Ends it, gracefully if it can. False if it had to be killed: of an `always` log nothing is lost."""
        for how in (signal.SIGTERM, signal.SIGKILL):
            if self.alive:
                signal.pidfd_send_signal(self._pidfd, how)
            try:
                async with asyncio.timeout(GRACE):
                    await self.ended()
            except TimeoutError:
                continue
            return how == signal.SIGTERM
        return False

    def _over(self) -> None:
        asyncio.get_running_loop().remove_reader(self._pidfd)
        os.close(self._pidfd)
        if self._child is not None:
            self._child.wait()  # over already: this only lets the kernel forget it
        self._ended.set_result(None)


def spawn(place: Place, fsync: str, lock: BinaryIO) -> OwnedServer:
    """Starts a redis-server that inherits `lock`, and with it holds the directory for as long as it lives.

    In a session of its own: Ctrl-C is for Guichet, which still has appends to finish.
    """
    log, said_from = place.open_log()
    with lock, log:
        child = subprocess.Popen(
            ["redis-server", *settings(place, fsync)],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True, pass_fds=[lock.fileno()],
        )  # fmt: skip
    return OwnedServer(child.pid, child, said_from)


def settings(place: Place, fsync: str) -> list[str]:
    """Everything Guichet asks of it, as words of a command."""
    chosen = {
        "dir": str(place.directory),
        "port": "0",
        "unixsocket": str(place.socket),
        "unixsocketperm": "700",
        "pidfile": str(place.pid_file),
        "daemonize": "no",
        "databases": "1",
        "appendonly": "yes",
        "appendfsync": fsync,
        "save": "",  # the append-only file is the truth: a dump beside it costs forks and proves nothing
        "maxmemory-policy": "noeviction",
    }
    return [word for key, value in chosen.items() for word in (f"--{key}", value)]


def why_it_ended(place: Place, said_from: int) -> DamagedLog | DidNotStart:
    """What its own words since then tell."""
    said = _lines(place.log, said_from)
    for line in said:
        if "Bad file format" in line or "Unexpected end of file" in line:
            return DamagedLog(str(place.manifest), _words(line))
    return DidNotStart(f"redis-server ended at once: {_words(said[-1]) if said else 'it said nothing'}")


def _lines(path: Path, start: int) -> list[str]:
    with path.open("rb") as file:
        file.seek(start)
        return [line for line in file.read().decode("utf-8", "replace").splitlines() if line.strip()]


def _words(line: str) -> str:
    """Without process id, date and level."""
    return line.split(" # ", 1)[-1].split(" * ", 1)[-1].strip()
