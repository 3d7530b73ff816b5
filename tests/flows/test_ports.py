"""What flows want of the world, performed: hours, waits, a place in line, call-backs; lookups that fail."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from config.flows import Service
from config.hours import Hours, Week
from config.tree import Tree
from ivr_flows.session import Done, Heard, Perform, Session
from router.core.events import Config
from router.flows.lookup import Lookups
from router.flows.ports import Ports, said
from tests.web.conftest import POLICY
from tests.web.door import MemoryDoor

pytestmark = pytest.mark.server

HEARD = (Heard("x.n", "123456749", "beneficiary"),)
NOW = 1_796_000_000_000_000


class Kept:
    def __init__(self):
        self.records = {}

    async def put(self, contact, record, ttl_s):
        self.records[contact] = record


@pytest.fixture
async def door():
    door = MemoryDoor()
    await door.submit(Config(POLICY, "cafe", "test"))
    return door


def perform(ports, service, name="", session=None, known=None, **more):
    asked = Perform("x.a", service, name, **more)
    return ports.perform(
        "s-1", session or Session(channel="chat", language="fr-plain"), asked, known or {}, NOW
    )


async def test_a_route_is_a_contact_whose_words_are_in_the_vault_alone(door):
    vault, noted = Kept(), []
    ports = Ports(Tree(), door, vault, noted=noted.append)
    session = Session(
        channel="phone", language="fr", path=("x.a",), heard=(Heard("x.n", "123456749", "beneficiary"),)
    )
    done = await perform(
        ports, "route", "housing", session, {"caller": "+33612345678", "citizen": "z1"}, needs={"sign": 2}
    )
    contact = done.values["contact"]
    event = door.entries[-1].event
    assert (event.contact, event.channel, event.topic, event.language) == (contact, "phone", "housing", "fr")
    assert event.needs == ({"housing": 3, "lang:fr": 4, "sign": 2},)
    assert (event.citizen, event.via) == ("z1", "phone")
    assert noted == [contact]
    assert vault.records[contact]["said"] == [["x.n", "123456749", "beneficiary"]]
    assert "123456749" not in repr(door.entries)
    assert "612345678" not in repr(door.entries)


async def test_a_plain_variant_has_the_agents_of_its_language(door):
    await perform(Ports(Tree(), door, Kept()), "route", "family")
    assert door.entries[-1].event.language == "fr"


async def test_a_call_back_takes_the_place_of_who_waits(door):
    vault = Kept()
    ports = Ports(Tree(), door, vault)
    first = await perform(ports, "route", "housing")
    session = Session(channel="phone", language="fr", contact=first.values["contact"])
    done = await perform(ports, "callback", "housing", session, arguments={"number": "+33612345678"})
    assert done.port == "next"
    event = door.entries[-1].event
    assert (event.channel, event.after) == ("callback", first.values["contact"])
    assert vault.records[event.contact]["number"] == "+33612345678"
    assert (await perform(ports, "callback", "housing", arguments={"number": ""})).port == "unavailable"


async def test_hours_and_the_supervisors_switch(door):
    closed = set()

    async def switch():
        return frozenset(closed)

    tree = Tree(hours=Hours(time_zone="Europe/Paris", weekly=Week()))
    ports = Ports(tree, door, Kept(), closed=switch)
    assert (await perform(ports, "hours", "main")).port == "closed"
    assert (await perform(Ports(Tree(), door, Kept()), "hours", "main")).port == "open"
    closed.add("main")
    assert (await perform(ports, "hours", "main")).port == "emergency"


async def test_waits_are_those_of_the_state(door):
    ports = Ports(Tree(), door, Kept())
    done = await perform(ports, "waits", "housing", arguments={"channels": ["phone", "chat"]})
    assert done == Done("next")  # nobody is there: nothing is promised


async def test_what_is_not_installed_is_unavailable(door):
    ports = Ports(Tree(), door, Kept())
    for service in ("slots", "book", "notify", "identify"):
        assert (await perform(ports, service)).port == "unavailable"


@pytest.mark.parametrize(
    ("how", "port"),
    [
        ("good", "next"), ("missing", "missing"), ("null", "missing"), ("error", "unavailable"),
        ("text", "unavailable"), ("list", "unavailable"), ("slow", "unavailable"),
        ("redirect", "unavailable"), ("huge", "unavailable"), ("cut", "unavailable"),
    ],
)  # fmt: skip
async def test_lookups_fail_in_every_way(how, port):
    async def answer(request: web.Request) -> web.StreamResponse:
        assert await request.json() == {"number": "1"}
        match how:
            case "good":
                return web.json_response({"status": "paid"})
            case "missing":
                return web.json_response({}, status=404)
            case "null":
                return web.json_response(None)
            case "error":
                return web.json_response({}, status=500)
            case "text":
                return web.Response(text="<html>")
            case "list":
                return web.json_response([1])
            case "slow":
                await asyncio.sleep(5)
            case "redirect":
                raise web.HTTPFound("/other")
            case "huge":
                return web.json_response({"x": "y" * 1_000_000})
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    app = web.Application()
    app.router.add_post("/files", answer)
    async with TestServer(app) as server:
        services = {"file": Service(url=str(server.make_url("/files")))}
        done = await Lookups(services).ask("file", {"number": "1"}, 0.5)
    assert done.port == port
    assert done.values == ({"status": "paid"} if how == "good" else {})


async def test_plug_ins_and_their_faults():
    async def good(sent):
        return {"echo": sent["a"]}

    async def missing(sent):
        return None

    async def broken(sent):
        raise KeyError("x")

    plugins = {"good": good, "missing": missing, "broken": broken}
    lookups = Lookups({name: Service(plugin=name) for name in (*plugins, "absent")}, plugins)
    assert await lookups.ask("good", {"a": 1}, 1) == Done("next", {"echo": 1})
    assert (await lookups.ask("missing", {}, 1)).port == "missing"
    for name in ("broken", "absent", "nowhere"):
        assert (await lookups.ask(name, {}, 1)).port == "unavailable"


def test_a_flood_of_words_costs_nobody_their_place():
    heard = tuple(Heard("x.a", "é" * 2000, "text") for _ in range(100))
    kept = said(Session(heard=(*heard, Heard("x.b", "the last", "text"))))
    assert kept[-1][1] == "the last"
    assert 1 < len(kept) < 20
