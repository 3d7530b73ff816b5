"""`identify` of a flow on the real register: a claim joins nobody, what the agency vouches for does."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from citizens.claim import Claim
from citizens.spelling import spell
from config.flows import Service
from ivr_flows.session import Perform, Session
from router.flows.lookup import Lookups
from router.flows.who import Who

pytestmark = [pytest.mark.redis, pytest.mark.server]

NUMBER, OTHER = "123456749", "765432171"
PHONE = Session(channel="phone", language="fr")


@pytest.fixture
async def agency():
    """Another system, which knows of one number and its date of birth."""

    async def answer(request: web.Request) -> web.Response:
        asked = await request.json()
        if asked.get("beneficiary") == OTHER:
            return web.json_response({}, status=500)
        good = asked == {"beneficiary": NUMBER, "birth-date": "1985-03-12"}
        return web.json_response({}, status=200 if good else 404)

    app = web.Application()
    app.router.add_post("/check", answer)
    async with TestServer(app) as server:
        yield Lookups({"check": Service(url=str(server.make_url("/check")))})


async def identified(who, known, number=NUMBER, born="1985-03-12"):
    asked = Perform("x.who", "identify", arguments={"beneficiary": number, "birth-date": born})
    return await who.identify("s-1", PHONE, asked, known)


async def one(site, *citizens):
    """Whether these are one person."""
    return (
        len({await site.cabinet.person(each) and (await site.cabinet.open(each)).person for each in citizens})
        == 1
    )


async def test_what_the_agency_vouches_for_is_the_person_known_before(site, agency):
    before = await site.register.meet([Claim(spell("beneficiary", NUMBER), "account")], "chat")
    known = {"caller": "+33612345678"}
    done = await identified(Who(site.register, agency, "check"), known)
    assert done.port == "next"
    assert done.values["citizen"] == known["citizen"] != before.citizen
    assert await one(site, known["citizen"], before.citizen)


async def test_a_claim_joins_nobody(site, agency):
    before = await site.register.meet([Claim(spell("beneficiary", NUMBER), "account")], "chat")
    who = Who(site.register, agency, "check")
    for born, port in (("1990-01-01", "unknown"), ("", "unknown")):
        known = {"caller": "+33612345678"}
        done = await identified(who, known, born=born)
        assert (done.port, done.values) == (port, {})
        assert not await one(site, known["citizen"], before.citizen)
    assert (await identified(who, {}, number=OTHER)).port == "unavailable"
    assert (await identified(Who(site.register, agency, ""), {})).port == "unavailable"


async def test_a_contact_is_the_callers_and_its_record_goes_with_them(site, agency):
    who, known = Who(site.register, agency, "check"), {"caller": "+33612345678"}
    assert await who.keep(PHONE, known, "c-1", {"number": "+33612345678"}, 60)
    assert await site.vault.get("c-1") == {"number": "+33612345678"}
    assert await who.keep(PHONE, known, "c-2", {"keyed": "1"}, 60)
    assert await site.vault.get("c-2") == {"keyed": "1"}
    again = {"caller": "+33612345678"}
    assert await who.keep(PHONE, again, "c-3", {}, 60)
    assert again["citizen"] != known["citizen"]  # a number alone says who nobody is
