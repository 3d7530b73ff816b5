"""Spelling, retention, secrets, keys and merges, each with its attacker."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from citizens.cabinet import UnknownCitizen
from citizens.challenges import Refused
from citizens.claim import Claim
from citizens.consent import Consent
from citizens.identifier import KINDS, Unusable
from citizens.journey import Happened
from citizens.keyring import Keyring, VaultError
from citizens.retention import Rules, ends
from citizens.spelling import key_of, odd, spell
from tests.citizens.memory import MemoryStore
from tests.citizens.site import ASKED, DAY, Site
from tests.unit.citizens.drawer import Drawer

MAIL, PHONE = spell("email", "zoe@example.org"), spell("phone", "+33612345678")


@pytest.fixture
async def site(tmp_path):
    return await Site(MemoryStore(), Drawer(), tmp_path).open()


@pytest.mark.parametrize(
    ("kind", "ways"),
    [
        ("phone", ["06 12 34 56 78", "+33612345678", "0033612345678", "+33 (0)6 12 34 56 78"]),
        ("phone", ["٠٦١٢٣٤٥٦٧٨", "０６１２３４５６７８", "0612345678"]),
        ("email", ["Zoe@Example.ORG", " zoe@example.org ", "zoe@EXAMPLE.org"]),
        ("email", ["zoé@example.org", "zoe\u0301@example.org", "ZOÉ@example.org"]),
        ("email", ["a@bücher.example", "a@xn--bcher-kva.example", "a@BÜCHER.example"]),
        ("beneficiary", [f"1234567{key_of('1234567')}", f"1 234 567-{key_of('1234567')}"]),
        ("handle", ["messages:Zoé", "messages:zoe\u0301"]),
    ],
)  # fmt: skip
def test_ways_to_write_the_same_are_one(kind, ways):
    assert len({spell(kind, way) for way in ways}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("paypal@example.org", "pаypal@example.org"),  # Cyrillic а
        ("a@faß.example", "a@fass.example"),
        ("a@example.org", "a@exаmple.org"),
        ("admin@example.org", "ａdmin@example.org"),  # full width
        ("a.b@example.org", "ab@example.org"),
        ("a+x@example.org", "a@example.org"),
    ],
)
def test_look_alikes_stay_apart_and_are_told(one, other):
    assert spell("email", one) != spell("email", other)
    if not other.isascii() and "ß" not in one:
        assert odd(spell("email", other)) == "mixed_scripts"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", "withheld"), ("anonymous", "withheld"), ("Unknown", "withheld"), ("Restricted", "withheld"),
        ("0899 12 34 56", "premium"), ("+33 899 12 34 56", "premium"), ("3230", "short"), ("112", "short"),
        ("1-800-FLOWERS", "not_a_number"), ("sip:zoe@example.org", "not_a_number"),
        ("+999123456789", "not_a_number"),
        ("06123456789012", "not_a_number"), ("+33123456789 ext. 12", "not_a_number"),
        ("\u202e8765432160", "hidden_signs"),
    ],
)  # fmt: skip
def test_numbers_of_nobody_are_no_identifier(number, code):
    with pytest.raises(Unusable) as fault:
        spell("phone", number)
    assert fault.value.code == code


def test_a_wrong_check_key_is_told():
    with pytest.raises(Unusable, match="key_wrong"):
        spell("beneficiary", f"1234568{key_of('1234567')}")


@given(st.sampled_from(KINDS), st.text(max_size=300))
def test_any_text_is_spelt_once_and_for_all_or_refused(kind, text):
    try:
        spelt = spell(kind, text)
    except Unusable as fault:
        shown = str(fault)
    else:
        shown = f"{spelt!r}"
        assert spell(kind, spelt.value) == spelt
        assert spelt.value not in shown
    assert len(text) < 20 or text not in shown


@given(st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2035, 1, 1)), st.integers(1, 1000))
@pytest.mark.parametrize("zone", ["Europe/Paris", "America/Sao_Paulo", "Pacific/Apia", "UTC"])
def test_days_are_days_of_the_calendar_also_when_clocks_move(zone, naive, days):
    where = ZoneInfo(zone)
    at = round(naive.replace(tzinfo=dt.UTC).timestamp()) * 1_000_000
    over = dt.datetime.fromtimestamp(ends(at, days, zone) / 1_000_000, where)
    began = dt.datetime.fromtimestamp(at / 1_000_000, where)
    assert (over.date() - began.date()).days == days + 1
    assert (over - dt.timedelta(seconds=1)).astimezone(dt.UTC).astimezone(where).date() <= over.date()


def test_a_day_of_23_hours_is_a_day():
    paris = ZoneInfo("Europe/Paris")
    at = dt.datetime(2026, 3, 28, 12, tzinfo=paris)  # the night after, clocks go forward
    over = dt.datetime.fromtimestamp(ends(round(at.timestamp()) * 1_000_000, 1, "Europe/Paris") / 1e6, paris)
    assert over == dt.datetime(2026, 3, 30, 0, tzinfo=paris)


async def test_each_kind_goes_on_its_day_and_not_before(site):
    guest = await site.register.meet([Claim(PHONE, "caller_id")], "phone")
    known = await site.register.meet([Claim(MAIL, "account")], "chat")
    at = site.now()
    for what, text in (("a promised", "we write to Zoé"), ("asked", "")):
        await site.register.note(
            known.citizen, Happened(what, at, what.split()[-1], "chat", about="p1", text=text)
        )
    rules = Rules(zone="Europe/Paris")
    for kind, days in (
        ("guest", rules.guest_days),
        ("words", rules.words_days),
        ("journey", rules.journey_days),
    ):
        site.ahead = ends(at, days, rules.zone) - at - DAY // 48
        await site.sweep.run()
        if kind == "guest":
            assert (await site.register.reach(guest.citizen)) == ()
        elif kind == "words":
            assert (await site.register.journey(known.citizen)).entries[0].text
        else:
            assert len((await site.register.journey(known.citizen)).entries) == 2
        site.ahead += DAY // 24
        swept = await site.sweep.run()
        assert swept.erased == (kind == "guest")
        if kind == "guest":
            with pytest.raises(UnknownCitizen):
                await site.register.reach(guest.citizen)
        elif kind == "words":
            assert [each.text for each in (await site.register.journey(known.citizen)).entries] == ["", ""]
        else:
            assert (await site.register.journey(known.citizen)).entries == ()
    site.ahead = ends(at, rules.citizen_days, rules.zone) - at + 1
    assert (await site.sweep.run()).erased == 1
    assert not [name for name in site.store.values if name[:2] in ("c:", "i:", "w:")]


async def test_a_secret_proves_once_there_where_it_was_asked_for(site):
    victim = await site.register.meet([Claim(MAIL, "account")], "chat")
    thief = await site.register.meet([Claim(MAIL, "stated")], "chat")
    assert thief.likely == (victim.citizen,)
    link = await site.challenges.ask(thief.citizen, MAIL, "link")  # the victim opens it
    with pytest.raises(Refused, match="used_or_old"):
        await site.challenges.answer(victim.citizen, MAIL, link)
    assert not (await site.people.same(thief.citizen))[1:]
    for _ in range(5):
        with pytest.raises(Refused, match="wrong"):
            await site.challenges.answer(thief.citizen, MAIL, "000000")
    with pytest.raises(Refused, match="too_many"):
        await site.challenges.answer(thief.citizen, MAIL, link)
    honest = await site.register.meet([Claim(MAIL, "stated")], "chat")
    code = await site.challenges.ask(honest.citizen, MAIL, "code")
    code = await site.challenges.ask(honest.citizen, MAIL, "code") if code == "" else code
    met = await site.challenges.answer(honest.citizen, MAIL, code)
    assert (met.sure, met.why) == (True, "proved")
    assert set(await site.people.same(honest.citizen)) == {honest.citizen, victim.citizen}
    with pytest.raises(Refused, match="used_or_old"):
        await site.challenges.answer(honest.citizen, MAIL, code)  # a replay


async def test_an_old_secret_and_one_that_was_replaced_prove_nothing(site):
    zoe = await site.register.meet([Claim(MAIL, "stated")], "chat")
    first = await site.challenges.ask(zoe.citizen, MAIL, "link")
    second = await site.challenges.ask(zoe.citizen, MAIL, "link")
    with pytest.raises(Refused, match="wrong"):
        await site.challenges.answer(zoe.citizen, MAIL, first)
    site.ahead = 2 * DAY
    with pytest.raises(Refused, match="used_or_old"):
        await site.challenges.answer(zoe.citizen, MAIL, second)
    site.ahead = 0
    for _ in range(3):
        await site.challenges.ask(zoe.citizen, MAIL, "code")
    with pytest.raises(Refused, match="too_many"):
        await site.challenges.ask(zoe.citizen, MAIL, "code")


async def test_two_with_identities_of_one_kind_are_never_one(site):
    one = await site.register.meet(
        [Claim(spell("franceconnect", "a" * 32), "account"), Claim(MAIL, "code")], "chat"
    )
    other = await site.register.meet(
        [Claim(spell("franceconnect", "b" * 32), "account"), Claim(MAIL, "code")], "chat"
    )
    assert other.citizen != one.citizen
    assert (other.sure, other.why) == (False, "contested")
    again = await site.register.meet([Claim(MAIL, "code")], "email")
    assert (again.sure, again.why) == (False, "contested")  # two have proved it: it says who nobody is


async def test_credit_never_rests_on_a_claim(site):
    zoe = await site.register.meet([Claim(PHONE, "caller_id"), Claim(MAIL, "account")], "chat")
    for number, what in enumerate(("asked", "accepted", "gone"), 1):
        happened = Happened(f"main:{number}:0", site.now(), what, "phone", contact="c1", topic="tax")
        happened = structs.replace(happened, agent="ag7", reason="lost")
        await site.register.note(zoe.citizen, happened)
    called = (await site.register.recognise([Claim(PHONE, "caller_id")], "phone")).facts
    assert (called.prefers, called.cut, called.journey, called.vulnerable) == (("ag7",), False, 0, False)
    proved = (await site.register.recognise([Claim(MAIL, "signed")], "email")).facts
    assert (proved.prefers, proved.cut, proved.topics) == (("ag7",), True, {"tax": 1})


async def test_a_key_file_of_another_vault_opens_nothing_and_says_so(site, tmp_path):
    zoe = await site.register.meet([Claim(MAIL, "account")], "chat", "c1", {"number": "1"})
    (tmp_path / "other").mkdir()
    foreign = Site(site.store, site.sealed, tmp_path / "other")
    with pytest.raises(VaultError, match="put back the key file"):
        await foreign.open()
    with pytest.raises(VaultError, match="put back the key file"):
        await foreign.cabinet.open(zoe.citizen)


async def test_a_record_moved_to_another_citizen_does_not_open(site):
    zoe = await site.register.meet([Claim(MAIL, "account")], "chat")
    yves = await site.register.meet([Claim(PHONE, "caller_id")], "phone")
    site.store.values[f"c:{yves.citizen}"] = site.store.values[f"c:{zoe.citizen}"]
    with pytest.raises(VaultError, match="belongs to somebody else"):
        await site.cabinet.open(yves.citizen)
    met = await site.register.recognise([Claim(PHONE, "caller_id")], "phone")  # and turns no caller away
    assert met.likely == ()


@pytest.mark.parametrize("dies_after", [0, 1, 3])
async def test_a_rotation_that_dies_goes_on_and_ends_under_one_key(site, tmp_path, dies_after, monkeypatch):
    mails = [spell("email", f"z{n}@example.org") for n in range(5)]
    met = [await site.register.meet([Claim(mail, "account")], "chat") for mail in mails]
    await site.vault.put("alone", {"number": "1"}, 60)
    old, swaps = site.keyring.file.read_bytes(), 0
    swap = site.store.swap

    async def dying(change):
        nonlocal swaps
        swaps += 1
        if swaps > dies_after:
            raise ConnectionError("killed")
        return await swap(change)

    monkeypatch.setattr(site.store, "swap", dying)
    with pytest.raises(ConnectionError):
        await site.rotation.run()
    monkeypatch.setattr(site.store, "swap", swap)
    again = await Site(site.store, site.sealed, tmp_path).open()
    assert again.rotation.unfinished
    for each in met:
        await again.cabinet.open(each.citizen)
    await again.rotation.run()
    assert not again.rotation.unfinished
    assert again.keyring.file.read_bytes() != old
    last = await Site(site.store, site.sealed, tmp_path).open()
    assert [await last.register.reach(each.citizen) for each in met] == [(mail,) for mail in mails]
    assert await last.vault.get("alone") == {"number": "1"}
    await site.cabinet.open(met[0].citizen)  # another process notices the new key by itself
    site.keyring.file.write_bytes(old)
    with pytest.raises(VaultError):
        await (Site(site.store, site.sealed, tmp_path)).open()


async def test_export_is_complete_and_readable_in_any_script(site):
    names = "Zoé 李小龍 محمد Ελένη 👩‍🦽"
    zoe = await site.register.meet(
        [Claim(MAIL, "account"), Claim(PHONE, "caller_id")], "chat", "c1", {"keyed": "42"}
    )
    await site.register.name(zoe.citizen, names)
    await site.register.note(
        zoe.citizen, Happened("q1", site.now(), "questioned", "chat", contact="c1", text=names)
    )
    await site.register.consent(zoe.citizen, Consent("share", site.now(), "said", "c1", "ag1", "town-hall"))
    await site.register.keep(zoe.citizen, "address:tax", b'{"street":"1 rue X"}')
    guest = await site.register.meet([Claim(PHONE, "caller_id")], "phone", "c2", {"number": PHONE.value})
    await site.register.note(guest.citizen, Happened("a1", site.now(), "asked", "phone", contact="c2"))
    await site.people.merge(zoe.citizen, guest.citizen, "confirmed", ASKED)
    all_of_it = await site.people.export(guest.citizen, ASKED)
    assert {each.record.name for each in all_of_it.person.members} == {"", names}
    assert all_of_it.contacts == {"c1": {"keyed": "42"}, "c2": {"number": PHONE.value}}
    assert [each.what for each in all_of_it.journey.entries] == ["questioned", "consented", "asked"]
    assert [each.about or each.contact for each in all_of_it.journey.open] == ["c1", "c2"]
    assert all_of_it.kept == {"address:tax": b'{"street":"1 rue X"}'}
    await site.people.erase(guest.citizen, ASKED)
    assert await site.vault.get("c1") is None
    assert not [
        name for name in (*site.store.values, *site.store.rows) if name[:2] in ("c:", "j:", "k:", "i:", "w:")
    ]


def test_two_rings_on_one_file_follow_each_other(tmp_path):
    one, other = Keyring(tmp_path / "k"), Keyring(tmp_path / "k")
    one.begin()
    assert one.is_current(other.wrap(b"w" * 32, b"y"))  # a process that did not rotate, either
    wrapped = one.wrap(b"x" * 32, b"y")
    assert other.unwrap(wrapped, b"y", "zoe") == b"x" * 32
    assert one.unwrap(other.wrap(b"z" * 32, b"y"), b"y", "zoe") == b"z" * 32
