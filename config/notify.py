"""How citizens are written to and rung: the ways out, and when not to use them.

No secret is a value: passwords and tokens are the names of files.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from config.types import Host, Path, Text, about


class Smtp(Struct, frozen=True, forbid_unknown_fields=True):
    """The mail server that takes what is sent."""

    host: Annotated[Host, about("Name or address of the mail server.")]
    port: Annotated[Annotated[int, Meta(ge=1, le=65535)], about("Its port.")] = 587
    security: Annotated[
        Literal["starttls", "tls", "none"],
        about("`starttls`: encrypted or nothing is sent; `tls`: from the first byte; `none`: loopback only."),
    ] = "starttls"
    user: Annotated[Text | None, about("Name to log in with.")] = None
    password_file: Annotated[Path | None, about("File with its password, one line.")] = None
    ca_file: Annotated[
        Path | None, about("Certificate of the authority that signed the server's; none: the system's.")
    ] = None
    name: Annotated[Host, about("What Guichet calls itself when it greets.")] = "localhost"
    timeout_s: Annotated[
        Annotated[float, Meta(ge=1, le=600)], about("A delivery takes this long at most.")
    ] = 30


class Notify(Struct, frozen=True, forbid_unknown_fields=True):
    """Messages to citizens of the agency's own accord: e-mail, text message, voice call."""

    smtp: Annotated[Smtp | None, about("Mail server; none: no e-mail is sent.")] = None
