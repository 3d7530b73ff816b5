"""By which way and when: consent, preference, quiet hours in the citizen's own zone."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from citizens.consent import Consent
from citizens.identifier import Identifier
from citizens.notice import WAYS, Asked, Give, Known, Send, Tried, Wait, ordered, plan
from citizens.preferences import Preferences
from citizens.quiet import Quiet, allowed_from, zones_of

PARIS = ZoneInfo("Europe/Paris")
MOBILE, FIXED = Identifier("phone", "+33612345678"), Identifier("phone", "+33142345678")
MAIL = Identifier("email", "a@example.org")
ALL = tuple(
    Consent(purpose, 0, "said", "c-1", "ag01")
    for purpose in ("contact_by_email", "contact_by_sms", "contact_by_voice")
)


def instant(text: str, zone: ZoneInfo = PARIS) -> int:
    return round(dt.datetime.fromisoformat(text).replace(tzinfo=zone).timestamp() * 1_000_000)


NOON, NIGHT = instant("2026-11-25T12:00"), instant("2026-11-25T23:00")  # a Wednesday
ASKED = Asked(("sms", "voice", "email"), "service", NOON + 10**13)
KNOWN = Known(ALL, Preferences(), (MOBILE, MAIL), "Europe/Paris")


def test_the_agencys_order_unless_the_citizen_prefers_another() -> None:
    assert plan(ASKED, KNOWN, (), NOON) == Send("sms", MOBILE)
    likes = structs.replace(KNOWN, preferences=Preferences(channel="email"))
    assert plan(ASKED, likes, (), NOON) == Send("email", MAIL)
    rings = structs.replace(KNOWN, preferences=Preferences(channel="phone"))
    assert plan(ASKED, rings, (), NOON) == Send("voice", MOBILE)


def test_nobody_is_written_to_without_a_yes() -> None:
    assert plan(ASKED, structs.replace(KNOWN, consents=()), (), NOON) == Give("no_consent")
    taken_back = tuple(structs.replace(each, withdrawn_at=5) for each in ALL)
    assert plan(ASKED, structs.replace(KNOWN, consents=taken_back), (), NOON) == Give("no_consent")
    only_mail = structs.replace(KNOWN, consents=ALL[:1])
    assert plan(ASKED, only_mail, (), NOON) == Send("email", MAIL)


def test_rights_nobody_asked_for_need_a_yes_of_their_own() -> None:
    proactive = structs.replace(ASKED, why="proactive")
    assert plan(proactive, KNOWN, (), NOON) == Give("no_consent")
    yes = (*ALL, Consent("proactive", 0, "said", "c-1", "ag01"))
    assert plan(proactive, structs.replace(KNOWN, consents=yes), (), NOON) == Send("sms", MOBILE)


def test_what_they_asked_for_comes_at_once() -> None:
    code = structs.replace(ASKED, why="asked")
    assert plan(code, structs.replace(KNOWN, consents=()), (), NIGHT) == Send("sms", MOBILE)


def test_at_night_what_rings_waits_and_mail_does_not() -> None:
    assert plan(ASKED, KNOWN, (), NIGHT) == Wait(instant("2026-11-26T08:00"))
    likes = structs.replace(KNOWN, preferences=Preferences(channel="email"))
    assert plan(ASKED, likes, (), NIGHT) == Send("email", MAIL)


def test_what_is_of_no_use_in_the_morning_goes_another_way_or_not_at_all() -> None:
    soon = structs.replace(ASKED, until=NIGHT + 3600 * 10**6)
    assert plan(soon, KNOWN, (), NIGHT) == Send("email", MAIL)
    assert plan(soon, structs.replace(KNOWN, reach=(MOBILE,)), (), NIGHT) == Give("expired")
    assert plan(soon, KNOWN, (), soon.until) == Give("expired")


def test_a_way_that_is_over_is_followed_by_the_next() -> None:
    assert plan(ASKED, KNOWN, (Tried("sms", 1, over=True),), NOON) == Send("voice", MOBILE)
    assert plan(ASKED, KNOWN, tuple(Tried(way, 1, over=True) for way in WAYS), NOON) == Give("failed")
    assert plan(ASKED, structs.replace(KNOWN, reach=()), (), NOON) == Give("no_address")


def test_no_text_message_to_a_fixed_line_and_no_ringing_through_a_relay() -> None:
    fixed = structs.replace(KNOWN, reach=(FIXED, MAIL))
    assert plan(ASKED, fixed, (), NOON) == Send("voice", FIXED)
    assert "voice" not in ordered(WAYS, Preferences(relay="sign", channel="phone"))


@pytest.mark.parametrize(
    ("number", "zones"),
    [
        ("+33612345678", ("Europe/Paris",)),
        ("+590690123456", ("America/Guadeloupe",)),
        ("+262692123456", ("Indian/Mayotte", "Indian/Reunion")),
        ("+80012345678", ("Europe/Paris",)),  # of no country: where the site is
    ],
)
def test_overseas_it_is_another_hour(number: str, zones: tuple[str, ...]) -> None:
    assert zones_of((MAIL, Identifier("phone", number)), "Europe/Paris") == zones


def test_the_night_is_the_citizens() -> None:
    """At noon in Paris it is seven in Guadeloupe; where it may be two zones, both must be awake."""
    far = structs.replace(KNOWN, reach=(Identifier("phone", "+590690123456"),))
    assert plan(ASKED, far, (), NOON) == Wait(instant("2026-11-25T08:00", ZoneInfo("America/Guadeloupe")))
    doubt = structs.replace(KNOWN, reach=(Identifier("phone", "+262692123456"),))
    early = instant("2026-11-25T07:30", ZoneInfo("Indian/Mayotte"))
    assert plan(ASKED, doubt, (), early) == Wait(instant("2026-11-25T08:00", ZoneInfo("Indian/Mayotte")))
    late = instant("2026-11-25T20:30", ZoneInfo("Indian/Reunion"))
    assert plan(ASKED, doubt, (), late) == Wait(instant("2026-11-26T08:00", ZoneInfo("Indian/Mayotte")))


def test_nobody_rings_in_the_citizens_own_quiet_hours_beside_the_sites() -> None:
    def planned(rest: str, at: str, ways=("sms",)):
        known = structs.replace(KNOWN, preferences=Preferences(rest=rest))
        return plan(structs.replace(ASKED, ways=ways), known, (), instant(at))

    assert planned("", "2026-11-25T12:30") == Send("sms", MOBILE)
    assert planned("12:00-14:00", "2026-11-25T12:30") == Wait(instant("2026-11-25T14:00"))
    assert planned("18:00-10:00", "2026-11-25T19:00") == Wait(instant("2026-11-26T10:00"))
    assert planned("06:00-22:00", "2026-11-25T12:30", ("sms", "email")) != Send("sms", MOBILE)
    assert planned("08:00-20:00", "2026-11-25T12:30", ("email",)) == Send("email", MAIL)
    assert planned("12:00-14:00", "2026-03-29T13:00") == Wait(instant("2026-03-30T08:00"))  # a Sunday


def test_whoever_can_never_be_rung_is_told_by_mail_or_not_at_all() -> None:
    never = structs.replace(KNOWN, preferences=Preferences(rest="08:00-20:00"))  # the site's day, all of it
    for ways, came in ((("sms", "email"), Send("email", MAIL)), (("sms",), Give("expired"))):
        asked = Asked(ways, "service", NOON + 86_400_000_000)
        assert plan(asked, never, (), NOON) == came


def test_sundays_and_holidays_rest() -> None:
    saturday = instant("2026-12-26T21:00")
    assert allowed_from(Quiet(), PARIS, saturday) == instant("2026-12-28T08:00")
    christmas = Quiet(rests=lambda day: (day.month, day.day) == (12, 25))
    assert allowed_from(christmas, PARIS, instant("2026-12-25T10:00")) == instant("2026-12-26T08:00")
    assert allowed_from(Quiet(days=frozenset(range(7))), PARIS, NOON) == NOON


@pytest.mark.parametrize("night", ["2026-03-29T01:30", "2026-10-25T01:30"])
def test_nights_in_which_the_clock_changes(night: str) -> None:
    """It ends at eight by the clock on the wall."""
    quiet = Quiet(days=frozenset())
    ends = allowed_from(quiet, PARIS, instant(night))
    assert dt.datetime.fromtimestamp(ends / 1e6, PARIS).time() == dt.time(8)


@given(
    st.integers(0, 1439), st.integers(0, 1439), st.frozensets(st.integers(0, 6), max_size=6),
    st.integers(instant("2026-01-01T00:00") // 60_000_000, instant("2027-01-01T00:00") // 60_000_000),
    st.sampled_from(["Europe/Paris", "Pacific/Tahiti", "America/Miquelon", "Australia/Lord_Howe"]),
)  # fmt: skip
def test_the_first_moment_that_is_not_quiet(
    start: int, end: int, days: frozenset[int], minute: int, name: str
) -> None:
    quiet, zone, at = Quiet(start, end, days), ZoneInfo(name), minute * 60_000_000
    found = allowed_from(quiet, zone, at)
    assert found >= at
    assert allowed_from(quiet, zone, found) == found
    if found > at:  # and not later than need be
        assert allowed_from(quiet, zone, found - 1_000_000) != found - 1_000_000
        assert allowed_from(quiet, zone, (at + found) // 2) == found
