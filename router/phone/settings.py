"""What the phone gateway must be told. Plain data; `router.serve` fills it from the configuration."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct, field

ENDPOINT = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}\Z")


class AmiSettings(Struct, frozen=True, omit_defaults=True):
    """Where Asterisk's manager listens and who we are to it."""

    host: str = "127.0.0.1"
    port: int = 5038
    user: str = "guichet"
    secret_file: str = ""
    ca_file: str = ""  # TLS, and who signed the certificate that must be right for `host`


class AgiSettings(Struct, frozen=True, omit_defaults=True):
    """Where calls come in. `allow`: networks that may connect; `secret_file`: what they must know as well."""

    host: str = "127.0.0.1"
    port: int = 4573
    allow: tuple[str, ...] = ("127.0.0.0/8", "::1/128")
    connections: int = 500  # calls in the menu at once; more are turned to the native queue
    secret_file: str = ""


class MenuSettings(Struct, frozen=True, omit_defaults=True):
    """The built-in menu. `prompts`: sound files by question (`language`, `topic`, `again`)."""

    tries: int = 2
    wait_s: float = 5.0  # silence after the prompt before a try counts as unanswered
    prompts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class PhoneSettings(Struct, frozen=True, omit_defaults=True):
    """One gateway to one Asterisk. `endpoints`: agent -> PJSIP endpoint that rings for them, or several
    joined by dots."""

    name: str = "phone"  # the gateway's name in the log: `via`
    ami: AmiSettings = field(default_factory=AmiSettings)
    agi: AgiSettings = field(default_factory=AgiSettings)
    menu: MenuSettings = field(default_factory=MenuSettings)
    endpoints: Mapping[str, str] = field(default_factory=dict)
    ring_s: float = 12.0  # an agent's phone rings so long, or 3 s below the policy's offer expiry if less
    vault_ttl_s: int = 24 * 3600
    announce_s: float = 30.0  # so often a waiting caller hears their place and wait; 0: never
    compare_s: float = 60.0  # so often channels, calls and state are compared
    recordings: str = ""  # the folder in which they expire; empty: the site's own duty
    keep_days: float = 30.0

    def __post_init__(self) -> None:
        every: list[str] = []
        for agent, endpoints in self.endpoints.items():
            for endpoint in endpoints.split("."):
                if not ENDPOINT.match(endpoint):
                    raise ValueError(f"agent {agent}: endpoint {endpoint!r} must match {ENDPOINT.pattern}")
                every.append(endpoint)
        if len(set(every)) != len(every):
            raise ValueError("two agents have the same endpoint")
