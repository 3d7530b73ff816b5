"""A process of its own that says when each event is due: eight bytes per event, the instant it was due.

Timers of an event loop are a millisecond coarse, and a busy loop would slow its own load down. Events come
through a pipe instead, as they would from a socket, at their rate whatever happens.
"""

from __future__ import annotations

import os
import struct
import sys
import time

START_AFTER = 0.05  # seconds
SHORTEST_NAP = 0.0005  # seconds: above 2,000/s events come in small groups, as packets do


def main() -> None:
    rate, seconds = float(sys.argv[1]), float(sys.argv[2])
    start = time.monotonic() + START_AFTER
    sent, last = 0, int(rate * seconds)
    while sent < last:
        due = min(last, int((time.monotonic() - start) * rate) + 1)
        if due > sent:
            os.write(1, b"".join(struct.pack("d", start + n / rate) for n in range(sent, due)))
            sent = due
        time.sleep(max(SHORTEST_NAP, start + sent / rate - time.monotonic()))


if __name__ == "__main__":
    main()
