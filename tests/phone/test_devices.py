"""What agents do with their own phones, seen on a real Asterisk and told to the core."""

import asyncio

import pytest

from router.core.events import Device
from tests.phone.sipp import Call, agents, citizens, softphone
from tests.phone.standin import Standin
from tests.unit.phone.door import MemoryDoor, one_contact
from tests.unit.phone.test_gateway import ENDPOINTS, PRESS_2_2, gateway

pytestmark = pytest.mark.asterisk

SKILLS = {"family": 5, "lang:en": 5}


def busy(agent: str, with_: str = "busy"):
    return lambda state: agent in state.agents and state.agents[agent].devices.get("phone") == with_


async def test_an_agent_on_a_direct_call_is_offered_nothing_until_it_ends(lab, folder):
    door = MemoryDoor()
    # No menu of the stand-in's: it is only somebody who may place calls.
    async with (
        gateway(lab, door),
        agents(lab, folder, talk=(20_000, 20_000)),
        Standin(lab, menu=False, members=()) as other,
    ):
        await door.ready("a1", **SKILLS)
        other.act(Action="Originate", Channel="PJSIP/ag01", Application="Echo", Async="true", Timeout=9000)
        await door.until(busy("a1"))
        calls = asyncio.create_task(citizens(lab, folder, [Call("32300001", patience=9000)], keyed=PRESS_2_2))
        await door.until(one_contact("waiting"))
        own = await other.heard(lambda event: event.get("Event") == "OriginateResponse")
        other.act(Action="Hangup", Channel=own["Channel"])
        served = await door.until(one_contact("connected"))
        assert served.agent == "a1"
        await calls
    assert [(event.agent, event.state) for event in door.events(Device)] == [("a1", "busy"), ("a1", "free")]
    assert len(served.offers) == 1, "an offer to a phone in use would have been made and declined"


async def test_a_phone_that_is_not_registered_is_not_rung_until_it_is(lab, folder):
    door = MemoryDoor()
    await door.ready("a1", **SKILLS)
    async with gateway(lab, door, endpoints=ENDPOINTS | {"a1": "1001"}):
        await door.until(busy("a1", "unreachable"))
        assert await softphone(lab, folder, "1001", lab.secret("1001"))
        await door.until(lambda state: not state.agents["a1"].devices)
    told = [event.state for event in door.events(Device)]
    assert told[0] == "unreachable"
    assert told[-1] == "free"


async def test_what_was_missed_while_the_link_was_down_is_found_at_the_next_login(lab, folder):
    door = MemoryDoor()
    await door.ready("a1", **SKILLS)
    async with agents(lab, folder, talk=(20_000, 20_000)), Standin(lab, menu=False, members=()) as other:
        other.act(Action="Originate", Channel="PJSIP/ag01", Application="Echo", Async="true", Timeout=9000)
        await other.heard(lambda event: event.get("Event") == "OriginateResponse")
        async with gateway(lab, door):
            await door.until(busy("a1"))
