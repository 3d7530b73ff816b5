"""Each control of a conversation, asked over HTTP, tried on a real Asterisk and judged by what that says."""

import asyncio
import time
from contextlib import suppress

import aiohttp
import pytest

from router.phone.controls_ami import Part
from tests.phone.conversation import LONG, Conversation, conversation
from tests.phone.guichet import begin
from tests.phone.sipp import Call, agents, citizens
from tests.phone.standin import Standin
from tests.phone.until import until
from tests.phone.witness import CITIZEN, Witness

pytestmark = [pytest.mark.asterisk, pytest.mark.redis]


async def test_hold_and_unhold_as_often_as_one_likes(lab, folder):
    async with conversation(lab, folder) as talk:
        for _ in range(3):
            assert await talk.control("hold") == {"result": "done"}
            await talk.witness.held()
            assert await talk.control("unhold") == {"result": "done"}
            await talk.witness.together(CITIZEN, "ag01")
        await talk.witness.hang_up("ag01")
        await talk.witness.gone(CITIZEN, "ag01")
        assert (await talk.state())["state"] in ("wrap_up", "ended")


async def test_a_colleague_is_asked_and_takes_over(lab, folder):
    async with conversation(lab, folder) as talk:
        assert await talk.ask("consult", agent="ag02") == {"result": "done"}
        await talk.witness.held()
        await talk.witness.together("ag01", "ag02")
        assert await talk.control("complete") == {"result": "done"}
        await talk.witness.together(CITIZEN, "ag02")
        await talk.witness.gone("ag01")
        await until(lambda: _is(talk.agent, "ag02"))
        # and the new conversation is one like any other
        assert await talk.control("hold", "demo-agent-ag02") == {"result": "done"}
        assert await talk.control("unhold", "demo-agent-ag02") == {"result": "done"}
        await talk.witness.together(CITIZEN, "ag02")


async def test_a_colleague_is_asked_and_left_again_also_while_the_phone_rings(lab, folder):
    async with conversation(lab, folder, ring=(1200, 1200)) as talk:
        asked = asyncio.create_task(talk.ask("consult", agent="ag02"))
        await talk.witness.at("ag02", "guichet-agents")
        assert await talk.control("back") == {"result": "done"}
        await talk.witness.together(CITIZEN, "ag01")
        await talk.witness.gone("ag02")
        with suppress(AssertionError):
            await asked
        await talk.ask("consult", agent="ag02")
        await talk.witness.together("ag01", "ag02")
        assert await talk.control("back") == {"result": "done"}
        await talk.witness.together(CITIZEN, "ag01")
        await talk.witness.gone("ag02")
        assert (await talk.state())["agent"] == "ag01"


async def test_a_conference_goes_on_without_the_one_who_leaves(lab, folder):
    async with conversation(lab, folder) as talk:
        await talk.ask("consult", agent="ag02")
        assert await talk.control("conference") == {"result": "done"}
        await talk.witness.together(CITIZEN, "ag01", "ag02")
        await talk.witness.hang_up("ag02")
        await talk.witness.together(CITIZEN, "ag01")
        await talk.ask("consult", agent="ag02")
        assert await talk.control("conference") == {"result": "done"}
        await talk.witness.together(CITIZEN, "ag01", "ag02")
        await talk.witness.hang_up("ag01")
        await talk.witness.together(CITIZEN, "ag02")
        await until(lambda: _is(talk.agent, "ag02"))
        await talk.witness.hang_up(CITIZEN)
        await talk.witness.gone("ag01", "ag02", CITIZEN)


async def _is(ask, wanted) -> bool:
    return await ask() == wanted


async def test_a_transfer_reaches_another_agent_at_once(lab, folder):
    async with conversation(lab, folder) as talk:
        assert await talk.ask("transfer", agent="ag02") == {"result": "done"}
        await talk.witness.together(CITIZEN, "ag02")
        await talk.witness.gone("ag01")


async def test_a_transfer_out_of_a_hold_leaves_nobody_behind(lab, folder):
    async with conversation(lab, folder) as talk:
        await talk.control("hold")
        assert await talk.ask("transfer", agent="ag02") == {"result": "done"}
        await talk.witness.together(CITIZEN, "ag02")
        await talk.witness.gone("ag01")


async def test_a_colleague_who_cannot_be_had_costs_nobody_the_call(lab, folder):
    """It rings longer than a phone may."""
    async with conversation(lab, folder, ring=(3000, 3000)) as talk:
        await talk.witness.lab_say("dialplan", "set", "global", "GUICHET_RING", "1")
        assert await talk.refused("consult", agent="ag02") == (502, "failed")
        await talk.witness.together(CITIZEN, "ag01")
        await talk.witness.gone("ag02")
        assert await talk.refused("control", what="back") == (409, "not_now")
        await talk.witness.together(CITIZEN, "ag01")


@pytest.mark.parametrize("who", ["citizen", "ag01"])
async def test_whoever_hangs_up_during_a_hold(lab, folder, who):
    async with conversation(lab, folder) as talk:
        await talk.control("hold")
        await talk.witness.hang_up(who)
        await not_left_alone(talk, who, "ag01")


@pytest.mark.parametrize("who", ["citizen", "ag01", "ag02"])
@pytest.mark.parametrize("stage", ["ringing", "consulting", "conference"])
async def test_whoever_hangs_up_while_a_colleague_is_asked(lab, folder, who, stage):
    ring = (4000, 4000) if stage == "ringing" else (200, 400)
    async with conversation(lab, folder, ring=ring) as talk:
        asked = asyncio.create_task(talk.ask("consult", agent="ag02"))
        await talk.witness.at("ag02", "guichet-agents")
        if stage != "ringing":
            await asked
        if stage == "conference":
            await talk.control("conference")
            await talk.witness.together(CITIZEN, "ag01", "ag02")
        await talk.witness.hang_up(who)
        if who == "ag01" and stage == "conference":
            await talk.witness.together(CITIZEN, "ag02")
        else:
            await not_left_alone(talk, who, "ag01")
        with suppress(AssertionError):
            await asked


async def not_left_alone(talk: Conversation, who: str, first: str) -> None:
    """The citizen gone: everybody is. Their agent gone: they are with another, ag02. Else: as before."""
    if who == CITIZEN:
        await talk.witness.gone(CITIZEN, "ag01", "ag02")
    elif who == first:
        await talk.witness.together(CITIZEN, "ag02")
    else:
        await talk.witness.together(CITIZEN, first)
        await talk.witness.gone("ag02")


async def test_a_supervisor_listens_whispers_and_barges_in(lab, folder):
    phones = {"listen": "ag05", "whisper": "ag06", "barge": "ag07"}
    async with conversation(lab, folder) as talk:
        for what, phone in phones.items():
            assert await talk.control(what, "demo-supervisor", phone=phone) == {"result": "done"}
            await talk.witness.at(phone, "guichet-listen")
            await talk.witness.together(CITIZEN, "ag01")
        await talk.witness.hang_up(CITIZEN)
        await talk.witness.gone(CITIZEN, "ag01", *phones.values())


async def test_when_guichet_dies_nobody_stays_on_hold(lab, folder):
    """Killed, so that it can put nobody back: the dialplan itself does, within ten seconds."""
    async with conversation(lab, folder) as talk:
        await talk.control("hold")
        talk.guichet.process.kill()
        async with asyncio.timeout(10):
            await talk.witness.together(CITIZEN, "ag01")


async def test_when_guichet_dies_during_a_consultation_the_citizen_is_with_their_agent(lab, folder):
    async with conversation(lab, folder) as talk:
        await talk.ask("consult", agent="ag02")
        talk.guichet.process.kill()
        async with asyncio.timeout(10):
            await talk.witness.together(CITIZEN, "ag01")
            await talk.witness.gone("ag02")


async def test_a_guichet_that_comes_back_knows_who_was_asked(lab, folder):
    """The dialplan is told meanwhile that Guichet lives, as it would be by a restart within five seconds."""
    async with conversation(lab, folder) as talk:
        await talk.ask("consult", agent="ag02")
        talk.guichet.process.kill()
        await talk.guichet.process.wait()
        beating = asyncio.create_task(_beat(talk))
        try:
            talk.guichet.process = await begin(folder)
            await until(lambda: _did(talk, "complete"), 30)
        finally:
            beating.cancel()
        await talk.witness.together(CITIZEN, "ag02")
        await talk.witness.gone("ag01")


async def _beat(talk: Conversation) -> None:
    while True:
        await talk.witness.lab_say("dialplan", "set", "global", "GUICHET_BEAT", str(int(time.time())))
        await asyncio.sleep(1)


async def _did(talk: Conversation, what: str) -> bool:
    """Refused as long as the log has no owner, or its owner no link to Asterisk."""
    try:
        return await talk.control(what) == {"result": "done"}
    except (aiohttp.ClientError, AssertionError):
        return False


async def test_asterisk_parts_nobody_when_the_agent_of_old_is_gone(lab, folder):
    """As a router that wakes too late would try: its agent's channel is no more, another has the citizen."""
    async with Standin(lab) as router, agents(lab, folder, talk=LONG):
        router.beat()
        call = asyncio.create_task(citizens(lab, folder, [Call("32300001")]))
        citizen = (await router.heard(lambda event: event.get("UserEvent") == "GuichetWaiting"))["Channel"]
        router.redirect(citizen, "ag02")
        witness = Witness(lab)
        await witness.together(CITIZEN, "ag02")
        router.act(**Part(citizen, "guichet-held", "PJSIP/ag01-000000ff", "guichet-desk").lines())
        await router.heard(lambda event: event.get("Response") == "Error")
        await witness.together(CITIZEN, "ag02")
        call.cancel()
