"""How a citizen wants to be served: facts for routing and for whoever serves them. Never a reason to wait."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Relay = Literal["", "text", "sign", "lpc"]


class Preferences(Struct, frozen=True, omit_defaults=True):
    """Each is what the citizen said; empty: nothing said."""

    channel: str = ""  # the channel they would rather have
    language: str = ""  # tag, such as fr
    plain: bool = False  # plain-language prompts
    relay: Relay = ""  # through a relay service: by text, sign language, cued speech
    interpreter: str = ""  # language of an interpreter
    helper: bool = False  # somebody helps them and may speak for them
    same_agent: bool = True  # the agent who knows them, if free soon
    rest: str = ""  # their own quiet hours, as 21:00-09:30: nobody rings them or sends text messages then
