"""How a caller comes to an agent: at once, past silent phones, on any phone the agent has."""

import asyncio
import time
from itertools import pairwise

import pytest

from tests.phone.guichet import configure, serve
from tests.phone.judge import judge, table
from tests.phone.record import _events
from tests.phone.sipp import Call, Keys, agents, citizens
from tests.phone.until import until

pytestmark = [pytest.mark.asterisk, pytest.mark.redis]

FREE = "fr", "housing"


def keyed(guichet) -> Keys:
    language, topic = guichet.key("languages", FREE[0]), guichet.key("topics", FREE[1])
    return Keys([(1200, language), (1500, topic)], "info")


def applications(lab) -> list[str]:
    """What the callers passed through."""
    return [
        event.app for event in _events(lab.record) if event.kind == "APP_START" and event.id == event.call
    ]


async def test_with_an_agent_free_the_caller_is_dialled_out_of_the_menu(lab, folder):
    async with serve(lab, folder) as guichet, agents(lab, folder) as phones:
        await guichet.ready(*guichet.able("housing", "fr"))
        log = await citizens(lab, folder, [Call("32300001")], keyed=keyed(guichet))
        counted = await guichet.metrics()
    judgement = judge(lab.record, log, phones)
    assert (judgement.counts(), judgement.faults) == ({"served": 1}, []), table(judgement)
    assert set(applications(lab)) == {"AGI", "Dial"}, "no hall, no music between the menu and the phone"
    assert 'what="at_once"} 1' in counted


async def test_phones_that_stay_silent_are_left_one_after_the_other(lab, folder):
    """SIPp's phones take the INVITE and say nothing: each costs the caller a second, not the ringing time."""
    async with serve(lab, folder) as guichet, agents(lab, folder, "dead"):
        able = sorted(guichet.able("housing", "fr"))[:3]
        await guichet.ready(*able)
        await citizens(lab, folder, [Call("32300001", patience=9000)], keyed=keyed(guichet))
    legs = sorted(judge(lab.record).legs, key=lambda leg: leg.rung)
    assert {leg.agent for leg in legs[:3]} == set(able)
    steps = [after.rung - before.rung for before, after in pairwise(legs[:3])]
    assert len(steps) == 2
    assert all(0.9 < step < 2 for step in steps), steps
    assert all(leg.ended is not None for leg in legs)


def with_two_phones(lab, folder, http):
    config = configure(lab, folder, http)
    file = config / "agents.yaml"
    text = file.read_text()
    assert "endpoint: ag01\n" in text
    file.write_text(
        text.replace("endpoint: ag01\n", "endpoint: [ag01, ag19]\n").replace("    endpoint: ag19\n", "")
    )
    return config


async def test_all_phones_of_an_agent_ring_and_one_of_them_answers(lab, folder):
    async with (
        serve(lab, folder, configure=with_two_phones) as guichet,
        agents(lab, folder, ring=(200, 1500)) as phones,
    ):
        await guichet.ready("ag01")
        log = await citizens(lab, folder, [Call("32300001")], keyed=keyed(guichet))
    judgement = judge(lab.record, log, phones)
    assert {leg.agent for leg in judgement.legs} == {"ag01", "ag19"}
    [verdict] = judgement.verdicts.values()
    assert (verdict.outcome, len(verdict.agents)) == ("served", 1), table(judgement)
    assert all(leg.ended is not None for leg in judgement.legs)


def announcing(lab, folder, http):
    config = configure(lab, folder, http)
    file = config / "phone.yaml"
    file.write_text(file.read_text() + "    announce_s: 2\n")
    return config


async def test_a_waiting_caller_hears_their_place_and_is_not_held_up_by_it(lab, folder):
    """An agent becomes free while it is being said: it is cut short, the phone rings at once."""
    async with serve(lab, folder, configure=announcing) as guichet, agents(lab, folder) as phones:
        calls = asyncio.create_task(citizens(lab, folder, [Call("32300001")], keyed=keyed(guichet)))
        await until(lambda: lab.record.exists() and "BackGround" in applications(lab))
        said = time.time()
        await guichet.ready(*guichet.able("housing", "fr"))
        log = await calls
    judgement = judge(lab.record, log, phones)
    assert (judgement.counts(), judgement.faults) == ({"served": 1}, []), table(judgement)
    [leg] = judgement.legs
    print(f"ring {leg.rung - said:.3f} s after the agent was free")
    assert leg.rung - said < 0.5
    assert lab.complaints == ""
