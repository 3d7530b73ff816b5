"""A citizen's own copy of their chat: to read over HTTP, or by mail where they wish it.

Nobody's address is kept for it. Since anybody may type anybody's address, a chat is mailed only once an agent
has written in it, and a few times at most.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Annotated

import msgspec
from aiohttp import web
from msgspec import Meta, Struct

from citizens.identifier import Unusable
from citizens.spelling import spell
from router.api.bodies import bounded
from router.api.problems import Problem
from router.api.route import RawRoute
from router.chat.files import TEXT, File, away, download, thread_of
from router.chat.transcript import transcript
from router.chat.words import word
from router.notify.ways import Message as Letter

if TYPE_CHECKING:
    from router.chat.gateway import ChatGateway
    from router.chat.protocol import Message
    from router.chat.thread import Thread
    from router.notify.ways import Sender

log = logging.getLogger(__name__)

ADDRESS = "/chat/v1/transcript"
LONGEST = 2_000  # bytes of a request
MAILED_MOST = 3  # times one chat may be mailed


class Wished(Struct, frozen=True, forbid_unknown_fields=True):
    """Where it is to be sent."""

    email: Annotated[str, Meta(min_length=3, max_length=254)]


class Keepsake:
    """The routes. `mail` None: no mail server is configured."""

    def __init__(self, chat: ChatGateway, mail: Sender | None) -> None:
        self._chat, self._mail = chat, mail

    def routes(self) -> list[RawRoute]:
        return [
            RawRoute("chat", "GET", ADDRESS, self._read, own_check=True),
            RawRoute("chat", "POST", ADDRESS, self._send, own_check=True),
        ]

    async def _read(self, request: web.Request) -> web.StreamResponse:
        _, thread = await thread_of(self._chat.rooms, request)
        return download(File("conversation.txt", TEXT, transcript(await _all(thread)).encode()))

    async def _send(self, request: web.Request) -> web.StreamResponse:
        """204 once the mail server has it; 503: ask again."""
        chat, thread = await thread_of(self._chat.rooms, request)
        if self._mail is None:
            raise Problem("not_configured", "this site sends no mail: GET gives the same text")
        to = _address(await bounded(request, LONGEST))
        messages = await _all(thread)
        if not any(message.by == "agent" for message in messages):
            raise Problem("not_now", "a chat is mailed once somebody has answered in it")
        try:
            time = await self._chat.rooms.mailed(chat)
            language = await self._chat.rooms.language(chat)
        except OSError:
            raise away() from None
        if time > MAILED_MOST:
            raise Problem("not_now", f"it was mailed {MAILED_MOST} times: GET gives the same text")
        text = f"{word('transcript_text', language)}\n\n{transcript(messages)}"
        subject = word("transcript", language)
        delivery = await self._mail.send(Letter(f"{chat}.{time}.transcript", to, language, subject, text))
        self._chat.count("mailed" if delivery.result == "taken" else "not_mailed")
        if delivery.result != "taken":
            log.warning("a transcript was not sent", extra={"contact": chat, "code": delivery.code})
        if delivery.result == "later":
            raise Problem(
                "gateway_failed", "the mail server does not take it now", headers={"Retry-After": "30"}
            )
        if delivery.result == "never":
            raise Problem("bad_field", "the mail server does not take this address", field="email")
        return web.Response(status=204)


async def _all(thread: Thread) -> list[Message]:
    try:
        return await thread.after(0)
    except OSError:
        raise away() from None


def _address(body: bytes) -> str:
    try:
        wished = msgspec.json.decode(body, type=Wished).email
        spell("email", wished)
    except (msgspec.DecodeError, UnicodeError, Unusable):
        raise Problem("bad_field", 'send {"email": "an address"}', field="email") from None
    return wished
