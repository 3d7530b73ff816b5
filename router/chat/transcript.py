"""A chat as plain text, for the citizen to keep. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from router.chat.protocol import Message

WHO = {"citizen": "→", "agent": "←", "guichet": "·"}


def transcript(messages: Iterable[Message]) -> str:
    """One paragraph a message, with its time in UTC."""
    return "\n\n".join(_paragraph(message) for message in messages) + "\n"


def _paragraph(message: Message) -> str:
    at = dt.datetime.fromtimestamp(message.at / 1_000_000, dt.UTC)
    lines = [message.text, *(f"- {option.label}" for option in message.choices)]
    if message.choice:
        lines.append(f"[{message.choice}]")
    if message.attachment:
        lines.append("[+]")
    return f"{at:%Y-%m-%d %H:%M:%SZ} {WHO[message.by]} " + "\n    ".join(line for line in lines if line)
