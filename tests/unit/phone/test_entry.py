"""A call at the door: the receipt only after the log and the vault hold what they must."""

from contextlib import asynccontextmanager

import pytest

from router.core.events import Contact
from router.core.policy import SECOND
from router.phone.agi import HungUp
from router.phone.entry import Entry
from router.phone.said import Accepted, Entered, Submitting, Turned
from router.phone.settings import PhoneSettings
from tests.unit.phone.door import MemoryDoor
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
            self.door, self.shelf, PhoneSettings(), lambda: is_open, self.noted.append, self.counted.append
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


async def test_without_the_vault_there_is_no_receipt_and_no_contact():
    case = Case("1", "1", shelf=Shelf(away=True))
    async with case.agi() as agi:
        await case.entry.receive(agi)
    assert (case.receipt, case.kinds) == (None, [Entered, Turned])
    assert case.door.events(Contact) == []


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
