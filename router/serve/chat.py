"""The chat gateway as the configuration wants it, if at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.chat.agent import AgentSocket
from router.chat.citizen import CitizenSocket
from router.chat.closing import Patience
from router.chat.gateway import ChatGateway
from router.chat.settings import ChatSettings
from router.core.policy import SECOND

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.chat import Chat
    from config.tree import Tree
    from router.api.route import RawRoute
    from router.chat.rooms import Citizens
    from router.door import Door
    from router.log.chat_store import ChatStore

DAY = 86_400  # seconds


def chat_gateway(
    tree: Tree, door: Door, store: ChatStore, citizens: Citizens, count: Callable[[str], None]
) -> ChatGateway | None:
    """None: no chat is configured."""
    chat = tree.gateways.chat
    if chat is None:
        return None
    return ChatGateway(door, store, citizens, chat_settings(chat), count)


def chat_routes(chat: ChatGateway | None) -> list[RawRoute]:
    """Where citizens and agents connect."""
    return [] if chat is None else [*CitizenSocket(chat).routes(), *AgentSocket(chat).routes()]


def chat_settings(chat: Chat) -> ChatSettings:
    """From the configuration's words, seconds, to the gateway's."""
    patience = Patience(*(round(each * SECOND) for each in (chat.silent_s, chat.warned_s, chat.away_s)))
    return ChatSettings(
        frozenset(chat.origins), chat.most, chat.retention_days * DAY, chat.announce_s, patience
    )
