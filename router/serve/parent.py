"""Watches the process that serves: ends it when its loop has not turned for three seconds, starts it again.

A frozen router still holds its sockets: whoever is in its menu hears silence until somebody closes them.
The parent knows nothing of calls nor of the log: a child that waits for its Redis turns its loop, and is left
alone.
It must never end a child because it was itself stopped, nor outlive its duty: it ends with its child's code.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import sys
import time

log = logging.getLogger(__name__)

BEAT_S = 0.5  # a child says so often that its loop turns
SILENT_S = 3.0  # without a beat: the child is frozen
BIRTH_S = 30.0  # until the first beat: imports and configuration on a machine that is busy
FAREWELL_S = 10.0  # without a beat once it was told to stop: threads may end after the loop
PAUSE_S, PAUSE_MAX_S = 0.1, 5.0  # before the next child, doubling
STEADY_S = 30.0  # a child that lived so long owes nothing to the death before it


class Parent:
    """`run` until told to stop, or until a child ends by its own will. `command` must understand `--beat`."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._stop = asyncio.Event()

    async def run(self) -> int:
        """The exit code of the last child. Whoever was told to stop and died of the signal has stopped: 0."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        pause = PAUSE_S
        while True:
            born = time.monotonic()
            code = await self._one_life()
            if self._stop.is_set():
                return 0 if code == -signal.SIGTERM else _shown(code)
            if time.monotonic() - born > STEADY_S:
                pause = PAUSE_S
            if code == 0 or (code > 0 and pause == PAUSE_S):
                return code  # it said why; after a death it may be the same trouble, so that is tried again
            log.error("the serving process ended (%s): started again in %.1f s", _words(code), pause)
            if await self._stopped_within(pause):
                return 0
            pause = min(2 * pause, PAUSE_MAX_S)

    async def _one_life(self) -> int:
        try:
            child = Child(self._command)
        except OSError as error:  # no memory, no process: what killed the last one may pass
            log.error("the serving process does not start: %s", error)
            return 1
        return await child.life(self._stop)

    async def _stopped_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._stop.wait()
        except TimeoutError:
            return False
        return True


class Child:
    """One life of the serving process, from its start to its end."""

    def __init__(self, command: list[str]) -> None:
        self._ear, mouth = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        with open(mouth, "wb") as pipe:
            words = [*command, "--beat", str(mouth)]
            # a session of its own: a Ctrl-C is for us to pass on, and a Ctrl-Z stops no call
            self._process = subprocess.Popen(words, pass_fds=[pipe.fileno()], start_new_session=True)
        self._pidfd = os.pidfd_open(self._process.pid)
        self._heard, self._patience = time.monotonic(), BIRTH_S
        self._news = asyncio.Event()

    async def life(self, stop: asyncio.Event) -> int:
        """Returns how it ended, as `subprocess` says it."""
        loop = asyncio.get_running_loop()
        loop.add_reader(self._ear, self._listen)
        loop.add_reader(self._pidfd, self._news.set)
        stopping = asyncio.create_task(stop.wait())
        stopping.add_done_callback(lambda task: self._news.set())
        try:
            while self._process.poll() is None:
                if stopping.done() and self._patience != FAREWELL_S:
                    self._process.terminate()
                    self._heard, self._patience = time.monotonic(), FAREWELL_S
                await self._look()
            return self._process.returncode
        finally:
            stopping.cancel()
            for each in (self._ear, self._pidfd):
                loop.remove_reader(each)
                os.close(each)

    async def _look(self) -> None:
        """Until there are news or its time is over; then it is ended."""
        until = self._heard + self._patience
        try:
            async with asyncio.timeout(max(0.0, until - time.monotonic())):
                await self._news.wait()
            self._news.clear()
        except TimeoutError:
            now = time.monotonic()
            if now - until > 1.0:  # we were stopped ourselves (Ctrl-Z, a suspended machine): who knows of it
                self._heard = now
            elif now > self._heard + self._patience:
                pid = self._process.pid
                log.error(
                    "the serving process did not turn for %.0f s: ended", self._patience, extra={"pid": pid}
                )
                self._process.kill()
                self._patience = FAREWELL_S

    def _listen(self) -> None:
        if not os.read(self._ear, 65536):
            asyncio.get_running_loop().remove_reader(self._ear)  # closed: its end is near
            return
        self._heard = time.monotonic()
        if self._patience == BIRTH_S:
            self._patience = SILENT_S
            self._news.set()


def same_command() -> list[str]:
    """How this very process was started, for a child that does the same."""
    return [sys.executable, *sys.orig_argv[1:]]


def _shown(code: int) -> int:
    return code if code >= 0 else 128 - code


def _words(code: int) -> str:
    return f"exit {code}" if code >= 0 else signal.Signals(-code).name
