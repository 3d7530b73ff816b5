"""What the chat gateway must be told. Plain data; `router.serve` fills it from the configuration."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from router.chat.closing import Patience
from router.outward import Server


class Service(Struct, frozen=True):
    """A messaging service: what both sides sign with, and where it takes messages."""

    secret: bytes
    server: Server


class ChatSettings(Struct, frozen=True):
    """`origins`: web sites whose pages may open a chat, besides our own. `most`: open chats."""

    origins: frozenset[str] = frozenset()
    most: int = 5_000
    kept_s: int = 30 * 86_400  # after its end
    announce_s: float = 20.0  # so often those who wait are told their place
    patience: Patience = Patience()
    services: Mapping[str, Service] = field(default_factory=dict)
