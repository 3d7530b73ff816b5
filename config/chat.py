"""Chats over HTTP: who may open one, how long one is kept, and when it closes."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from config.types import Origin, Seconds, about


class Chat(Struct, frozen=True, forbid_unknown_fields=True):
    """Chats on web pages and in applications. Its address is `/chat/v1/socket` of the HTTP server."""

    origins: Annotated[
        tuple[Origin, ...], about("Web sites whose pages may open a chat, as https://www.agency.example.")
    ] = ()
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
