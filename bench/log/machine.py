"""What this ran on, in the words of commands: no host name, no path."""

from __future__ import annotations

import os
import platform
import subprocess

import hiredis
import redis


def machine() -> list[str]:
    """Lines for the report."""
    lscpu = subprocess.run(
        ["lscpu"], capture_output=True, text=True, check=True, env={"LC_ALL": "C", **os.environ}
    )
    wanted = ("Architecture", "CPU(s)", "Model name", "Model", "Thread(s) per core", "Hypervisor vendor")
    cpu = [line for line in lscpu.stdout.splitlines() if line.split(":")[0].strip() in wanted]
    server = subprocess.run(["redis-server", "--version"], capture_output=True, text=True, check=True)
    return [
        "$ lscpu", *cpu,
        "$ uname -sr", f"{platform.system()} {platform.release()}",
        "$ redis-server --version", " ".join(server.stdout.split()[:3]),
        f"Python {platform.python_version()}, redis-py {redis.__version__}, hiredis {hiredis.__version__}",
    ]  # fmt: skip
