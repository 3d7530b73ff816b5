"""A link to the mailbox: IMAPClient in a thread of its own, every call bounded in time.

Bodies are only peeked at: until we move a letter it stays in its folder as it was, unseen. What IMAP says is
personal and never logged.
"""

from __future__ import annotations

import asyncio
import ssl
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError
from msgspec import Struct

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from router.mail.settings import ImapSettings

T = TypeVar("T")

ASIDE = b"$GuichetAside"  # on a letter that could not be taken: a person must look, and nobody tries again
WANTED = ["UNDELETED", "UNKEYWORD", ASIDE]


class Lost(Exception):
    """The link is gone, or never was. `code` is closed: unreachable, login, folder, protocol, settings."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Found(Struct, frozen=True):
    """A letter in the folder."""

    uid: int
    size: int
    came: int  # microseconds since 1970, by the server's clock


class Link:
    """`open` first. One call at a time; `close` may interrupt one from outside."""

    def __init__(self, settings: ImapSettings) -> None:
        self._settings = settings
        self._client: Any = None
        self._idles = False
        self._thread = ThreadPoolExecutor(1, "imap")

    async def open(self) -> None:
        """Log in, make the folders, select. Raises Lost."""
        await self._call(self._open)

    async def waiting(self) -> list[int]:
        """Which letters are there to be taken, the oldest first."""
        return await self._call(lambda: sorted(self._client.search(WANTED)))

    async def look(self, uids: Sequence[int]) -> list[Found]:
        """Sizes and dates; those that vanished meanwhile are left out."""
        rows = await self._call(lambda: self._client.fetch(uids, ["RFC822.SIZE", "INTERNALDATE"]))
        return [
            Found(uid, row[b"RFC822.SIZE"], _micros(row.get(b"INTERNALDATE")))
            for uid, row in sorted(rows.items())
            if b"RFC822.SIZE" in row
        ]

    async def bodies(self, uids: Sequence[int], most: int) -> dict[int, bytes]:
        """The letters, each to at most so many bytes."""
        rows = await self._call(lambda: self._client.fetch(uids, [f"BODY.PEEK[]<0.{most}>"]))
        return {uid: row[b"BODY[]<0>"] for uid, row in rows.items() if row.get(b"BODY[]<0>") is not None}

    async def file(self, uids: Sequence[int], folder: str) -> None:
        """Move them; with a server that cannot, copy and delete."""
        await self._call(lambda: self._file(uids, folder))

    async def delete(self, message_ids: Sequence[str]) -> None:
        """The letters of these ids, from every folder that we use. Raises Lost."""
        await self._call(lambda: self._delete(message_ids))

    async def put_aside(self, uid: int) -> None:
        """Nobody tries this one again."""
        await self._call(lambda: self._client.add_flags([uid], [ASIDE]))

    async def wait(self, most_s: float) -> None:
        """Until the server says that something changed, or so long."""
        if self._idles:
            await self._call(lambda: self._idle(most_s))
        else:
            await asyncio.sleep(most_s)
            await self._call(lambda: self._client.noop())

    def close(self) -> None:
        """Let go, also in the middle of a call."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(Exception):
                client.shutdown()

    def stop(self) -> None:
        """For good."""
        self.close()
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _call(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except IMAPClientError as fault:
            self.close()
            raise Lost("login" if type(fault).__name__ == "LoginError" else "protocol") from None
        except (OSError, AttributeError, ValueError, EOFError):  # AttributeError: closed meanwhile
            self.close()
            raise Lost("unreachable") from None
        except Lost:
            self.close()
            raise

    def _open(self) -> None:
        here = self._settings
        self.close()
        try:
            password = Path(here.password_file).read_text().strip()
            context = ssl.create_default_context(cafile=here.ca_file or None)
        except OSError:
            raise Lost("settings") from None
        tls = here.security == "tls"
        client = IMAPClient(
            here.host, here.port, ssl=tls, ssl_context=context if tls else None, timeout=here.timeout_s
        )
        self._client = client
        if here.security == "starttls":
            client.starttls(context)
        client.login(here.user, password)
        for folder in (here.taken, here.automatic):
            if not client.folder_exists(folder):
                client.create_folder(folder)
                client.subscribe_folder(folder)
        client.select_folder(here.folder)
        self._idles = bool(client.has_capability("IDLE"))

    def _file(self, uids: Sequence[int], folder: str) -> None:
        client = self._client
        if client.has_capability("MOVE"):
            client.move(uids, folder)
            return
        client.copy(uids, folder)
        client.delete_messages(uids)
        if client.has_capability("UIDPLUS"):
            client.uid_expunge(uids)

    def _delete(self, message_ids: Sequence[str]) -> None:
        client, here = self._client, self._settings
        for folder in dict.fromkeys((here.folder, here.taken, here.automatic)):
            client.select_folder(folder)
            found = {uid for id in message_ids for uid in client.search(["HEADER", "Message-ID", id])}
            if found:
                client.delete_messages(found)
                if client.has_capability("UIDPLUS"):
                    client.uid_expunge(found)

    def _idle(self, most_s: float) -> None:
        client = self._client
        client.idle()
        try:
            client.idle_check(timeout=most_s)
        finally:
            client.idle_done()


def _micros(came: dt.datetime | None) -> int:
    """IMAPClient gives the local time of this machine, without its zone."""
    return round(came.timestamp() * 1_000_000) if came is not None else 0
