"""What chats keep of a citizen: theirs to have, and gone when they are erased.

The key of each chat lies with its citizen as `chat:CHAT`, its questions and answers as `walk:CHAT`.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import msgspec

from router.chat.files import File
from router.chat.rooms import Unreadable
from router.door import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from citizens.elsewhere import Theirs
    from router.chat.gateway import ChatGateway
    from router.chat.thread import Thread

KEY, WALK = "chat:", "walk:"


class Belongings:
    """`citizens.elsewhere.Elsewhere`."""

    def __init__(self, chat: ChatGateway) -> None:
        self._chat = chat

    def owns(self, name: str) -> bool:
        return name.startswith((KEY, WALK))

    async def export(self, theirs: Theirs) -> dict[str, Any]:
        chats = []
        for chat in _chats(theirs):
            try:
                thread = await self._chat.rooms.thread(chat)
            except Unreadable:
                continue
            walk = theirs.kept.get(WALK + chat)
            answers = None if walk is None else msgspec.to_builtins(msgspec.msgpack.decode(walk))
            if thread is not None:
                chats.append({"chat": chat, "flow": answers, **await _written(thread)})
        return {"chats": chats}

    async def erased(self, theirs: Theirs) -> None:
        for chat in _chats(theirs):
            try:
                await self._chat.erase(chat)
            except Unavailable:
                raise ConnectionError("a chat of theirs cannot be ended: the log does not answer") from None


def _chats(theirs: Theirs) -> Iterator[str]:
    return (name.removeprefix(KEY) for name in theirs.kept if name.startswith(KEY))


async def _written(thread: Thread) -> dict[str, Any]:
    """Messages and files, in clear."""
    files = []
    for id, raw in (await thread.files()).items():
        file = msgspec.msgpack.decode(raw, type=File)
        content = base64.b64encode(file.content).decode()
        files.append({"attachment": id, "name": file.name, "kind": file.kind, "content": content})
    return {"messages": msgspec.to_builtins(await thread.after(0)), "files": files}
