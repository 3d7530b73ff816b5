"""The shipped dialplan on a real Asterisk, with a stand-in router: what holds whatever Guichet does."""

import asyncio
import time

import pytest

from tests.phone.judge import judge, table
from tests.phone.sipp import Call, Keys, agents, citizens
from tests.phone.standin import Standin
from tests.phone.until import until

pytestmark = pytest.mark.asterisk


def user_event(name):
    return lambda event: event.get("UserEvent") == name


async def test_a_call_waits_on_music_and_reaches_the_agent_it_is_given_to(lab, folder):
    async with Standin(lab) as router, agents(lab, folder) as phones:
        router.beat()
        calls = asyncio.create_task(citizens(lab, folder, [Call("32300001")]))
        waiting = await router.heard(user_event("GuichetWaiting"))
        assert waiting["Contact"] == "c-0000000000000001"
        await router.heard(lambda event: event.get("BridgeName", "").startswith("guichet-hall-"))
        router.redirect(waiting["Channel"], "ag07")
        log = await calls
    judgement = judge(lab.record, log, phones)
    [verdict] = judgement.verdicts.values()
    assert (verdict.outcome, verdict.agents, verdict.music) == ("served", ["ag07"], True)
    assert judgement.faults == []
    assert lab.complaints == ""


@pytest.mark.parametrize(
    ("behaviour", "status"), [("busy", "BUSY"), ("noanswer", "NOANSWER"), ("dead", "NOANSWER")]
)
async def test_an_agent_who_does_not_answer_gives_the_caller_back(lab, folder, behaviour, status):
    async with Standin(lab) as router, agents(lab, folder, behaviour):
        router.beat()
        router.act(Action="Setvar", Variable="GUICHET_RING", Value=1)
        calls = asyncio.create_task(citizens(lab, folder, [Call("32300002", patience=4000)]))
        waiting = await router.heard(user_event("GuichetWaiting"))
        router.redirect(waiting["Channel"], "ag01")
        again = await router.heard(user_event("GuichetWaiting"), count=2)
        assert (again["DialStatus"], again["Contact"]) == (status, waiting["Contact"])
        await calls
    assert judge(lab.record).counts() == {"abandoned": 1}


@pytest.mark.parametrize("endpoint", ["nobody", "ag01&PJSIP/ag02", "ag01(x)", "ag01,60"])
async def test_an_endpoint_that_is_none_gives_the_caller_back(lab, folder, endpoint):
    async with Standin(lab) as router, agents(lab, folder) as phones:
        router.beat()
        calls = asyncio.create_task(citizens(lab, folder, [Call("32300003", patience=2000)]))
        waiting = await router.heard(user_event("GuichetWaiting"))
        router.redirect(waiting["Channel"], endpoint)
        again = await router.heard(user_event("GuichetWaiting"), count=2)
        assert again["DialStatus"] == "CHANUNAVAIL"
        await calls
    assert judge(lab.record, agents=phones).counts() == {"abandoned": 1}
    assert not phones.exists() or "rung" not in phones.read_text()


async def test_a_caller_who_leaves_stops_the_ringing(lab, folder):
    async with Standin(lab) as router, agents(lab, folder, "noanswer") as phones:
        router.beat()
        calls = asyncio.create_task(citizens(lab, folder, [Call("32300004", patience=2000)]))
        router.redirect((await router.heard(user_event("GuichetWaiting")))["Channel"], "ag01")
        log = await calls
        await until(lambda: phones.exists() and "cancelled" in phones.read_text())
    judgement = judge(lab.record, log, phones)
    assert (judgement.counts(), judgement.faults) == ({"abandoned": 1}, [])


async def test_another_redirect_while_ringing_moves_the_caller(lab, folder):
    async with Standin(lab) as router, agents(lab, folder, ring=(1500, 1500)) as phones:
        router.beat()
        calls = asyncio.create_task(citizens(lab, folder, [Call("32300005")]))
        channel = (await router.heard(user_event("GuichetWaiting")))["Channel"]
        router.redirect(channel, "ag01")
        await router.heard(lambda event: event.get("DialStatus") == "RINGING")
        router.redirect(channel, "ag02")
        log = await calls
    judgement = judge(lab.record, log, phones)
    assert ([v.agents for v in judgement.verdicts.values()], judgement.faults) == ([["ag02"]], [])


async def test_no_agent_is_rung_twice_even_if_the_router_asks_for_it(lab, folder):
    async with Standin(lab) as router, agents(lab, folder, talk=(2500, 2500)) as phones:
        router.beat()
        pair = [Call("32300006"), Call("32300007", delay=200, patience=3500)]
        calls = asyncio.create_task(citizens(lab, folder, pair))
        first = await router.heard(user_event("GuichetWaiting"))
        router.redirect(first["Channel"], "ag01")
        second = await router.heard(user_event("GuichetWaiting"), count=2)
        router.redirect(second["Channel"], "ag01")
        again = await router.heard(user_event("GuichetWaiting"), count=3)
        assert (again["Contact"], again["DialStatus"]) == (second["Contact"], "BUSY")
        log = await calls
    judgement = judge(lab.record, log, phones)
    assert (judgement.counts(), judgement.faults) == ({"served": 1, "abandoned": 1}, [])


async def test_the_native_queue_rings_no_phone_whose_leg_is_counted(lab, folder):
    """As when Guichet rings it and Asterisk's device state does not say so yet."""
    for step in ("s,1,Set(GROUP(agent)=ag01)", "s,2,Wait(3)"):
        await asyncio.to_thread(lab.cli, "dialplan", "add", "extension", step, "into", "guichet-test")
    async with (
        Standin(lab, members=("ag01", "ag02"), menu=False) as asked,
        agents(lab, folder, talk=(6000, 6000)) as phones,
    ):
        held = "Local/s@guichet-test"
        asked.act(Action="Originate", Channel=f"{held}/n", Application="Wait", Data=3, Async="true")
        await asked.heard(lambda event: event.get("Channel", "").startswith(held))
        log = await citizens(lab, folder, [Call("32300008"), Call("32300009", delay=300)])
    judgement = judge(lab.record, log, phones)
    assert (judgement.counts(), judgement.faults) == ({"fallback": 2}, [])
    rung = {leg.agent: leg.rung for leg in judgement.legs if leg.answered}
    assert rung["ag01"] - rung["ag02"] > 2, "the phone was rung although a leg of it was counted"


# ---------------------------------------------------------------- when the router does not


async def fell_back(lab, log, phones) -> list[str]:
    # SIPp may see the end before Asterisk has recorded it.
    await until(lambda: "open" not in judge(lab.record).counts())
    judgement = judge(lab.record, log, phones)
    assert judgement.faults == [], table(judgement)
    assert judgement.counts() == {"fallback": 1}
    [verdict] = judgement.verdicts.values()
    return verdict.agents


@pytest.mark.parametrize("age", [60, -3600], ids=["stale", "of the future"])
async def test_without_a_fresh_beat_the_native_queue_answers(lab, folder, age):
    async with Standin(lab) as router, agents(lab, folder) as phones:
        router.beat(age)
        log = await citizens(lab, folder, [Call("32300010")])
        await router.heard(user_event("GuichetFallback"))
    assert len(await fell_back(lab, log, phones)) == 1


async def test_with_no_router_at_all_the_native_queue_answers_also_after_a_restart(lab, folder):
    async with Standin(lab):
        pass  # it has said who was ready last; from here on there is none
    await asyncio.to_thread(lab.run, "stop", lab.folder)
    await asyncio.to_thread(lab.run, "start", lab.folder, lab.host)
    async with agents(lab, folder) as phones:
        log = await citizens(lab, folder, [Call("32300011")])
    assert len(await fell_back(lab, log, phones)) == 1


@pytest.mark.parametrize("fault", ["die", "refused"])
async def test_without_its_receipt_the_menu_counts_as_failed(lab, folder, fault):
    async with Standin(lab, entry=Standin.die) as router, agents(lab, folder) as phones:
        if fault == "refused":
            router.close_entry()
        router.beat()
        log = await citizens(lab, folder, [Call("32300012")])
        assert not any(map(user_event("GuichetWaiting"), router.events))
    assert len(await fell_back(lab, log, phones)) == 1


async def test_a_router_that_dies_while_callers_wait_loses_none(lab, folder):
    async with agents(lab, folder) as phones:
        async with Standin(lab) as router:
            router.beat()
            calls = asyncio.create_task(citizens(lab, folder, [Call("32300013")]))
            await router.heard(user_event("GuichetWaiting"))
            died = time.time()
        log = await calls
    [agent] = await fell_back(lab, log, phones)
    [leg] = judge(lab.record).legs
    assert leg.agent == agent
    assert leg.rung - died < 10, "the promise: the native queue within 10 s"


async def test_the_native_queue_never_rings_a_phone_in_use(lab, folder):
    """The queue's only phone talks: the caller waits until it is free."""
    async with Standin(lab, members=["ag01"]) as router, agents(lab, folder, talk=(2500, 2500)) as phones:
        router.beat()
        calls = asyncio.create_task(citizens(lab, folder, [Call("32300015"), Call("32300016", delay=1500)]))
        router.redirect((await router.heard(user_event("GuichetWaiting")))["Channel"], "ag01")
        await router.heard(lambda event: event.get("Event") == "BridgeEnter")
        router.beat(60)
        log = await calls
    judgement = judge(lab.record, log, phones)
    assert (judgement.counts(), judgement.faults) == ({"served": 1, "fallback": 1}, [])


async def test_a_closed_service_says_so_and_hangs_up(lab, folder):
    async with Standin(lab, entry=Standin.close_service) as router:
        router.beat()
        log = await citizens(lab, folder, [Call("32300017")])
    judgement = judge(lab.record, log)
    assert (judgement.counts(), judgement.faults) == ({"closed": 1}, [])


# ---------------------------------------------------------------- what is keyed


@pytest.mark.parametrize("way", ["rfc2833", "info"])
async def test_keys_arrive_both_ways(lab, folder, way):
    async with Standin(lab, entry=Standin.digits) as router:
        router.beat()
        presses = [(1200, "1"), (300, "2"), (300, "3"), (300, "4")]
        calls = citizens(lab, folder, [Call("32300018", patience=1500)], keyed=Keys(presses, way))
        await asyncio.gather(calls, router.heard(user_event("GuichetWaiting")))
    assert router.keyed == "200 result=1234"
