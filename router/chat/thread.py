"""The messages of one chat, sealed under a key of their own that is kept under the citizen's.

Who erases the citizen makes them unreadable. It must never give a message a second number.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from router.chat.protocol import Message

if TYPE_CHECKING:
    from router.log.chat_store import ChatStore

KEY, NONCE = 32, 12  # bytes
_decode = msgspec.json.Decoder(Message)


class Thread:
    """`say` and `after`, in clear."""

    def __init__(self, chat: str, key: bytes, store: ChatStore) -> None:
        self._chat, self._store = chat, store
        self._key = AESGCM(key)

    @staticmethod
    def new_key() -> bytes:
        return AESGCM.generate_key(8 * KEY)

    async def say(self, message: Message) -> Message | None:
        """As it is kept, durable; None if one of its id was kept before. Its `n` is the store's.

        Raises Closed, Full or ConnectionError.
        """
        said = await self._store.say(self._chat, message.id, self._sealed(msgspec.json.encode(message)))
        return msgspec.structs.replace(message, n=said.n) if said.fresh else None

    async def after(self, n: int, count: int = 10_000) -> list[Message]:
        """What came after the message of that number, at most `count`. Raises ConnectionError."""
        sealed = await self._store.messages(self._chat, n, count)
        return [self._open(n + place, each) for place, each in enumerate(sealed, 1)]

    async def number(self, id: str) -> int | None:
        """The number of the message that has this id."""
        return await self._store.number(self._chat, id)

    async def keep(self, id: str, file: bytes) -> None:
        """Keep a file. Raises Closed, Full or ConnectionError."""
        await self._store.attach(self._chat, id, self._sealed(file))

    async def kept(self, id: str) -> bytes | None:
        """A file kept; None: there is none, or it cannot be opened. Raises ConnectionError."""
        sealed = await self._store.attachment(self._chat, id)
        return None if sealed is None else self._opened(sealed)

    async def files(self) -> dict[str, bytes]:
        """All files kept that can be opened. Raises ConnectionError."""
        found = {id: await self.kept(id) for id in await self._store.attachments(self._chat)}
        return {id: file for id, file in found.items() if file is not None}

    def _sealed(self, plain: bytes) -> bytes:
        nonce = os.urandom(NONCE)
        return nonce + self._key.encrypt(nonce, plain, self._bound)

    def _opened(self, sealed: bytes) -> bytes | None:
        try:
            return self._key.decrypt(sealed[:NONCE], sealed[NONCE:], self._bound)
        except InvalidTag:
            return None

    def _open(self, n: int, sealed: bytes) -> Message:
        """One that cannot be opened keeps its number: what follows is not lost with it."""
        plain = self._opened(sealed)
        if plain is None:
            return Message(n, f"unreadable:{n}", "guichet", 0, "…")
        return msgspec.structs.replace(_decode.decode(plain), n=n)

    @property
    def _bound(self) -> bytes:
        """What ties a message to its chat: moved into another one it does not open."""
        return b"chat\0" + self._chat.encode()
