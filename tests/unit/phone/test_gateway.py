"""The gateway on a real Asterisk with real SIP phones; only the log is the in-memory twin of its port."""

import asyncio
import shutil
import tempfile
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from router.core.events import Agent, Answer, Contact, Ended, Found, Gone, Outcome
from router.phone.gateway import PhoneGateway
from router.phone.menu import AGAIN, default_prompt
from router.phone.settings import AgiSettings, AmiSettings, MenuSettings, PhoneSettings
from tests.phone.lab import Lab
from tests.phone.sipp import Call, Keys, agents, citizens
from tests.unit.phone.door import MemoryDoor, one_contact

pytestmark = pytest.mark.asterisk

ENDPOINTS = {f"a{n}": f"ag{n:02}" for n in range(1, 6)}
PRESS_2_2 = Keys([(1500, "2"), (1500, "2")])


class Shelf:
    """The vault's port, in memory."""

    def __init__(self):
        self.records = {}

    async def put(self, contact, record, ttl_s):
        self.records[contact] = record


@pytest.fixture
def folder():
    path = Path(tempfile.mkdtemp(prefix="guichet-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def lab(folder):
    with Lab(folder / "asterisk") as running:
        yield running


async def rung(phones):
    """Until SIPp's own log says that a phone rings: no event tells of a line in a file."""
    async with asyncio.timeout(10):
        while not (phones.exists() and "rung" in phones.read_text()):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


@asynccontextmanager
async def gateway(lab, door, *, endpoints=ENDPOINTS, compare_s=60.0, **more):
    host, port = lab.agi.split(":")
    settings = PhoneSettings(
        ami=AmiSettings(port=lab.ami_port, secret_file=str(lab.folder / "secrets" / "ami")),
        agi=AgiSettings(host=host, port=int(port)),
        menu=MenuSettings(wait_s=1.0),
        endpoints=endpoints,
        compare_s=compare_s,
    )
    shelf = Shelf()
    counted: dict[str, int] = {}
    news = asyncio.Event()

    def count(word):
        counted[word] = counted.get(word, 0) + 1
        news.set()

    phone = PhoneGateway(door, settings, shelf, count=count, **more)
    await phone.start()
    phone.shelf, phone.counted = shelf, counted
    try:
        async with asyncio.timeout(10):
            while not {"surveys", "beats"} <= counted.keys():
                news.clear()
                await news.wait()
        yield phone
    finally:
        await phone.stop()


async def test_a_call_chooses_by_keys_waits_is_answered_and_ends(lab, folder):
    door = MemoryDoor()
    async with gateway(lab, door) as phone, agents(lab, folder):
        calls = asyncio.create_task(citizens(lab, folder, [Call("32300001")], keyed=PRESS_2_2))
        contact = await door.until(one_contact("waiting"))
        assert (contact.language, contact.topic, contact.via) == ("en", "family", "phone")
        assert contact.needs == ({"family": 1, "lang:en": 1},)
        assert phone.shelf.records[contact.contact]["keyed"] == "22"
        await door.ready("a1", housing=5, **{"lang:fr": 5})  # can serve none of it
        await door.ready("a2", family=5, **{"lang:en": 5})
        served = await door.until(one_contact("connected"))
        assert served.agent == "a2"
        await door.until(one_contact("wrap_up"))
        await calls
    assert [type(event) for event in door.events(Answer, Ended, Gone, Found)] == [Answer, Ended]
    assert door.refused == []


async def test_silence_and_wrong_keys_get_the_first_choice(lab, folder):
    door = MemoryDoor()
    async with gateway(lab, door):
        keyed = Keys([(1500, "9"), (500, "#")], way="info")
        calls = asyncio.create_task(citizens(lab, folder, [Call("32300001", patience=25_000)], keyed=keyed))
        contact = await door.until(one_contact("waiting"), within=40)
        assert (contact.language, contact.topic) == ("fr", "housing")
        await door.until(one_contact("gone"), within=40)
        await calls


async def test_an_agent_who_does_not_answer_is_not_rung_again_and_the_caller_keeps_waiting(lab, folder):
    door = MemoryDoor()
    async with gateway(lab, door), agents(lab, folder, "busy"):
        calls = asyncio.create_task(citizens(lab, folder, [Call("32300001", patience=6000)], keyed=PRESS_2_2))
        await door.ready("a2", family=5, **{"lang:en": 5})
        await door.until(one_contact("gone"), within=20)
        await calls
    answers = [(each.answer, each.reason) for each in door.events(Answer)]
    assert answers == [("declined", "busy")]
    assert [event.reason for event in door.events(Gone)] == ["left"]


async def test_an_agent_without_a_phone_is_unreachable(lab, folder):
    door = MemoryDoor()
    endpoints = {"a1": "nobody", "a2": "ag02"}
    async with gateway(lab, door, endpoints=endpoints), agents(lab, folder):
        await door.ready("a1", family=9, **{"lang:en": 9})
        calls = asyncio.create_task(citizens(lab, folder, [Call("32300001")], keyed=PRESS_2_2))
        await door.until(one_contact("waiting"))
        await door.until(lambda _: door.events(Answer))
        await door.ready("a2", family=5, **{"lang:en": 5})
        served = await door.until(one_contact("connected"))
        assert served.agent == "a2"
        await calls
    assert [(each.answer, each.reason) for each in door.events(Answer)] == [
        ("missed", "unreachable"),
        ("accepted", ""),
    ]


async def test_an_agent_who_goes_away_while_ringing_stops_ringing_and_the_caller_keeps_waiting(lab, folder):
    door = MemoryDoor()
    async with gateway(lab, door) as phone, agents(lab, folder, "noanswer") as phones:
        await door.ready("a1", family=5, **{"lang:en": 5})
        calls = asyncio.create_task(citizens(lab, folder, [Call("32300001", patience=8000)], keyed=PRESS_2_2))
        await door.until(one_contact("offered"))
        await rung(phones)
        await door.submit(Agent("a1", "away", reason="break"))
        outcome = await door.until(lambda _: door.events(Outcome))
        assert outcome[0].result == "done"
        assert door.state.agents["a1"].releasing == {}
        assert [contact.state for contact in door.state.contacts.values()] == ["waiting"]
        assert phone.counted["return_done"] == 1
        await door.until(one_contact("gone"), within=20)
        await calls


async def test_without_its_log_the_gateway_gives_no_receipt_and_the_native_queue_has_the_call(lab, folder):
    door = MemoryDoor()
    async with gateway(lab, door) as phone, agents(lab, folder):
        door.away = True
        calls = asyncio.create_task(
            citizens(lab, folder, [Call("32300001", patience=10_000)], keyed=PRESS_2_2)
        )
        await calls
        assert phone.counted["turned"] == 1
        assert door.state.contacts == {}


async def test_after_a_restart_the_waiting_caller_is_found_and_served(lab, folder):
    door = MemoryDoor()
    async with agents(lab, folder):
        async with gateway(lab, door):
            calls = asyncio.create_task(citizens(lab, folder, [Call("32300001")], keyed=PRESS_2_2))
            await door.until(one_contact("waiting"))
        async with gateway(lab, door):
            [found] = await door.until(lambda _: door.events(Found))
            assert found.where == "waiting"
            await door.ready("a2", family=5, **{"lang:en": 5})
            await door.until(one_contact("wrap_up"))
            await calls


async def test_after_a_restart_a_conversation_and_a_caller_who_left_are_found(lab, folder):
    door = MemoryDoor()
    async with agents(lab, folder, talk=(4000, 4000)):
        async with gateway(lab, door):
            calls = asyncio.create_task(citizens(lab, folder, [Call("32300001")], keyed=PRESS_2_2))
            await door.ready("a2", family=5, **{"lang:en": 5})
            await door.until(one_contact("connected"))
            await door.submit(Contact("c-lost", "phone", ({"family": 1},), via="phone"))
        async with gateway(lab, door):
            await door.until(lambda pool: pool.contacts["c-lost"].state == "gone")
            await door.until(one_contact("wrap_up"))
            await calls
    assert [event.agent for event in door.events(Ended)] == ["a2"]


async def test_nothing_of_the_caller_reaches_the_log(lab, folder):
    door = MemoryDoor()
    name = '"Zoé <Ünïcode>" '.encode("latin-1")
    async with gateway(lab, door) as phone:
        calls = [Call("32300001", patience=4000)]
        made = asyncio.create_task(citizens(lab, folder, calls, name=name, keyed=PRESS_2_2))
        await door.until(one_contact("gone"), within=20)
        await made
    assert [record["number"] for record in phone.shelf.records.values()] == ["citizen"]
    assert "citizen" not in repr(door.entries).replace("citizen=None", "")
    assert "Zo" not in repr(door.entries)


def test_the_menus_own_sounds_are_in_both_languages(lab):
    """As Asterisk's configuration names the folder: a sound that is missing is silence to the caller."""
    shared = next(
        line for line in lab.cli("core", "show", "settings").splitlines() if "Data directory" in line
    )
    folder = Path(shared.partition(":")[2].strip()) / "sounds"
    for language in ("en", "fr"):
        for sound in (*default_prompt(9), AGAIN):
            assert list((folder / language).glob(f"{sound}.*")), f"{language}/{sound}"
