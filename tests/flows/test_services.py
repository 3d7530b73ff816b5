"""Messages and appointments that a flow asks for, over real HTTP."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from config.flows import Service
from ivr_flows.session import Perform, Say, Session
from router.flows.diary import Diary
from router.flows.lookup import Lookups
from router.flows.message import Messenger
from router.notify.sms import Sms
from router.outward import Outward, Server
from tests.notify.provider import TOKEN, Provider

pytestmark = pytest.mark.server

SESSION = Session(channel="phone", language="fr", entered=7)
TEXT = Say("x.m.message", "fr", "Votre rendez-vous : {place}.", {"place": "Lyon"})


def message(to, by="sms"):
    return Perform("x.m", "notify", by, arguments={"to": to}, message=TEXT)


async def test_a_message_is_on_its_way_only_if_the_provider_took_it(tmp_path):
    (tmp_path / "token").write_text(TOKEN)
    provider, app = Provider(), web.Application()
    app.router.add_post("/sms", provider.take)
    async with TestServer(app) as server:
        outward = Outward(Server(str(server.make_url("/sms")), str(tmp_path / "token"), private=True))
        messenger = Messenger({"sms": Sms(outward, "Guichet", 3)})
        assert (await messenger.notify("s-1", SESSION, message("06 12 34 56 78"), {})).port == "next"
        provider.behave = ["503"]
        other = Session(channel="phone", language="fr", entered=9)
        assert (await messenger.notify("s-1", other, message("06 12 34 56 78"), {})).port == "unavailable"
    [kept] = provider.kept.values()
    assert (kept["to"], kept["text"]) == ("+33612345678", "Votre rendez-vous : Lyon.")
    for to in ("", "0899123456", "anonymous"):  # premium numbers cost whoever calls or writes
        assert (await messenger.notify("s-1", SESSION, message(to), {})).port == "unavailable"
    assert (
        await messenger.notify("s-1", SESSION, message("a@example.org", "email"), {})
    ).port == "unavailable"


async def test_a_diary_is_asked_and_books():
    asked, slots = (
        [],
        [{"id": "7", "begins": "2026-12-01T09:30", "place": "Lyon", "more": 1}, {"begins": 3}, 1],
    )

    async def answer(request: web.Request) -> web.Response:
        asked.append(await request.json())
        if asked[-1]["ask"] == "slots":
            return web.json_response({"slots": slots})
        return web.json_response({}, status=200 if asked[-1]["id"] == "7" else 404)

    app = web.Application()
    app.router.add_post("/diary", answer)
    async with TestServer(app) as server:
        diary = Diary(Lookups({"diary": Service(url=str(server.make_url("/diary")))}), "diary")
        want = Perform("x.a", "slots", "counter", arguments={"topic": "housing", "postcode": "69001"})
        done = await diary.slots("s-1", SESSION, want, {})
        assert (done.port, done.rows) == (
            "next",
            ({"id": "7", "begins": "2026-12-01T09:30", "place": "Lyon"},),
        )
        known = {"caller": "+33612345678"}
        book = Perform("x.a", "book", "counter", arguments=done.rows[0])
        done = await diary.book("s-1", SESSION, book, known)
        assert (done.port, done.values["place"]) == ("next", "Lyon")
        taken = Perform("x.a", "book", "counter", arguments=done.values | {"id": "8"})
        assert (await diary.book("s-1", SESSION, taken, known)).port == "unavailable"
        slots.clear()
        assert (await diary.slots("s-1", SESSION, want, {})).port == "unavailable"
    assert asked[1]["key"] == "s-1.7"
    assert asked[1]["caller"] == "+33612345678"
    assert (await diary.slots("s-1", SESSION, want, {})).port == "unavailable"  # away
