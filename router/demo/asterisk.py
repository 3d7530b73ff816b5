"""The demonstration's telephone: a private Asterisk, and SIPp as the agents' phones.

It needs the source checkout (`deploy/asterisk`), where the dialplan is the one a site would use.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from contextlib import suppress
from pathlib import Path

HERE = Path(__file__).parents[2] / "deploy" / "asterisk"
HOST = "127.0.0.1"
RING_MS, TALK_MS = (1500, 2500), (15_000, 40_000)  # between which an agent's phone rings and talks


class NoPhone(Exception):
    """The telephone cannot be started; the text says the mend."""


class DemoPhone:
    """`start`, then `stop`. Ports are the usual ones where they are free."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory.absolute()
        self.sip = self.ami = self.agi = self._agents_port = 0  # known once started
        self._sipp: subprocess.Popen[bytes] | None = None

    @property
    def secret_file(self) -> Path:
        """The manager's secret, made by `start`."""
        return self.directory / "secrets" / "ami"

    @property
    def agi_secret_file(self) -> Path:
        """What the dialplan proves itself with, made by `start`."""
        return self.directory / "secrets" / "agi"

    def password(self, account: str) -> str:
        """Of a softphone account."""
        return (self.directory / "secrets" / account).read_text().strip()

    def start(self) -> None:
        """Asterisk first, then the agents' phones. Raises NoPhone."""
        if not (HERE / "private").exists():
            raise NoPhone("the phone needs a source checkout: deploy/asterisk is not in the wheel")
        sipp = shutil.which("sipp")
        if sipp is None:
            raise NoPhone("no sipp for the agents' phones (mend: apt-get install sip-tester, or ./run phone)")
        self._private("install")
        self._end_former()
        self.sip, self.ami, self.agi = free(5060, socket.SOCK_DGRAM), free(5038), free(4573)
        self._agents_port = free(5070, socket.SOCK_DGRAM)
        self._private("start", str(self.directory), HOST)
        command = [sipp, f"{HOST}:{self.sip}", "-sf", str(self._scenario()), "-i", HOST, "-mi", HOST]
        command += ["-p", str(self._agents_port), "-rtp_echo", "-nostdin"]
        quiet = subprocess.DEVNULL
        self._sipp = subprocess.Popen(
            command, cwd=self.directory, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
        )
        self._sipp_pid.write_text(str(self._sipp.pid))

    @property
    def _sipp_pid(self) -> Path:
        return self.directory / "sipp.pid"

    def _end_former(self) -> None:
        """What a run that was killed left behind, if it still is what we started."""
        if not self.directory.exists():
            return
        self._private("stop", str(self.directory))
        if self._sipp_pid.exists():
            pid = int(self._sipp_pid.read_text())
            with suppress(OSError):
                if str(self.directory).encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                    os.kill(pid, signal.SIGKILL)

    def stop(self) -> None:
        """End both; calls in progress are hung up."""
        if self._sipp is not None:
            self._sipp.kill()
            self._sipp.wait()
            self._private("stop", str(self.directory))

    def _scenario(self) -> Path:
        text = (HERE / "sipp" / "agents.xml").read_text()
        for name, (low, high) in (("RING", RING_MS), ("TALK", TALK_MS)):
            text = text.replace(f"@{name}_MIN@", str(low)).replace(f"@{name}_MAX@", str(high))
        path = self.directory / "agents.xml"
        path.write_text(text)
        return path

    def _private(self, *words: str) -> None:
        ports = {"SIP_PORT": self.sip or 5060, "AMI_PORT": self.ami or 5038}
        environment = os.environ | {name: str(port) for name, port in ports.items()}
        environment |= {"AGI": f"{HOST}:{self.agi}", "AGENTS": f"{HOST}:{self._agents_port}"}
        done = subprocess.run(
            [str(HERE / "private"), *words], env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise NoPhone(done.stderr.strip() or f"deploy/asterisk/private {words[0]} failed")


def free(wanted: int, kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """This port, or another one if it is taken."""
    with socket.socket(socket.AF_INET, kind) as trial:
        try:
            trial.bind((HOST, wanted))
        except OSError:
            trial.bind((HOST, 0))
        port: int = trial.getsockname()[1]
        return port
