"""Marked citizens prove, write letters and chats, are sent messages; none of it is outside the vault's seal.

One of them is exported whole, out of every room, and erased: no door opens on them any more.
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest

from router.log.connection import connect
from tests.chat.conftest import Citizen
from tests.citizens.marks import MARK, Marked, in_files, in_redis, marks_in
from tests.citizens.test_marks import MANY, Web, each_of, figures, socket_in
from tests.mail.office import letter, until
from tests.notify.mailbox import Mailbox, mailbox
from tests.notify.provider import TOKEN
from tests.serve.process import Process, serving
from tests.serve.test_commands import guichet

pytestmark = [pytest.mark.redis, pytest.mark.server, pytest.mark.timeout(3000)]
CONFIG = """
notify:
  smtp: {{host: 127.0.0.1, port: {smtp}, security: none}}
  sender: guichet@agency.example
  sms: {{url: "http://127.0.0.1:{sms}/messages", token_file: {folder}/token, sender: GUICHET}}
  messages:
    mail:
      why: asked
      ways: [email]
      variables: {{words: Anything}}
      texts: {{fr: {{subject: Bonjour, text: "Bonjour {{words}}", sms: "Bonjour {{words}}"}}}}
    text:
      why: asked
      ways: [sms]
      variables: {{words: Anything}}
      texts: {{fr: {{sms: "Bonjour {{words}}"}}}}
    proof:
      why: asked
      ways: [email]
      variables: {{secret: Code}}
      texts: {{fr: {{subject: Code, text: "Code={{secret}}.", sms: "Code={{secret}}."}}}}
gateways:
  chat: {{silent_s: 3600, most: 20000}}
  mail:
    address: marks@guichet.test
    name: Guichet
    imap: {{host: 127.0.0.1, port: {imap}, security: none, user: {box}, password_file: {password}, poll_s: 5}}
    key_file: {folder}/var/mail.key
    papers: {folder}/var/mail
    vouches: mx.guichet.test
    sorting: housing
"""
VOUCHED = {"Authentication-Results": "mx.guichet.test; dmarc=pass header.from=example.org"}


class Doors(Web):
    """By chat, mail, notice and proof, beside HTTP."""

    def __init__(self, site: Process, session: aiohttp.ClientSession, sent: Mailbox) -> None:
        super().__init__(site.url, session)
        self.site, self.sent = site, sent
        self._read, self._codes = 0, dict[str, str]()
        self.chats: dict[int, tuple[str, str]] = {}  # contact and key

    async def is_met(self, zoe: Marked) -> None:
        claims = [
            {"kind": "email", "value": zoe.mail, "how": "account"},
            {"kind": "phone", "value": zoe.phone, "how": "code"},
        ]
        body = {"channel": "counter", "claims": claims, "name": zoe.name}
        status, met, _ = await self.ask("operator", "POST", "citizens/meet", body)
        assert status == 200, met
        self.citizens[zoe.number] = met["citizen"]

    async def proves(self, zoe: Marked) -> None:
        """The code that was mailed comes back; nonsense and a code of before do not."""
        proofs = f"citizens/{self.citizens[zoe.number]}/proofs"
        address = {"kind": "email", "value": zoe.mail}
        asked = address | {"how": "code", "message": "proof"}
        status, told, page = await self.ask("operator", "POST", proofs, asked)
        assert (status, marks_in("the answer", page)) == (202, []), told
        code = await until(lambda: self.code(zoe.mail), 120)
        for secret, wanted in ((zoe.name, 409), (code, 200), (code, 409)):
            body = address | {"secret": secret}
            status, told, page = await self.ask("operator", "POST", f"{proofs}/given", body)
            assert status == wanted, told
            self.pages.append(page)

    def code(self, address: str) -> str:
        """What they read in their mail."""
        for mail in self.sent.taken[self._read :]:
            self._read += 1
            if found := re.search(rb"Code=(\d{6})\.", mail.content):
                self._codes[mail.rcpt_tos[0]] = found[1].decode()
        return self._codes.pop(address, "")

    async def is_told(self, zoe: Marked) -> None:
        message = "text" if zoe.number % 2 else "mail"
        body = {"message": message, "citizen": self.citizens[zoe.number], "values": {"words": zoe.text}}
        status, told, _ = await self.ask("operator", "POST", "notices", body)
        assert status == 202, told
        if zoe.number % 10 == 0:
            for wrong in ({"message": zoe.mail}, {"values": {zoe.mail: "x"}}, {"citizen": zoe.name}):
                status, _, page = await self.ask("operator", "POST", "notices", body | wrong)
                assert status >= 400
                self.pages.append(page)

    async def chats_with_us(self, zoe: Marked, *, stays: bool = False) -> None:
        """By the reference client: cut off or put off, it comes again."""
        citizen = Citizen(self.site, language="fr", topic="housing")
        chat = await citizen.stands("waiting")
        self.chats[zoe.number] = chat, citizen.client.key
        file = await self.file(zoe, citizen.client.key) if stays else ""
        await citizen.client.say(zoe.text, **({"attachment": file} if file else {}))
        async with asyncio.timeout(120):
            await citizen.client.all_kept()
        if zoe.number % 10 == 0:
            await self.talks_nonsense(zoe)
        if not stays:
            await until(lambda: self._left(citizen), 120)
        citizen.running.cancel()

    async def talks_nonsense(self, zoe: Marked) -> None:
        for wrong in (
            zoe.mail,
            json.dumps({"type": zoe.mail}),
            json.dumps({"type": "hello", "key": zoe.name}),
        ):
            at = self.url.replace("api/v1/", "chat/v1/socket")
            async with self.session.ws_connect(at) as socket:
                await socket.send_str(wrong)
                self.pages.append((await socket.receive()).data.encode())

    async def file(self, zoe: Marked, key: str) -> str:
        headers = {"Authorization": f"Bearer {key}", "X-File-Name": f"{MARK}.txt"}
        at = self.url.replace("api/v1/", "chat/v1/attachments")
        async with self.session.post(at, data=zoe.text.encode(), headers=headers) as reply:
            return (await reply.json())["attachment"]

    async def _left(self, citizen: Citizen) -> bool:
        await citizen.client.send(type="leave")
        return citizen.client.standing.get("state") == "closed"

    async def transcript(self, zoe: Marked) -> tuple[int, bytes]:
        headers = {"Authorization": f"Bearer {self.chats[zoe.number][1]}"}
        async with self.session.get(
            self.url.replace("api/v1/", "chat/v1/transcript"), headers=headers
        ) as page:
            return page.status, await page.read()


def written_by(zoe: Marked) -> bytes:
    """A letter of theirs."""
    return letter(
        f"{zoe.name} <{zoe.mail}>", zoe.text, f"Bonjour,\n{zoe.text}\n{zoe.name}", zoe.number, **VOUCHED
    )


async def taken(site: Process) -> float:
    """Letters that were taken."""
    lines = (await site.get("/metrics"))[1].decode().splitlines()
    return sum(
        float(line.rsplit(" ", 1)[1]) for line in lines if 'mail_total{pool="main",what="taken"}' in line
    )


@pytest.mark.parametrize("count", MANY)
async def test_by_chat_mail_and_notice_nothing_leaks_and_one_is_gone(
    tmp_path: Path, servers, provider, count
):
    box = f"marks{count}"
    servers.box(box)
    (tmp_path / "token").write_text(TOKEN)
    zoe = Marked(count // 2)
    async with mailbox() as sent, aiohttp.ClientSession() as session, AsyncExitStack() as stack:
        text = CONFIG.format(
            smtp=sent.port, sms=provider, imap=servers.imap, box=box, folder=tmp_path,
            password=servers.at / "password",
        )  # fmt: skip
        site = await stack.enter_async_context(serving(tmp_path, text))
        doors = Doors(site, session, sent)
        await each_of(count, doors.is_met)
        await each_of(count, doors.proves)
        servers.put(box, [written_by(Marked(number)) for number in range(count)])
        await each_of(count, doors.is_told)
        await each_of(count, lambda each: doors.chats_with_us(each, stays=each == zoe))
        await until(lambda: _all_taken(site, count), 60 + count)
        await until(lambda: _all_told(provider, sent, count), 60 + count)
        assert any(MARK.encode() in each.content for each in sent.taken)

        # one person of two citizens: the chat was begun by nobody known
        one, chat = doors.citizens[zoe.number], doors.chats[zoe.number][0]
        redis = connect(f"unix://{socket_in(tmp_path)}")
        other = (await redis.hget(f"chat:{{{chat}}}", "citizen")).decode()
        body = {"other": other, "why": "duplicate"}
        status, link, _ = await doors.ask("supervisor", "POST", f"citizens/{one}/merge", body)
        assert status == 200, link
        _, whole, _ = await doors.ask("auditor", "GET", f"citizens/{one}/export")
        assert whole["citizen"]["citizens"] == [one, other]
        rooms = whole["elsewhere"]
        [talk] = rooms["chats"]
        assert (
            talk["chat"],
            [each["text"] for each in talk["messages"] if each.get("text") == zoe.text],
        ) == (
            chat,
            [zoe.text],
        )
        [file] = talk["files"]
        assert (file["name"], base64.b64decode(file["content"])) == (f"{MARK}.txt", zoe.text.encode())
        [came] = rooms["letters"]
        assert (came["subject"], came["address"], zoe.text in came["text"]) == (zoe.text, zoe.mail, True)
        assert [each["message"] for each in rooms["notices"]] == [
            "proof",
            "text" if zoe.number % 2 else "mail",
        ]
        assert {"notified", "asked", "questioned"} <= {each["what"] for each in whole["journey"]["entries"]}
        assert not [
            name for name in (*whole["kept"], *whole["contacts"]) if name.startswith(("chat:", "mail-"))
        ]

        before = (await site.get("/metrics"))[1]
        status, erased, _ = await doors.ask("auditor", "DELETE", f"citizens/{one}")
        assert (status, erased["citizens"]) == (200, [one, other])
        after = (await site.get("/metrics"))[1]
        # the chat was open still: that it ends now is counted, and nothing else
        past = [each for each in figures(before).items() if 'channel="chat"' not in each[0]]
        assert past
        assert set(past) <= set(figures(after).items())
        for citizen in (one, other):
            _, told, _ = await doors.ask("auditor", "GET", f"citizens/{citizen}/export")
            assert told["code"] == "unknown_citizen"
        assert (await doors.transcript(zoe))[0] == 401
        assert [raw for folder in ("", "Guichet") for raw in servers.letters(box, folder)
                if f"<{zoe.number}@citizens.test>".encode() in raw] == []  # fmt: skip
        assert (await doors.transcript(Marked(0)))[0] == 200  # others are read as before
        leaks = [
            each for page in (*doors.pages, before, after) for each in marks_in(page[:300].decode(), page)
        ]
        assert [key async for key in redis.scan_iter(f"chat:*{chat}*")] == []
        leaks += await in_redis(redis)
        await redis.aclose()
    assert leaks + in_files(tmp_path) == []
    code, told, _ = await guichet("replay", "var/archive", folder=tmp_path)
    assert code == 0, told


async def _all_taken(site: Process, count: int) -> bool:
    return await taken(site) >= count


async def _all_told(provider: int, sent, count: int) -> bool:
    """By text message and by mail; acknowledgements of letters come by mail too."""
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{provider}/kept") as page:
        texts = [each for each in (await page.json())["kept"] if MARK in each["text"]]
    mails = [each for each in sent.taken if b"Bonjour I live" in each.content]
    return len(texts) + len(mails) >= count
