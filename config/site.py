"""What this installation stands on: HTTP and its tokens, the log, the vault. Read at start only.

No secret is a value here: tokens are hashes, everything else is the name of a file.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated, Literal

from msgspec import Meta, Struct

from config.types import Days, DemoToken, Host, Id, Path, Port, RedisAddress, Role, Sha256, Text, about


class Credential(Struct, frozen=True):
    """A token as the API holds it. `demo`: known to all the world, good for loopback only."""

    sha256: str
    role: Role
    agent: str | None
    demo: bool


class Token(Struct, frozen=True, forbid_unknown_fields=True):
    """A bearer token and what it may do. Either `sha256` or, on a demonstration only, `demo`."""

    role: Annotated[Role, about("What the bearer may do.")]
    sha256: Annotated[
        Sha256 | None,
        about("Hash of the token, as `printf %s TOKEN | sha256sum` prints it.", quiet=True),
    ] = None
    demo: Annotated[
        DemoToken | None,
        about("The token itself. Known to all the world: Guichet then serves loopback only.", quiet=True),
    ] = None
    agent: Annotated[Id | None, about("For role agent: whose token it is.")] = None

    def credential(self) -> Credential:
        """What the API compares a bearer with."""
        hashed = self.sha256 or sha256((self.demo or "").encode()).hexdigest()
        return Credential(sha256=hashed, role=self.role, agent=self.agent, demo=self.demo is not None)


class Http(Struct, frozen=True, forbid_unknown_fields=True):
    """The HTTP API, the page and the metrics."""

    host: Annotated[Host, about("Address to listen on.")] = "127.0.0.1"
    port: Annotated[Port, about("Port to listen on; 0 takes a free one.")] = 8080
    tokens: Annotated[tuple[Token, ...], about("Who may come in. None: nobody.")] = ()


class Log(Struct, frozen=True, forbid_unknown_fields=True):
    """The durable log in Redis, and its archive. Paths are relative to where Guichet is started."""

    redis: Annotated[
        RedisAddress,
        about(
            "`owned`: Guichet starts its own. Else an address without password, as redis://host:6379/0.",
            quiet=True,
        ),
    ] = "owned"
    password_file: Annotated[
        Path | None, about("File that holds the password of that address, one line.")
    ] = None
    directory: Annotated[Path, about("Folder of the owned Redis, its socket and its data.")] = "var"
    fsync: Annotated[
        Literal["always", "everysec"],
        about("Owned Redis: on disk before anything is promised, or at most a second later."),
    ] = "always"
    archive: Annotated[Path, about("Folder of the archive that replay and why read.")] = "var/archive"
    retention_days: Annotated[
        Annotated[int, Meta(ge=1, le=36500)], about("Archive files older than this are deleted.")
    ] = 30


class Citizens(Struct, frozen=True, forbid_unknown_fields=True):
    """How long what is known of citizens is kept: days of the calendar, over when the last has passed."""

    guest_days: Annotated[Days, about("Whoever never proved who they are, after their last contact.")] = 30
    citizen_days: Annotated[Days, about("Everybody else, after their last contact.")] = 1095
    journey_days: Annotated[Days, about("What happened.")] = 365
    words_days: Annotated[Days, about("Promises, questions and answers in words.")] = 180
    access_days: Annotated[Days, about("Who looked at whom, and why.")] = 365
    time_zone: Annotated[Text, about("Of the calendar, where no opening hours say it.")] = "Europe/Paris"


class Vault(Struct, frozen=True, forbid_unknown_fields=True):
    """Where caller numbers and keyed digits live, encrypted per contact."""

    key_file: Annotated[Path, about("File of the master key; made at first start.")] = "var/vault.key"
    expiry_s: Annotated[
        Annotated[float, Meta(ge=60, le=31_536_000)],
        about("What is known of a caller is destroyed after this."),
    ] = 86400
