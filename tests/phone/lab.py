"""A private Asterisk for one test session, on free loopback ports, its state under a temporary folder.

It starts what it ends, by process id, and touches no other Asterisk on the machine.
"""

import os
import random
import socket
import subprocess
from pathlib import Path

PRIVATE = Path(__file__).parents[2] / "deploy" / "asterisk" / "private"


# Above Asterisk's ports for sound, below those that the system lends to outgoing connections (32768 and up):
# nobody takes one by chance between our look and the start of who shall have it; tests beside us draw others.
LOWEST, HIGHEST = 20_000, 32_000
chance = random.Random(os.urandom(8))


def free_ports(count: int) -> list[int]:
    """Ports nobody has now, all different (both TCP and UDP are tried for each)."""
    ports: list[int] = []
    while len(ports) < count:
        port = chance.randrange(LOWEST, HIGHEST)
        with socket.socket(type=socket.SOCK_STREAM) as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            try:
                tcp.bind(("127.0.0.1", port))
                udp.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port not in ports:
            ports.append(port)
    return ports


class Lab:
    """One Asterisk and the addresses around it. A Unix socket lies in `folder`: keep it short."""

    host = "127.0.0.1"

    def __init__(self, folder: Path, etc: Path | None = None) -> None:
        """With `etc`, that folder's *.conf instead of the shipped ones."""
        self.folder = folder
        self.etc = etc
        self.sip_port, self.ami_port, agi, agents, self.callers_port = free_ports(5)
        self.agi = f"{self.host}:{agi}"
        self.agents = f"{self.host}:{agents}"

    def __enter__(self) -> "Lab":
        self.run("start", self.folder, self.host)
        return self

    def __exit__(self, *error: object) -> None:
        self.run("stop", self.folder)

    def run(self, *words: object) -> str:
        """One command of deploy/asterisk/private, with this lab's ports."""
        environment = os.environ | {
            "SIP_PORT": str(self.sip_port),
            "AMI_PORT": str(self.ami_port),
            "AGI": self.agi,
            "AGENTS": self.agents,
        }
        if self.etc is not None:
            environment["GUICHET_ETC"] = str(self.etc)
        command = [PRIVATE, *map(str, words)]
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        if done.returncode:
            raise RuntimeError(f"private {words[0]}: {done.stdout}{done.stderr}")
        return done.stdout

    def cli(self, *words: str) -> str:
        return self.run("cli", self.folder, *words)

    def secret(self, name: str) -> str:
        return (self.folder / "secrets" / name).read_text()

    @property
    def pid(self) -> int:
        return int((self.folder / "pid").read_text())

    @property
    def record(self) -> Path:
        """Asterisk's own record of all calls: its channel event log."""
        return self.folder / "log" / "cel-custom" / "calls.csv"

    @property
    def complaints(self) -> str:
        """Warnings and errors Asterisk wrote of its own accord."""
        lines = (self.folder / "log" / "messages").read_text(errors="replace").splitlines()
        return "\n".join(line for line in lines if " WARNING[" in line or " ERROR[" in line)
