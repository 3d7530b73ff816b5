"""`guichet serve` that stops itself (SIGSTOP) between the log's append and the write to Asterisk. Not a test.

    python -m tests.phone.stopping_serve serve --config DIR

Once a file `stops` in its folder holds a number, the next move of a caller is written so many times, each
time after the process was stopped and woken. What Asterisk answered goes to `answers`, one line each.
"""

import os
import signal
import sys
from pathlib import Path

from router import cli
from router.phone import ami, gateway
from router.phone.wire import Wire

STOPS, ANSWERS = Path("stops"), Path("answers")


class Stopping(Wire):
    """Holds the variable back until the move itself, as a process does that was stopped before both."""

    held: ami.Setvar | None = None

    async def act(self, action, *more):
        times = wanted()
        if not times:
            return await super().act(action, *more)
        if isinstance(action, ami.Setvar) and action.channel:
            self.held = action
            return []
        if not isinstance(action, ami.BridgeKick | ami.PlayDTMF):
            return await super().act(action, *more)
        begun()
        for _ in range(times):
            note(await self.too_late(action))
        return []

    async def too_late(self, action):
        os.kill(os.getpid(), signal.SIGSTOP)
        try:
            for each in (self.held, action):  # past every check: the stop came after the last of them
                if each is not None:
                    await self._ask(ami.headers(each), as_list=False, deadline_s=3.0)
        except (ami.Denied, ami.Unknown, ami.Unsent) as fault:
            return str(fault)
        return "done"


def wanted() -> int:
    return int(STOPS.read_text()) if STOPS.exists() else 0


def begun() -> None:
    STOPS.unlink()


def note(answer: str) -> None:
    with ANSWERS.open("a") as answers:
        answers.write(f"{answer}\n")


if __name__ == "__main__":
    gateway.Wire = Stopping
    sys.exit(cli.main([*sys.argv[1:], "--no-parent"]))
