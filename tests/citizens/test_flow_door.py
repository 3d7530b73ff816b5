"""Marked citizens walk a published flow in writing and by telephone: identify, slots, notify, route.

All of it is one running Guichet. Nothing of theirs is outside the vault's seal; one who is erased is gone.
"""

from __future__ import annotations

import json
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from router.log.connection import connect
from tests.chat.conftest import Citizen
from tests.citizens.marked_flow import BORN, SERVICES, Call, agency, laid_out
from tests.citizens.marks import MARK, Marked, in_files, in_redis, marks_in
from tests.citizens.test_marks import MANY, Web, each_of, figures, socket_in
from tests.notify.provider import TOKEN
from tests.phone.lab import free_ports
from tests.serve.process import Process, serving
from tests.serve.test_commands import guichet

pytestmark = [pytest.mark.redis, pytest.mark.server, pytest.mark.timeout(3000)]


class Walks(Web):
    """Everybody writes, and calls."""

    def __init__(self, site: Process, session: aiohttp.ClientSession, agi: int) -> None:
        super().__init__(site.url, session)
        self.site, self.agi = site, agi
        self.chats: dict[int, str] = {}
        self.calls: dict[int, str] = {}

    async def writes(self, zoe: Marked) -> None:
        hello = {"language": "fr", "email": zoe.mail, "phone": zoe.phone}
        citizen = Citizen(self.site, **hello)
        number = f"{zoe.beneficiary[:7]} {zoe.beneficiary[7:]}"
        wrong = (zoe.mail,) if zoe.number % 10 == 0 else ()
        for asked, answer in (
            *(("Votre numéro", each) for each in wrong),
            ("Votre numéro", number), ("naissance", BORN[1]), ("question", zoe.text),
            ("quel numéro", zoe.phone), (f"{MARK} place", "1"),
        ):  # fmt: skip
            await citizen.until(lambda said, asked=asked: said["by"] == "guichet" and asked in str(said))
            await citizen.client.say(answer)
        self.chats[zoe.number] = await citizen.stands("waiting")
        assert any(f"écrit : {zoe.text}" in each.get("text", "") for each in citizen.heard)
        citizen.running.cancel()

    async def calls_us(self, zoe: Marked) -> None:
        wrong = ("0" + zoe.phone[3:],) if zoe.number % 10 == 0 else ()  # ten digits: never a number of theirs
        call = Call(zoe, *wrong, zoe.beneficiary, BORN[0], "0" + zoe.phone[3:], "1")
        await call.to(self.agi)
        assert call.variables.get("GUICHET_ROUTED") == "wait", call.variables
        assert any("/passing/" in each for each in call.played)
        self.calls[zoe.number] = call.variables["GUICHET_CONTACT"]


@pytest.mark.parametrize("count", [20, *MANY[1:]])  # half a second each
async def test_in_a_flow_nothing_leaks_and_one_is_gone(tmp_path: Path, provider: int, count: int):
    laid_out(tmp_path)
    (tmp_path / "token").write_text(TOKEN)
    [nobody] = free_ports(1)
    async with TestServer(agency()) as systems, aiohttp.ClientSession() as session, AsyncExitStack() as stack:
        address = str(systems.make_url("")).rstrip("/")
        config = SERVICES.format(folder=tmp_path, agency=address, sms=provider, nobody=nobody)
        site = await stack.enter_async_context(serving(tmp_path, config))
        code, told, fault = await guichet("flow", "publish", "marked", "--url", site.url, folder=tmp_path)
        assert code == 0, told + fault
        walks = Walks(site, session, site.agi)
        await each_of(count, walks.writes)
        await each_of(count, walks.calls_us)

        zoe = Marked(count // 2)
        redis = connect(f"unix://{socket_in(tmp_path)}")
        chat, call = walks.chats[zoe.number], walks.calls[zoe.number]
        citizen = (await redis.hget(f"chat:{{{chat}}}", "citizen")).decode()
        _, whole, _ = await walks.ask("auditor", "GET", f"citizens/{citizen}/export")
        assert len(whole["citizen"]["citizens"]) == 2, "the agency vouched for both: chat and call are one"
        assert {each["contact"] for each in whole["journey"]["entries"] if each["what"] == "asked"} == {
            chat, call
        }  # fmt: skip
        assert "notified" in {each["what"] for each in whole["journey"]["entries"]}
        assert chat == whole["elsewhere"]["chats"][0]["chat"]
        record = whole["contacts"][call]
        assert zoe.beneficiary in [said for _, said, _ in record["said"]]
        before = (await site.get("/metrics"))[1]
        assert (await walks.ask("auditor", "DELETE", f"citizens/{citizen}"))[0] == 200
        after = (await site.get("/metrics"))[1]
        past = [each for each in figures(before).items() if 'channel="chat"' not in each[0]]
        assert past
        assert set(past) <= set(figures(after).items())
        _, gone, _ = await walks.ask("auditor", "GET", f"citizens/{citizen}/export")
        assert gone["code"] == "unknown_citizen"
        traces = []
        for each in (record["session"], walks.chats[0]):
            code, trace, fault = await guichet("flow", "replay", each, "--url", site.url, folder=tmp_path)
            assert code == 0, fault
            traces.append(trace)
        leaks = [each for page in (*walks.pages, before, after) for each in marks_in("a page", page)]
        leaks += marks_in("a trace", json.dumps(traces).encode())
        leaks += await in_redis(redis)
        await redis.aclose()
    assert leaks + in_files(tmp_path, "marked.yaml") == []
    code, told, _ = await guichet("replay", "var/archive", folder=tmp_path)
    assert code == 0, told
