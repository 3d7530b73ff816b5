"""Chats over HTTP: who may open one, how long one is kept, and when it closes."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct, field

from config.notify import Web
from config.types import Id, Origin, Path, Seconds, about


class Service(Web, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A messaging service or social network, by its connector: see docs/reference/chat.md."""

    secret_file: Annotated[Path, about("File with the secret both sides sign with, one line of 32 or more.")]


class Chat(Struct, frozen=True, forbid_unknown_fields=True):
    """Chats on web pages and in applications. Its address is `/chat/v1/socket` of the HTTP server."""

    origins: Annotated[
        tuple[Origin, ...], about("Web sites whose pages may open a chat, as https://www.agency.example.")
    ] = ()
    services: Annotated[
        dict[Id, Service], about("Messaging services by name; each brings messages in and takes them out.")
    ] = field(default_factory=dict)
    most: Annotated[Annotated[int, Meta(ge=1, le=100_000)], about("Open chats at once.")] = 5_000
    retention_days: Annotated[
        Annotated[int, Meta(ge=1, le=3650)], about("A chat's messages are deleted so long after its end.")
    ] = 30
    silent_s: Annotated[
        Seconds, about("Whom an agent wrote to and who is silent so long is asked whether they are there.")
    ] = 600
    warned_s: Annotated[Seconds, about("So long after that question the chat is closed.")] = 120
    away_s: Annotated[Seconds, about("Who waits with no connection counts as gone after so long.")] = 180
    announce_s: Annotated[
        Annotated[float, Meta(ge=1, le=3600)], about("So often those who wait are told place and wait.")
    ] = 20
