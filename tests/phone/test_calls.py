"""Real calls through a real Asterisk and the real `guichet serve`, judged from the other side's records."""

import asyncio
import random
from pathlib import Path

import pytest

from router.log.archive_errors import ArchiveError
from router.replay.proof import Differs, replay
from tests.phone.guichet import serve
from tests.phone.judge import judge, table
from tests.phone.sipp import Call, Keys, agents, citizens
from tests.phone.until import until

pytestmark = [pytest.mark.asterisk, pytest.mark.redis]


def chosen(guichet, language: str, topic: str, way: str = "info") -> Keys:
    """The citizen keys the language, then the topic, each into its prompt."""
    presses = [(1200, guichet.key("languages", language)), (1500, guichet.key("topics", topic))]
    return Keys(presses, way)


@pytest.mark.parametrize("way", ["rfc2833", "info"])
async def test_a_call_reaches_an_agent_who_has_the_skill_and_nobody_else(lab, folder, way):
    async with serve(lab, folder) as guichet, agents(lab, folder) as phones:
        able = guichet.able("disability", "en")
        others = set(guichet.tree["agents"]) - able
        assert able
        assert others
        await guichet.ready(*others)
        keyed = chosen(guichet, "en", "disability", way)
        calls = asyncio.create_task(citizens(lab, folder, [Call("32300001")], keyed=keyed))
        [contact] = await until(lambda: guichet.contacts("waiting"))
        assert (contact["topic"], contact["language"]) == ("disability", "en")
        assert judge(lab.record).legs == [], "no phone of an agent without the skill may ring"
        await guichet.ready(*able)
        log = await calls
    judgement = judge(lab.record, log, phones)
    [verdict] = judgement.verdicts.values()
    assert judgement.faults == [], table(judgement)
    assert (verdict.outcome, verdict.music, len(verdict.agents)) == ("served", True, 1)
    assert set(verdict.agents) <= able
    assert {leg.agent for leg in judgement.legs} <= able


@pytest.mark.timeout(240)
async def test_two_hundred_calls_each_end_in_exactly_one_way(lab, folder):
    """Ten calls a second on twenty agents: more than they can take, so some citizens leave."""
    chance = random.Random(20201216)
    arrivals = sorted(chance.uniform(0, 20_000) for _ in range(200))
    async with serve(lab, folder) as guichet, agents(lab, folder, talk=(1000, 4000)) as phones:
        await guichet.ready(*guichet.tree["agents"])
        languages = chance.choices(("fr", "en", "ar"), weights=(8, 1, 1), k=200)
        topics = chance.choices(list(guichet.tree["topics"]), k=200)
        calls = [
            Call(
                f"3230{number:04}",
                round(arrival),
                round(chance.triangular(1_000, 30_000, 8_000)),
                (guichet.key("languages", language), guichet.key("topics", topic)),
            )
            for number, (arrival, language, topic) in enumerate(zip(arrivals, languages, topics, strict=True))
        ]
        log = await citizens(lab, folder, calls, keyed=Keys([(1200, "[field3]"), (1500, "[field4]")], "info"))
        await until(lambda: _settled(guichet), 30)
        assert await guichet.drift() == [], "each second channels, calls and state were compared"
    # Asterisk's record comes behind its calls: some seconds on a busy machine.
    await until(lambda: lab.record.read_text().count('"LINKEDID_END"') >= 200, 30)
    judgement = judge(lab.record, log, phones)
    print(table(judgement))
    counts = judgement.counts()
    assert judgement.faults == []
    assert set(counts) <= {"served", "abandoned"}, counts
    assert counts.total() == 200
    assert min(counts.values()) >= 10, f"the load must make both happen: {counts}"
    for number, verdict in ((int(v.number[4:]), v) for v in judgement.verdicts.values()):
        assert set(verdict.agents) <= guichet.able(topics[number], languages[number])
    assert_replays_until_a_byte_is_changed(
        folder / "var" / "archive", at_least=counts["served"], chance=chance
    )


def assert_replays_until_a_byte_is_changed(archive: Path, at_least: int, chance: random.Random) -> None:
    """Every effect follows again from its event; any byte that is not the one written is found."""
    assert replay(archive).effects >= at_least
    [segment] = archive.glob("*.garc*")
    whole = segment.read_bytes()
    for _ in range(5):
        place = chance.randrange(len(whole))
        segment.write_bytes(
            whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1 :]
        )
        with pytest.raises((ArchiveError, Differs)):
            replay(archive)
    segment.write_bytes(whole)


async def _settled(guichet) -> bool:
    """Guichet agrees that nobody waits or talks any more."""
    return not [*await guichet.contacts("waiting"), *await guichet.contacts("connected")]


NAMES = {
    "latin-1": b'"Z\xe9lie \xc0 \xff" ',
    "emoji": '"\U0001f9d1\u200d\U0001f9bd \u0645\u0631\u062d\u0628\u0627" '.encode(),
    "coded line": b'"a%0d%0a%0d%0aAction: Hangup" ',
    "escaped line": b'"x\\r\\n\\r\\nAction: Hangup" ',
    "function": b'"${SHELL(touch owned)}${EVAL(${EPOCH})}" ',
    "hangup": b'"HANGUP" ',
    "quotes": b'"\\"\\\\\\" & , | ;" ',
    "long": b'"' + b"n" * 900 + b'" ',
}


@pytest.mark.timeout(240)
async def test_what_a_caller_calls_themselves_changes_nothing(lab, folder):
    async with serve(lab, folder) as guichet, agents(lab, folder, talk=(300, 300)):
        await guichet.ready(*guichet.able("housing", "fr"))
        for number, name in enumerate(NAMES.values()):
            keyed = chosen(guichet, "fr", "housing")
            await citizens(lab, folder, [Call(f"3230{number:04}", patience=15_000)], name=name, keyed=keyed)
    judgement = judge(lab.record)
    served = {verdict.number for verdict in judgement.verdicts.values() if verdict.outcome == "served"}
    assert served == {f"3230{number:04}" for number in range(len(NAMES))}, table(judgement)
    assert not list(folder.rglob("owned"))
    said = (folder / "guichet.log").read_text(errors="replace")
    assert "lie" not in said
    assert "nnnnn" not in said


async def test_a_flood_of_keys_is_bounded(lab, folder):
    async with serve(lab, folder) as guichet, agents(lab, folder, talk=(300, 300)) as phones:
        await guichet.ready(*guichet.tree["agents"])
        flood = Keys([(1000, "*"), *[(20, "0*#9"[n % 4]) for n in range(60)]], "info")
        log = await citizens(lab, folder, [Call("32300001", patience=40_000)], keyed=flood)
    judgement = judge(lab.record, log, phones)
    assert (judgement.counts(), judgement.faults) == ({"served": 1}, []), table(judgement)


async def test_a_scan_of_the_menu_port_disturbs_no_call(lab, folder):
    async with serve(lab, folder) as guichet, agents(lab, folder, talk=(300, 300)) as phones:
        await guichet.ready(*guichet.tree["agents"])
        keyed = chosen(guichet, "fr", "housing")
        calls = asyncio.create_task(citizens(lab, folder, [Call("32300001", patience=20_000)], keyed=keyed))
        host, port = lab.agi.split(":")
        for payload in [b""] * 100 + [
            b"\n",
            b"agi_network: yes\n",
            b"\xff" * 5000,
            b"GET / HTTP/1.1\r\n\r\n",
        ] * 10:
            _, writer = await asyncio.open_connection(host, int(port))
            writer.write(payload)
            writer.close()
        log = await calls
    judgement = judge(lab.record, log, phones)
    assert (judgement.counts(), judgement.faults) == ({"served": 1}, []), table(judgement)
