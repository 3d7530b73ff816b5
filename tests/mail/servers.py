"""A real Dovecot and a real Exim of Debian's, each from a private copy on loopback, that a test may kill.

Both run as one ordinary user: `nobody` if the tests run as root. Debian built them for fixed places and a
user of its own; the copy's binaries are told ours instead, in as many bytes.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
PASSWORD = "secret-of-the-lab"

DOVECOT = """\
base_dir = {at}/base
state_dir = {at}/state
libexec_dir = {at}/usr/lib/dovecot
login_plugin_dir = {at}/usr/lib/dovecot/modules/login
mail_plugin_dir = {at}/usr/lib/dovecot/modules
import_environment = LD_LIBRARY_PATH
protocols = imap
listen = 127.0.0.1
ssl = no
log_path = {at}/dovecot.log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 0
last_valid_uid = 0
mail_location = maildir:{at}/mail/%n
mail_fsync = never
mailbox_idle_check_interval = 1 secs
disable_plaintext_auth = no
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
  chroot =
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={at}/mail/%n
}}
"""

EXIM = """\
exim_path = {at}/exim
exim_user = {uid}
exim_group = {gid}
keep_environment =
spool_directory = {at}/spool
log_file_path = {at}/exim-%slog
primary_hostname = mail.guichet.test
daemon_smtp_ports = {smtp}
local_interfaces = 127.0.0.1
pid_file_path = {at}/exim.pid
acl_smtp_rcpt = accept
acl_smtp_data = accept
never_users =
disable_ipv6 = true
tls_advertise_hosts =
message_size_limit = 100M
smtp_accept_max = 100
begin routers
nowhere:
  driver = redirect
  domains = nowhere.test
  data = :fail: there is nobody of that name
  allow_fail
all:
  driver = accept
  local_parts = dsearch,filter=dir;{at}/mail
  transport = maildir
rest:
  driver = accept
  transport = sink
begin transports
sink:
  driver = appendfile
  directory = {at}/mail/sink
  maildir_format
  user = {uid}
  group = {gid}
maildir:
  driver = appendfile
  directory = {at}/mail/$local_part_data
  maildir_format
  delivery_date_add
  envelope_to_add
  return_path_add
  user = {uid}
  group = {gid}
begin retry
* * F,1h,1m
"""


class MailServers:
    """`mail` holds a Maildir per local part, whatever the domain. `close` ends what still runs."""

    def __init__(self) -> None:
        source = subprocess.run([ROOT / "scripts/mail-servers"], check=True, capture_output=True, text=True)
        self.user = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
        self.at = Path(tempfile.mkdtemp(prefix="guichet-mail-"))
        shutil.copytree(Path(source.stdout.strip()) / "usr", self.at / "usr", symlinks=True)
        for folder in ("base", "state", "mail", "spool"):
            (self.at / folder).mkdir()
        (self.at / "base/modules").symlink_to(self.at / "usr/lib/dovecot/modules")
        exim = self.at / "usr/sbin/exim4"
        exim.chmod(0o755)  # a program that may be another user does not find its libraries here
        _told(exim, b"Debian-exim", str(self.user.pw_uid).encode())
        library = next((self.at / "usr/lib/dovecot").glob("libdovecot.so.0.*"))
        _told(library, b"/usr/lib/dovecot/modules", b"modules")
        self.imap, self.smtp = _free(), _free()
        there = self.at / "usr/lib"
        libraries = [there / "dovecot", *there.glob("*-linux-gnu"), there / "dovecot/modules/old-stats"]
        self.libraries = ":".join(map(str, libraries))
        words = {
            "at": self.at, "user": self.user.pw_name, "group": _group(self.user.pw_gid), "imap": self.imap,
            "smtp": self.smtp, "password": PASSWORD, "uid": self.user.pw_uid, "gid": self.user.pw_gid,
            "libraries": self.libraries,
        }  # fmt: skip
        (self.at / "dovecot.conf").write_text(DOVECOT.format(**words))
        (self.at / "exim.conf").write_text(EXIM.format(**words))
        # It starts itself again with an environment swept clean.
        start = f'#!/bin/sh\nLD_LIBRARY_PATH={self.libraries} exec {exim} "$@"\n'
        (self.at / "exim").write_text(start)
        (self.at / "exim").chmod(0o755)
        (self.at / "password").write_text(PASSWORD)
        self._own()
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start_dovecot(self) -> None:
        # Debian's dovecot asks its doveconf at a fixed place; a doveconf that starts dovecot needs no place.
        config, at = f"{self.at}/dovecot.conf", self.at
        command = [
            at / "usr/bin/doveconf",
            "-c",
            config,
            "-f",
            "service=master",
            "-e",
            at / "usr/sbin/dovecot",
        ]
        self._start("dovecot", [*command, "-F", "-c", config], self.imap)

    def start_exim(self) -> None:
        self._start("exim", [self.at / "exim", "-C", self.at / "exim.conf", "-bdf", "-q5s"], self.smtp)

    def kill(self, name: str) -> None:
        """SIGKILL to it and to all it started."""
        process = self._running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        (self.at / "base/master.pid").unlink(missing_ok=True)

    def close(self) -> None:
        for name in list(self._running):
            self.kill(name)
        shutil.rmtree(self.at, ignore_errors=True)

    def box(self, name: str) -> Path:
        """A Maildir, made if it is not there."""
        at = self.at / "mail" / name
        if not at.exists():
            for part in ("tmp", "new", "cur"):
                (at / part).mkdir(parents=True)
            self._own(at)
        return at

    def put(self, name: str, letters: list[bytes]) -> None:
        """Delivered as a mail server delivers: written aside, moved into `new`."""
        box = self.box(name)
        for number, raw in enumerate(letters):
            aside = box / "tmp" / f"{time.time_ns()}.{number}.lab"
            aside.write_bytes(raw)
            if os.getuid() == 0:
                os.chown(aside, self.user.pw_uid, self.user.pw_gid)
            aside.rename(box / "new" / aside.name)

    def letters(self, name: str, folder: str = "") -> list[bytes]:
        """Everything in a folder of a box."""
        at = self.box(name) / (f".{folder}" if folder else "")
        return [path.read_bytes() for part in ("new", "cur") for path in sorted((at / part).glob("*"))]

    def count(self, name: str, folder: str = "") -> int:
        at = self.box(name) / (f".{folder}" if folder else "")
        return sum(len(os.listdir(at / part)) for part in ("new", "cur") if (at / part).exists())

    def _start(self, name: str, command: list[object], port: int) -> None:
        who = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}
        self._running[name] = subprocess.Popen(
            list(map(str, command)), env={"LD_LIBRARY_PATH": self.libraries, "PATH": "/usr/bin:/bin"},
            cwd=self.at, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            **(who if os.getuid() == 0 else {}),
        )  # fmt: skip
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                with socket.create_connection(("127.0.0.1", port), 5) as trial:
                    trial.settimeout(10)
                    if trial.recv(10):
                        return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"{name} did not start:\n{self._log(name)}")

    def _log(self, name: str) -> str:
        return "\n".join(path.read_text(errors="replace")[-2000:] for path in self.at.glob(f"{name}*log"))

    def _own(self, at: Path | None = None) -> None:
        if os.getuid() != 0:
            return
        for path in (at or self.at, *(at or self.at).rglob("*")):
            os.chown(path, self.user.pw_uid, self.user.pw_gid, follow_symlinks=False)


def _told(path: Path, was: bytes, now: bytes) -> None:
    """Another word in place of a fixed one, in as many bytes."""
    data = path.read_bytes()
    assert was + b"\0" in data, f"{path.name} of this Debian does not say {was!r}"
    path.write_bytes(data.replace(was + b"\0", now.ljust(len(was) + 1, b"\0")))


def _group(gid: int) -> str:
    import grp

    return grp.getgrgid(gid).gr_name


def _free() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
