"""A call at the door: the receipt only after the log and the vault hold what they must."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from msgspec import structs

from citizens.claim import Claim
from citizens.spelling import spell
from router.core.events import Config, Contact, Gone, Takeover
from router.core.policy import SECOND
from router.door import Unavailable
from router.phone.agi import HungUp
from router.phone.entry import Entry
from router.phone.ruling import Ruling
from router.phone.said import Accepted, Entered, Submitting, Turned
from router.phone.settings import PhoneSettings
from tests.citizens.memory import MemoryStore
from tests.citizens.site import ASKED, Site
from tests.unit.citizens.drawer import Drawer
from tests.unit.phone.door import MemoryDoor, agency
from tests.unit.phone.line import Phone, on


class Shelf:
    """The vault's port; `away` as when its store is."""

    def __init__(self, away=False):
        self.records = {}
        self.away = away

    async def put(self, contact, record, ttl_s):
        if self.away:
            raise ConnectionError("the store does not answer")
        self.records[contact] = record


class Case:
    """One call at the door and what came of it."""

    def __init__(self, *keys, shelf=None, is_open=True):
        self.door, self.shelf = MemoryDoor(), shelf or Shelf()
        self.phone = Phone(*keys)
        self.noted, self.counted = [], []
        self.entry = Entry(
            self.door,
            Ruling(self.door),
            self.shelf,
            PhoneSettings(),
            lambda: is_open,
            self.noted.append,
            self.counted.append,
        )

    @asynccontextmanager
    async def agi(self, **headers):
        async with on(self.phone) as agi:
            agi.headers = {"channel": "PJSIP/trunk-1", "uniqueid": "1.1", **headers}
            yield agi

    @property
    def kinds(self):
        return [type(each) for each in self.noted]

    @property
    def receipt(self):
        return self.phone.variables.get("GUICHET_ROUTED")


@asynccontextmanager
async def known(tmp_path):
    """A register in memory, and a case before it."""
    site = await Site(MemoryStore(), Drawer(), tmp_path).open()
    case = Case("2", "1")
    case.entry = structs.replace(case.entry, register=site.register)
    yield site, case


async def test_a_caller_is_written_down_under_their_own_key_and_joined_to_nobody(tmp_path):
    async with known(tmp_path) as (site, case):
        before = await site.register.meet([Claim(spell("phone", "+33612345678"), "code")], "phone")
        async with case.agi(callerid="06 12 34 56 78") as agi:
            await case.entry.receive(agi)
        assert case.receipt == "wait"
        (contact,) = await case.door.read(lambda state: list(state.contacts.values()))
        assert contact.citizen != before.citizen
        assert await site.people.likely(contact.citizen) == {before.citizen}
        assert (await site.vault.get(contact.contact))["number"] == "06 12 34 56 78"
        await site.people.erase(contact.citizen, ASKED)
        assert await site.vault.get(contact.contact) is None


@pytest.mark.parametrize("number", ["", "unknown", "anonymous", "3230", "0899123456", "\u202e", "x" * 300])
async def test_a_number_of_nobody_turns_no_caller_away(tmp_path, number):
    async with known(tmp_path) as (site, case):
        async with case.agi(callerid=number) as agi:
            await case.entry.receive(agi)
        assert case.receipt == "wait"
        assert not [name for name in site.store.values if name.startswith("i:")]


async def test_a_register_that_is_away_turns_no_caller_away(tmp_path, monkeypatch):
    async with known(tmp_path) as (site, case):

        async def away(names):
            raise ConnectionError("the store does not answer")

        monkeypatch.setattr(site.store, "indexed", away)
        async with case.agi(callerid="+33612345678") as agi:
            await case.entry.receive(agi)
        assert case.receipt == "wait"
        assert len(case.shelf.records) == 1


async def test_the_receipt_follows_the_durable_contact():
    case = Case("2", "1")
    headers = {"callerid": "+33123456789", "calleridname": "Zoé", "dnid": "3230"}
    async with case.agi(**headers) as agi:
        await case.entry.receive(agi)
    [contact] = case.door.events(Contact)
    assert case.phone.variables["GUICHET_CONTACT"] == contact.contact
    assert case.receipt == "wait"
    assert (contact.topic, contact.language, contact.via, contact.channel) == (
        "housing",
        "en",
        "phone",
        "phone",
    )
    assert contact.needs == ({"housing": 1, "lang:en": 1},)
    assert 0 < contact.waited < 60 * SECOND
    kept = {"number": "+33123456789", "name": "Zoé", "called": "3230", "keyed": "21"}
    assert case.shelf.records == {contact.contact: kept}
    assert case.kinds == [Entered, Submitting, Accepted]
    assert case.counted == ["accepted"]
    assert "Zoé" not in repr(case.door.entries) + repr(case.noted)


async def test_the_contact_is_called_what_the_dialplan_called_it():
    case = Case("1", "1")
    async with case.agi(arg_1="token", arg_2="c-0123456789abcdef") as agi:
        await case.entry.receive(agi)
    [contact] = case.door.events(Contact)
    assert contact.contact == "c-0123456789abcdef"
    assert "GUICHET_CONTACT" not in case.phone.variables


@pytest.mark.parametrize(
    "given", ["", "c-", "c-0123456789ABCDEF", "c-0123456789abcdef0", "c-0123456789abcde\n", "x"]
)
async def test_what_is_no_contacts_name_is_not_taken_for_one(given):
    case = Case("1", "1")
    async with case.agi(arg_2=given) as agi:
        await case.entry.receive(agi)
    [contact] = case.door.events(Contact)
    assert contact.contact != given
    assert case.phone.variables["GUICHET_CONTACT"] == contact.contact


async def test_what_asterisk_calls_unknown_is_nothing_and_what_is_long_is_cut():
    case = Case()
    async with case.agi(callerid="unknown", calleridname="x" * 5000) as agi:
        await case.entry.receive(agi)
    [record] = case.shelf.records.values()
    assert (record["number"], record["name"]) == ("", "x" * 200)


async def test_without_the_log_there_is_no_receipt():
    case = Case("1", "1")
    case.door.away = True
    async with case.agi() as agi:
        await case.entry.receive(agi)
    assert (case.receipt, case.kinds[-1], case.counted) == (None, Turned, ["turned"])


async def test_without_the_vault_there_is_no_receipt_and_the_contact_is_gone_again():
    case = Case("1", "1", shelf=Shelf(away=True))
    async with case.agi() as agi:
        await case.entry.receive(agi)
    assert (case.receipt, case.kinds) == (None, [Entered, Submitting, Turned])
    [contact] = case.door.events(Contact)
    assert case.door.events(Gone) == [Gone(contact.contact, "fallback")]


async def test_a_contact_the_core_refuses_gets_no_receipt(monkeypatch):
    monkeypatch.setattr("secrets.token_hex", lambda count: "0" * 16)
    case = Case("1", "1", "1", "2")
    for _ in range(2):
        async with case.agi() as agi:
            await case.entry.receive(agi)
        case.phone.over.clear()
        first = case.phone.variables.pop("GUICHET_ROUTED", None)
    assert first is None
    assert case.counted == ["accepted", "turned"]


async def test_a_caller_who_hangs_up_in_the_menu_leaves_no_contact():
    case = Case()
    case.phone.reply = lambda line: b"200 result=1\n" if line.startswith("SET") else b"200 result=-1\n"
    async with case.agi() as agi:
        with pytest.raises(HungUp):
            await case.entry.receive(agi)
    assert case.kinds == [Entered, Turned]
    assert (case.door.events(Contact), case.shelf.records) == ([], {})


async def test_outside_opening_hours_the_call_is_told_so():
    case = Case(is_open=False)
    async with case.agi() as agi:
        await case.entry.receive(agi)
    assert (case.receipt, case.noted, case.counted) == ("closed", [], ["closed"])


async def test_a_caller_who_is_cut_off_before_the_receipt_is_no_failure_and_keeps_the_contact_accepted():
    case = Case("1", "1")
    case.phone.reply = lambda line: None if "GUICHET_ROUTED" in line else case.phone.press(line)
    async with case.agi() as agi:
        with pytest.raises(HungUp):
            await case.entry.receive(agi)
    assert case.kinds == [Entered, Submitting, Accepted]  # the hang-up itself is Asterisk's to say


async def test_the_menu_is_that_of_the_policy_that_rules_when_it_is_asked():
    case = Case("1", "1")
    ruling = case.entry.ruling
    case.door.listen(ruling.heard)
    async with case.agi() as agi:
        await case.entry.receive(agi)
    await case.door.submit(Config(agency(offer_expiry=7 * SECOND), "other"))
    assert (await ruling.policy()).offer_expiry == 7 * SECOND


async def test_nobody_is_asked_anything_once_the_log_takes_nothing_or_another_rules():
    door = MemoryDoor()
    ruling = Ruling(door)
    await ruling.policy()
    asked = []

    async def read(question):
        asked.append(question)
        raise Unavailable("not_owner", "another rules")

    door.read = read
    await ruling.policy()
    assert asked == []
    door.away = True
    with pytest.raises(Unavailable):
        await ruling.policy()
    door.away = False
    door.listen(ruling.heard)
    await door.submit(Takeover(2))
    with pytest.raises(Unavailable):
        await ruling.policy()


async def test_a_record_that_failed_and_a_log_that_then_does_too_leave_the_call_to_the_native_queue():
    case = Case("1", "1")

    class Slow(Shelf):
        async def put(self, contact, record, ttl_s):
            await asyncio.sleep(0.01)
            case.door.away = True
            raise ConnectionError("the store does not answer")

    case.entry = structs.replace(case.entry, vault=Slow())
    async with case.agi() as agi:
        await case.entry.receive(agi)
    assert (case.receipt, case.kinds[-1], case.counted) == (None, Turned, ["turned"])
