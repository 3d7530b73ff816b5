"""The log lines of the process: a reader who takes none of them stops nobody."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.server

ROOT = Path(__file__).parents[2]
STUCK = """
import logging, time
from router.serve import logs
logs.MOST_WAITING = 100
logs.log_json()
for n in range(5000):
    logging.getLogger("t").info("line %d %s", n, "x" * 100)
print("went on", flush=True)
input()
logging.getLogger("t").info("last")
"""


def start(program: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def test_a_reader_that_takes_nothing_stops_nobody_and_what_was_dropped_is_told():
    """The pipe holds 64 KB, the program logs ten times as much."""
    program = start(STUCK)
    try:
        assert program.stdout.readline() == b"went on\n"
        _, err = program.communicate(b"\n", timeout=10)
    finally:
        program.kill()
        program.wait()
    lines = [json.loads(line) for line in err.splitlines()]
    messages = [line["message"] for line in lines]
    assert any("were dropped" in message for message in messages)
    told = sum(int(message.split()[0]) for message in messages if "were dropped" in message)
    assert told + sum(message.startswith(("line", "last")) for message in messages) == 5001
    assert program.returncode == 0


def test_a_reader_that_never_reads_does_not_keep_the_process_from_ending():
    program = start(STUCK)
    try:
        assert program.stdout.readline() == b"went on\n"
        program.stdin.write(b"\n")
        program.stdin.flush()
        assert program.wait(10) == 0
    finally:
        program.kill()
        program.communicate()


def test_the_last_words_of_a_process_are_written():
    program = start(
        "import logging\n"
        "from router.serve.logs import log_json\n"
        "log_json()\n"
        "try:\n    1 / 0\nexcept ZeroDivisionError:\n"
        "    logging.exception('broken', extra={'contact': 'c1'})\n"
    )
    _, err = program.communicate(timeout=10)
    (line,) = map(json.loads, err.splitlines())
    assert (line["message"], line["contact"], "ZeroDivisionError" in line["trace"]) == ("broken", "c1", True)
