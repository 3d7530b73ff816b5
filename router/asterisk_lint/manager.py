"""Who may steer Asterisk, from where and with how much: asterisk.conf, manager.conf, and who reads secrets.

It knows files alone. A value between `@` signs is one that `private start` fills: it is taken as right.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from pathlib import Path

from router.asterisk_lint.fault import Fault
from router.asterisk_lint.files import Section

USER = "guichet"
YES = ("yes", "true", "y", "t", "1", "on")
READ = {"call", "user", "agent", "system", "dtmf", "agi"}
WRITE = {"call", "agent", "originate"}
HARMLESS = {"reporting", "user", "log"}  # more than is needed, but nothing that runs a command
WRITE_MS = 1000
PLACE = re.compile(r"@[A-Z_0-9]+@")
SECRET = re.compile(r"(?:secret|password|GUICHET_AGI_SECRET)\s*=>?\s*(?P<value>[^;\s]+)", re.IGNORECASE)


def options(sections: dict[str, Section] | None) -> Iterator[Fault]:
    """asterisk.conf: what comes from outside may not touch the machine."""
    line = sections["options"].last("live_dangerously") if sections and "options" in sections else None
    if line is not None and line.value.lower() in YES:
        what = "functions that read files and run programs are open to AMI and to the dialplan's data"
        yield Fault("live-dangerously", line.where, what, "live_dangerously = no")


def manager(sections: dict[str, Section] | None) -> Iterator[Fault]:
    """manager.conf: the port, and Guichet's user."""
    if sections is None:
        yield Fault("ami-missing", "manager.conf:1", "there is no manager.conf", "copy the shipped one")
        return
    general = sections.get("general")
    if general is not None:
        yield from _port(general)
    user = sections.get(USER)
    if user is None:
        what = f"no user [{USER}] for Guichet"
        yield Fault("ami-missing", "manager.conf:1", what, "copy the user of the shipped manager.conf")
        return
    yield from _classes(user)
    yield from _acl(user)
    time = user.last("writetimeout")
    if time is None or not time.value.isdecimal() or int(time.value) < WRITE_MS:
        where = time.where if time is not None else user.where
        what = "Guichet is cut off whenever it pauses for 100 ms, and misses events"
        yield Fault("ami-writetimeout", where, what, "writetimeout = 5000")


def _port(general: Section) -> Iterator[Fault]:
    bind = general.last("bindaddr")
    address = bind.value if bind is not None else "0.0.0.0"
    if not PLACE.match(address) and not _loopback(address):
        encrypted = general.says("tlsenable").lower() in YES
        what = f"AMI listens in clear on {address}" + ("" if encrypted else ", and has no TLS")
        mend = (
            "bindaddr = 127.0.0.1; from another machine by tlsenable, tlsbindaddr and gateways.phone.ami.tls"
        )
        yield Fault("ami-open", bind.where if bind is not None else general.where, what, mend)


def _loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def _classes(user: Section) -> Iterator[Fault]:
    for name, wanted in (("read", READ), ("write", WRITE)):
        line = user.last(name)
        given = {each.strip().lower() for each in line.value.split(",")} if line is not None else set()
        where = line.where if line is not None else user.where
        mend = f"{name} = {','.join(sorted(wanted))}"
        if wide := given - wanted - HARMLESS:
            what = f"{name} is wider than Guichet needs: {', '.join(sorted(wide))}"
            yield Fault("ami-classes", where, what, mend)
        elif missing := wanted - given:
            what = f"{name} lacks what Guichet needs: {', '.join(sorted(missing))}"
            yield Fault("ami-classes", where, what, mend)


def _acl(user: Section) -> Iterator[Fault]:
    if user.last("acl") is not None:
        return
    denied, permits = user.says("deny"), [line for line in user.lines if line.name.lower() == "permit"]
    mend = "deny = 0.0.0.0/0.0.0.0, then permit = Guichet's address"
    if not denied.startswith(("0.0.0.0/0", "::/0")) or not permits:
        yield Fault("ami-acl", user.where, "whoever has the secret may log in from anywhere", mend)
    for line in permits:
        if line.value.startswith(("0.0.0.0/0", "::/0")):
            yield Fault("ami-acl", line.where, "everybody is permitted", mend)


def secrets(folder: Path) -> Iterator[Fault]:
    """Files that hold a secret and that others may read."""
    for path in sorted(folder.glob("*.conf")):
        if not path.stat().st_mode & 0o007:
            continue
        for number, text in enumerate(path.read_text(errors="replace").splitlines(), 1):
            match = SECRET.match(text.strip())
            if match is not None and not PLACE.match(match["value"]):
                what = f"a secret in a file that others may read (mode {path.stat().st_mode & 0o777:o})"
                yield Fault("secrets-readable", f"{path.name}:{number}", what, f"chmod 640 {path.name}")
                break
