"""`guichet engine` as a process over pipes, and a bare JSON echo driven the same way: one line at a time."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from time import perf_counter_ns

ECHO = """
import json, sys
for line in iter(sys.stdin.buffer.readline, b""):
    sys.stdout.write(json.dumps(json.loads(line)) + "\\n")
    sys.stdout.flush()
"""
ECHO_COMMAND = (sys.executable, "-c", ECHO)
ENGINE_COMMAND = (sys.executable, "-m", "router.cli", "engine")
AT_ONCE = 100  # lines on the way there, which nobody times: few enough for the pipes


class Process:
    """A program that answers each line with one."""

    def __init__(self, command: Sequence[str]) -> None:
        self._program = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        self._in, self._out = self._program.stdin, self._program.stdout

    def tell(self, lines: Sequence[bytes]) -> None:
        """Lines whose time does not count."""
        for begin in range(0, len(lines), AT_ONCE):
            some = lines[begin : begin + AT_ONCE]
            self._in.write(b"".join(some))
            self._in.flush()
            for _ in some:
                self._out.readline()

    def time(self, lines: Iterable[bytes]) -> list[int]:
        """Nanoseconds from each line written to its answer read."""
        taken = []
        for line in lines:
            start = perf_counter_ns()
            self._in.write(line)
            self._in.flush()
            self._out.readline()
            taken.append(perf_counter_ns() - start)
        return taken

    def memory(self) -> int:
        """Bytes resident, as the kernel counts them."""
        with open(f"/proc/{self._program.pid}/statm") as statm:
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def end(self) -> None:
        """No more lines: it ends by itself."""
        self._in.close()
        self._program.wait()
        self._out.close()
