"""Starts `guichet engine` as a stranger would and talks to it line by line.

It must never import the engine: what it knows is a command, standard input and standard output. It waits
for each answer at most `deadline` seconds, so that a hung engine is a failure and not a hung test.
"""

from __future__ import annotations

import os
import select
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "router.cli", "engine")


class Silence(Exception):
    """The engine ended, or said nothing within the deadline."""


def _environment(hash_seed: int) -> dict[str, str]:
    return {**os.environ, "PYTHONHASHSEED": str(hash_seed)}


class Engine:
    """One running engine: `ask` sends a line and returns the line that answers it."""

    def __init__(self, deadline: float = 20.0, hash_seed: int = 0) -> None:
        self._deadline = deadline
        self._rest = b""
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process, in close()
        self._process = subprocess.Popen(
            COMMAND,
            cwd=ROOT,
            env=_environment(hash_seed),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            bufsize=0,
        )

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, line: bytes) -> bytes:
        """The answer to `line` (given without its newline), also without its newline."""
        until = time.monotonic() + self._deadline
        message = memoryview(line + b"\n")
        while message:
            try:
                message = message[os.write(self._stdin, message) :]
            except BrokenPipeError:
                raise Silence(self._last_words("the engine ended")) from None
        while b"\n" not in self._rest:
            ready, _, _ = select.select([self._stdout], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                raise Silence(self._last_words(f"no answer within {self._deadline} s"))
            piece = os.read(self._stdout, 1 << 16)
            if not piece:
                raise Silence(self._last_words("the engine ended"))
            self._rest += piece
        answer, self._rest = self._rest.split(b"\n", 1)
        if self._rest:
            raise Silence(f"two lines for one: {self._rest!r}")
        return answer

    def close(self) -> str:
        """Ends the engine; what it wrote on standard error."""
        if self._process.stdin is not None and not self._process.stdin.closed:
            self._process.stdin.close()
        if self._process.stdout is not None and not self._process.stdout.closed:
            while select.select([self._stdout], [], [], 5)[0] and os.read(self._stdout, 1 << 16):
                pass
            self._process.kill()
            self._process.stdout.close()
        self._process.wait()
        if self._errors.closed:
            return ""
        words = self._stderr()
        self._errors.close()
        return words

    @property
    def _stdin(self) -> int:
        assert self._process.stdin is not None
        return self._process.stdin.fileno()

    @property
    def _stdout(self) -> int:
        assert self._process.stdout is not None
        return self._process.stdout.fileno()

    def _stderr(self) -> str:
        self._errors.seek(0)
        return self._errors.read().decode("utf-8", "replace")

    def _last_words(self, what: str) -> str:
        return f"{what}; standard error ended with: {self._stderr()[-2000:]}"


def converse(lines: list[bytes], hash_seed: int, deadline: float = 60.0) -> list[bytes]:
    """A whole conversation through a fresh engine at once: the answers, in order."""
    done = subprocess.run(
        COMMAND,
        cwd=ROOT,
        env=_environment(hash_seed),
        input=b"".join(line + b"\n" for line in lines),
        capture_output=True,
        timeout=deadline,
        check=False,
    )
    if done.returncode:
        raise Silence(f"exit code {done.returncode}: {done.stderr.decode('utf-8', 'replace')[-2000:]}")
    return done.stdout.splitlines()
