"""Every room that keeps something of citizens beside the register: exported and erased with them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from router.chat.belongings import Belongings
from router.phone.recordings import Recordings

if TYPE_CHECKING:
    from citizens.elsewhere import Elsewhere
    from config.tree import Tree
    from router.chat.gateway import ChatGateway
    from router.mail.gateway import MailGateway
    from router.serve.notify import NotifyPort


def elsewhere(
    tree: Tree, chat: ChatGateway | None, mail: MailGateway | None, notify: NotifyPort
) -> list[Elsewhere]:
    """As the configuration has them."""
    folders = [phone.recording.folder for phone in tree.gateways.asterisks().values()]
    rooms: list[Elsewhere] = [notify.belongings, Recordings([Path(each) for each in folders if each])]
    if chat is not None:
        rooms.append(Belongings(chat))
    if mail is not None:
        rooms.append(mail.belongings)
    return rooms
