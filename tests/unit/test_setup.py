"""What `./run` says when something is missing or in the way: each fault is made, in a copy of the tree.

It never touches this clone's .venv and fetches nothing.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.server

ROOT = Path(__file__).parents[2]
TOOLS = (
    *(
        "bash",
        "sh",
        "env",
        "cat",
        "mkdir",
        "mktemp",
        "mv",
        "rm",
        "touch",
        "basename",
        "dirname",
        "df",
        "id",
        "uname",
    ),
    *("awk", "cut", "grep", "sed", "tail", "sha256sum", "flock"),
)


class Machine:
    """A copy of the tree in a folder with a space in its name, on a PATH that holds only what is named."""

    def __init__(self, folder: Path) -> None:
        self.bin, self.tree = folder / "bin", folder / "a clone"
        self.bin.mkdir()
        self.tree.mkdir()
        self.env = {"PATH": str(self.bin), "GUICHET_CACHE": str(folder / "cache")}
        for tool in TOOLS:
            self.have(tool, f'exec {shutil.which(tool)} "$@"')
        for name in ("run", "requirements.lock", "pyproject.toml"):
            shutil.copy2(ROOT / name, self.tree)
        shutil.copytree(ROOT / "scripts", self.tree / "scripts")

    def have(self, name: str, script: str) -> None:
        (self.bin / name).write_text(f"#!/bin/sh\n{script}\n")
        (self.bin / name).chmod(0o755)

    def refusal(self, *arguments: str) -> str:
        made = subprocess.run(
            [self.tree / "run", *arguments], env=self.env, cwd="/", capture_output=True, text=True, timeout=60
        )
        assert made.returncode == 1, made.stdout + made.stderr
        assert "  Mend: " in made.stderr
        return made.stderr


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "08080", ""])
def test_a_bad_port(machine: Machine, port: str) -> None:
    assert "not a port" in machine.refusal("--port", port)


def test_port_without_its_number(machine: Machine) -> None:
    assert "--port needs a number" in machine.refusal("--port")


def test_an_unknown_argument(machine: Machine) -> None:
    assert "unknown argument 'fly'" in machine.refusal("fly")


def test_a_port_that_is_taken(machine: Machine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"port {port} is taken" in machine.refusal("--port", port)


def test_another_architecture(machine: Machine) -> None:
    machine.have("uname", "case $1 in -m) echo riscv64 ;; *) echo Linux ;; esac")
    assert "no locked wheels for riscv64" in machine.refusal("--setup-only")


def test_another_system(machine: Machine) -> None:
    machine.have("uname", "echo Darwin")
    assert "this is Darwin" in machine.refusal("--setup-only")


def test_a_cache_that_cannot_be_written(machine: Machine) -> None:
    machine.env["GUICHET_CACHE"] = "/dev/null/cache"
    assert "/dev/null/cache cannot be written" in machine.refusal("--setup-only")


def test_neither_python_nor_apt(machine: Machine) -> None:
    assert "this system has no apt" in machine.refusal("--setup-only")


def test_an_old_python(machine: Machine) -> None:
    machine.have("python3", "case $1 in --version) echo Python 3.9.2 ;; *) exit 1 ;; esac")
    assert "Python 3.9.2 is too old: 3.11 is needed" in machine.refusal("--setup-only")


def test_apt_that_reaches_no_mirror(machine: Machine) -> None:
    machine.have("sudo", 'exec "$@"')
    machine.have("apt-get", 'echo "E: Unable to locate package python3" >&2; exit 100')
    said = machine.refusal("--setup-only")
    assert "E: Unable to locate package python3" in said
    assert "could not reach its mirror" in said


def test_a_disk_that_is_nearly_full(machine: Machine) -> None:
    machine.have("python3", 'exec /usr/bin/env -i PATH=/usr/bin:/bin python3 "$@"')
    machine.have("df", "printf 'Filesystem\\nnone 100 90 10 90%% /\\n'")
    assert "10 MB free" in machine.refusal("--setup-only")


def test_an_index_that_cannot_be_reached(machine: Machine) -> None:
    machine.have("python3", 'exec /usr/bin/env -i PATH=/usr/bin:/bin python3 "$@"')
    machine.env |= {
        "PIP_INDEX_URL": "http://127.0.0.1:9/",
        "PIP_RETRIES": "0",
        "PIP_CONFIG_FILE": "/dev/null",
    }
    said = machine.refusal("--setup-only")
    assert "cannot be reached" in said
    assert (machine.tree / ".venv" / "unfinished").exists()  # so that the next start begins anew
