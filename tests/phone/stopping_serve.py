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
from router.phone import ami, ami_actions, gateway
from router.phone.wire import Wire

STOPS, ANSWERS = Path("stops"), Path("answers")


class Stopping(Wire):
    """Stopped before the variable and the move that go out together."""

    async def act(self, action, *more, first=None):
        times = wanted()
        if not times or not isinstance(action, ami_actions.BridgeKick | ami_actions.PlayDTMF):
            return await super().act(action, *more, first=first)
        begun()
        for _ in range(times):
            note(await self.too_late([each for each in (first, action) if each is not None]))
        return []

    async def too_late(self, actions):
        os.kill(os.getpid(), signal.SIGSTOP)
        try:
            await self._ask(actions, 3.0)  # past every check: the stop came after the last of them
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
