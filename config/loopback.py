"""Whether a name can only mean this machine. Nothing is looked up: a name that DNS could move is none."""

from __future__ import annotations

import ipaddress


def is_loopback(name: str) -> bool:
    """Whether a host name or address can only be this machine."""
    name = name.strip("[]").lower()
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
