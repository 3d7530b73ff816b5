"""Marked citizens come in by telephone and over HTTP; nothing of theirs is outside the vault's ciphertext.

Then one is erased: unreadable everywhere, the archive still replays, the figures are what they were.
"""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import aiohttp
import pytest

from router.log.connection import connect
from router.log.pool_log import PoolLog
from router.phone.entry import Entry
from router.phone.ruling import Ruling
from router.phone.settings import PhoneSettings
from tests.citizens.marks import MARK, Marked, everybody, in_files, in_redis, marks_in
from tests.citizens.site import ASKED, Site
from tests.citizens.test_journey_writer import told, writing
from tests.log.conftest import _owning
from tests.serve.process import serving
from tests.serve.test_commands import guichet
from tests.unit.phone.door import agency
from tests.unit.phone.line import Phone, on

pytestmark = [pytest.mark.redis, pytest.mark.server, pytest.mark.timeout(1200)]
MANY = [60, *(pytest.param(many, marks=pytest.mark.soak) for many in (1_000, 10_000))]
AT_ONCE = 16


def test_the_search_finds_what_it_is_to_find(tmp_path):
    zoe = Marked(7)
    texts = (zoe.name, zoe.mail.upper(), zoe.phone, "0" + zoe.phone[3:], zoe.text, zoe.beneficiary)
    for number, text in enumerate(texts):
        (tmp_path / f"file-{number}").write_text(f"x{text}y")
    assert len(in_files(tmp_path)) == len(texts)
    assert not marks_in("here", b"at 1796010869479753, 0x336990")


async def each_of(count, work):
    """`work` on everybody, some at once."""
    waiting = iter(everybody(count))

    async def one_after_another():
        for marked in waiting:
            await work(marked)

    await asyncio.gather(*(one_after_another() for _ in range(AT_ONCE)))


class Web:
    """A running Guichet, asked as a gateway, an agent and an auditor would."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url, self.session = f"{url}api/v1/", session
        self.citizens: dict[int, str] = {}
        self.pages: list[bytes] = []  # what was answered to nonsense

    async def ask(self, role: str, method: str, path: str, body: object = None):
        headers = {"Authorization": f"Bearer demo-{role}"}
        async with self.session.request(method, self.url + path, json=body, headers=headers) as answer:
            return answer.status, await answer.json(), await answer.read()

    async def comes(self, zoe: Marked) -> None:
        """Met with everything personal there is, and a contact of theirs."""
        hows = (
            ("email", zoe.mail, "account"),
            ("phone", zoe.phone, "caller_id"),
            ("handle", zoe.handle, "stated"),
        )
        claims = [{"kind": kind, "value": value, "how": how} for kind, value, how in hows]
        contact = f"c-{zoe.number}"
        record = {"number": zoe.phone, "words": zoe.text}
        body = {"channel": "chat", "claims": claims, "name": zoe.name, "contact": contact, "record": record}
        status, met, _ = await self.ask("operator", "POST", "citizens/meet", body)
        assert (status, met["sure"]) == (200, True)
        self.citizens[zoe.number] = met["citizen"]
        body = {"contact": contact, "channel": "chat", "topic": "housing", "language": "fr"}
        body["citizen"] = met["citizen"]
        assert (await self.ask("operator", "POST", "contacts", body))[0] == 201
        if zoe.number % 10 == 0:
            await self.nonsense(zoe)

    async def nonsense(self, zoe: Marked) -> None:
        """Marks where none should be: refused, and not repeated."""
        for role, method, path, body in (
            ("auditor", "POST", "citizens/find", {"kind": "email", "value": zoe.name, "purpose": "request"}),
            ("auditor", "POST", "citizens/find", {"kind": zoe.mail, "value": "x", "purpose": zoe.name}),
            ("operator", "POST", "citizens/meet", {"channel": zoe.mail, "claims": []}),
            ("operator", "POST", "contacts", {"channel": "chat", "topic": zoe.mail, "language": "fr"}),
            ("auditor", "GET", f"citizens/{zoe.mail}", None),
            ("auditor", "GET", f"citizens/z-1?purpose={zoe.mail}", None),
            ("auditor", "GET", f"accesses?after={zoe.mail}", None),
        ):
            status, _, page = await self.ask(role, method, path, body)
            assert status >= 400
            self.pages.append(page)


def figures(metrics: bytes) -> dict[str, str]:
    """Contacts, as counted: what must not change when somebody is erased."""
    lines = (
        line.rsplit(" ", 1) for line in metrics.decode().splitlines() if line.startswith("guichet_contact")
    )
    return {name: value for name, value in lines if "seconds" not in name and "created" not in name}


def socket_in(folder: Path) -> Path:
    """Of the Redis that the process started for itself."""
    (found,) = folder.rglob("redis.sock")
    return found


@pytest.mark.parametrize("count", MANY)
async def test_over_http_nothing_leaks_and_one_who_is_erased_is_gone(tmp_path: Path, count: int):
    async with serving(tmp_path) as site, aiohttp.ClientSession() as session:
        web = Web(site.url, session)
        await each_of(count, web.comes)
        zoe, erased = Marked(count // 2), web.citizens[count // 2]
        _, export, _ = await web.ask("auditor", "GET", f"citizens/{erased}/export")
        assert (export["citizen"]["name"], export["contacts"][f"c-{zoe.number}"]["words"]) == (
            zoe.name,
            zoe.text,
        )
        before = (await site.get("/metrics"))[1]
        assert (await web.ask("auditor", "DELETE", f"citizens/{erased}"))[0] == 200
        after = (await site.get("/metrics"))[1]
        assert figures(before) == figures(after) != {}
        for path in (
            f"citizens/{erased}?purpose=request",
            f"citizens/{erased}/export",
            f"citizens/{erased}/journey?purpose=request",
        ):
            assert (await web.ask("auditor", "GET", path))[1]["code"] == "unknown_citizen"
        sought = {"kind": "email", "value": zoe.mail, "purpose": "request"}
        assert (await web.ask("auditor", "POST", "citizens/find", sought))[1] == {"found": []}
        assert (await web.ask("supervisor", "GET", f"contacts/c-{zoe.number}"))[0] == 200  # the log goes on
        leaks = [each for page in (*web.pages, after) for each in marks_in(page[:300].decode(), page)]
        redis = connect(f"unix://{socket_in(tmp_path)}")
        assert [key async for key in redis.scan_iter(f"citizens:*{erased}*") if b":seen:" not in key] == []
        leaks += await in_redis(redis)
        await redis.aclose()
    assert leaks + in_files(tmp_path) == []
    code, told_, _ = await guichet("replay", "var/archive", folder=tmp_path)
    assert code == 0, told_


@pytest.mark.parametrize("count", MANY)
async def test_by_telephone_nothing_leaks(redis_url, redis, site: Site, tmp_path, caplog, count):
    caplog.set_level("DEBUG")
    counted: list[str] = []
    async with _owning(redis_url) as owner, writing(redis, site, owner):
        await owner.submit(agency())
        entry = Entry(
            owner, Ruling(owner), site.vault, PhoneSettings(),
            lambda: True, lambda said: None, counted.append,
            register=site.register,
        )  # fmt: skip

        async def calls(zoe: Marked) -> None:
            async with on(Phone("2", "1")) as agi:
                agi.headers = {
                    "channel": f"PJSIP/trunk-{zoe.number}", "uniqueid": f"1.{zoe.number}",
                    "callerid": zoe.phone, "calleridname": zoe.name, "dnid": "3230",
                }  # fmt: skip
                await entry.receive(agi)

        await each_of(count, calls)
        assert counted.count("accepted") == count
        citizens = await owner.read(
            lambda state: {each.contact: each.citizen for each in state.contacts.values()}
        )
        contact, citizen = next(iter(citizens.items()))
        assert [each.what for each in (await told(site, citizen, 1)).entries] == ["asked"]
        assert MARK in (await site.vault.get(contact))["name"]
        await site.people.erase(citizen, ASKED)
        assert await site.vault.get(contact) is None
        log = await PoolLog(redis, "main").read(0, 100_000)
    assert [each for _, raw in log for each in marks_in("the log", raw)] == []
    assert await in_redis(redis) == []
    assert marks_in("a line of log", caplog.text.encode()) == []
    assert in_files(tmp_path) == []
    assert not re.search(MARK, str(counted))
