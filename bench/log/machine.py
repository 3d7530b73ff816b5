"""What this ran on, in the words of commands: no host name, no path."""

from __future__ import annotations

import os
import platform
import subprocess

import hiredis
import redis

CPU = ("Architecture", "CPU(s)", "Model name", "Model", "Thread(s) per core", "Hypervisor vendor")


def machine() -> list[str]:
    """Lines for the report."""
    return [
        "$ lscpu", *(line for line in _said("lscpu").splitlines() if line.split(":")[0].strip() in CPU),
        "$ uname -sr", f"{platform.system()} {platform.release()}",
        "$ redis-server --version", " ".join(_said("redis-server", "--version").split()[:3]),
        f"Python {platform.python_version()}, redis-py {redis.__version__}, hiredis {hiredis.__version__}",
    ]  # fmt: skip


def _said(*command: str) -> str:
    """What a command says; not every benchmark needs every command."""
    try:
        environment = {"LC_ALL": "C", **os.environ}
        return subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout
    except FileNotFoundError:
        return "not installed"
