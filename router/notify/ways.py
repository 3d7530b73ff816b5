"""What a way out is: it takes one message for one citizen and tells what became of it. It decides nothing."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from citizens.notice import Way
from router.notify.delivery import Delivery


class Message(Struct, frozen=True):
    """Ready to go. `key` is the same each time it is tried: who has seen it once drops it."""

    key: str
    to: str
    language: str
    subject: str = ""
    text: str = ""
    prompts: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Message({self.key})"


class Sender(Protocol):
    """One way out. `send` never raises but for cancellation."""

    async def send(self, message: Message) -> Delivery: ...

    async def arrived(self, reference: str) -> Delivery | None:
        """Whether what was taken has arrived: `taken` yes, `never` no, None: not known (yet)."""
        ...


Ways = dict[Way, Sender]
