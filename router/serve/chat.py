"""The chat gateway as the configuration wants it, if at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from router.chat.agent import AgentSocket
from router.chat.citizen import CitizenSocket
from router.chat.closing import Patience
from router.chat.files import Files
from router.chat.gateway import ChatGateway
from router.chat.guide import Guide
from router.chat.keepsake import Keepsake
from router.chat.settings import ChatSettings, Service
from router.core.policy import SECOND
from router.outward import Server
from router.serve.notify import ways_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.chat import Chat
    from config.chat import Service as ServiceKeys
    from config.tree import Tree
    from router.api.route import RawRoute
    from router.chat.rooms import Citizens
    from router.door import Door
    from router.flows.runner import Runner
    from router.log.chat_store import ChatStore

DAY = 86_400  # seconds
SECRET_LEAST = 32  # characters


def chat_gateway(
    tree: Tree,
    door: Door,
    store: ChatStore,
    citizens: Citizens,
    runner: Runner,
    count: Callable[[str], None],
) -> ChatGateway | None:
    """None: no chat is configured."""
    chat = tree.gateways.chat
    if chat is None:
        return None
    entries = {name: entry for name, entry in tree.flows.entries.items() if entry.channel == "chat"}
    guide = Guide(runner, citizens, entries)
    return ChatGateway(door, store, citizens, guide, chat_settings(chat), count)


def chat_routes(tree: Tree, chat: ChatGateway | None) -> list[RawRoute]:
    """Where citizens and agents connect."""
    if chat is None:
        return []
    mail = ways_of(tree.notify, None).get("email")
    parts = (CitizenSocket(chat), AgentSocket(chat), Files(chat), Keepsake(chat, mail), chat.services)
    return [route for part in parts for route in part.routes()]


def chat_settings(chat: Chat) -> ChatSettings:
    """From the configuration's words, seconds, to the gateway's."""
    patience = Patience(*(round(each * SECOND) for each in (chat.silent_s, chat.warned_s, chat.away_s)))
    origins, kept_s = frozenset(chat.origins), chat.retention_days * DAY
    services = {name: _service(service) for name, service in chat.services.items()}
    return ChatSettings(origins, chat.most, kept_s, chat.announce_s, patience, services)


def _service(service: ServiceKeys) -> Service:
    """Raises OSError where its secret cannot be read, ValueError for one that is too short to be one."""
    secret = Path(service.secret_file).read_bytes().strip()
    if len(secret) < SECRET_LEAST:
        raise ValueError(f"{service.secret_file}: a secret has {SECRET_LEAST} characters or more")
    token, authority = str(service.token_file or ""), str(service.ca_file or "")
    return Service(secret, Server(service.url, token, authority, service.timeout_s, service.private))
