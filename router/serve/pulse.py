"""The serving process's side of its parent: a beat while the loop turns, and no life without the parent.

It must never block, and says nothing of the log: a Redis that is gone is no reason to be ended.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal

from router.serve.parent import BEAT_S

PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """From now on the kernel ends us when the parent ends, even if we are frozen then.

    SIGKILL, as for the parent: callers are in Asterisk and the log is durable, so a quick end loses nothing,
    and the next start finds no half-ended one. A parent that is gone already is found by the first beat.
    """
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Pulse:
    """Beats on a pipe from `start` until the loop ends."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        os.set_inheritable(pipe, False)  # whatever we start lives on without us: the pipe must not
        os.set_blocking(pipe, False)

    def start(self) -> None:
        """Beats for as long as the loop turns."""
        try:
            os.write(self._pipe, b".")
        except BlockingIOError:
            pass  # the parent is stopped, and has beats enough to read
        except BrokenPipeError:
            os.kill(os.getpid(), signal.SIGKILL)
        asyncio.get_running_loop().call_later(BEAT_S, self.start)
