"""Work over all cores comes back in order; Ctrl-C ends it at once, whatever had been asked for."""

import os
import signal
import subprocess
import sys
from operator import mul

import pytest

from router.simulate.cores import in_order

SLOW = """
import sys, time
from pathlib import Path
from router.simulate.cores import in_order

def work(number):
    Path(sys.argv[1], str(number)).touch()
    while number == 0 and not Path(sys.argv[1], "1").exists():
        time.sleep(0.01)  # until the other worker has begun too: one that is starting still says so
    time.sleep(600 if number else 0)

if __name__ == "__main__":
    plan = [(number,) for number in range(20)]
    for _ in in_order(work, plan, 2, lambda: print("begun", flush=True)):
        pass
"""


@pytest.mark.parametrize("cores", [1, 2])
def test_the_order_is_the_plan_s(cores):
    done: list[None] = []
    plan = [(number, 10) for number in range(5)]
    assert list(in_order(mul, plan, cores, lambda: done.append(None))) == [0, 10, 20, 30, 40]
    assert len(done) == 5


def test_control_c_waits_for_nothing(tmp_path):
    script = tmp_path / "slow.py"
    script.write_text(SLOW)
    started = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )  # fmt: skip
    try:
        assert started.stdout is not None
        assert started.stdout.readline() == b"begun\n"
        os.killpg(started.pid, signal.SIGINT)
        _, said = started.communicate(timeout=60)
        assert said.count(b"Traceback") == 1  # its own: no worker says anything
    finally:
        if started.poll() is None:
            os.killpg(started.pid, signal.SIGKILL)
            started.communicate()
