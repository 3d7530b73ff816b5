"""Where a letter belongs, what its name is, by when work on it begins: pure decisions."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.hours import Closure, Hours, Week
from router.mail.compose import again, compose
from router.mail.deadline import working_deadline
from router.mail.delay import by_when
from router.mail.letter import Address, Bounce, Letter
from router.mail.place import Candidate, Placed, place
from router.mail.secret import Secret, referred
from router.mail.topics import Topics
from router.mail.wording import filled

ZOE = Address("zoe@citizens.test")


def letter(**more) -> Letter:
    return Letter("<1@x>", (), ZOE, ZOE, "Loyer", "text", "", **more)


def candidate(by: str = "in", known: bool = True, alive: bool = True) -> Candidate:
    return Candidate("t", "c", by, known, alive)


BOUNCED = letter(automatic="bounce", bounce=Bounce("<o@x>", True, "5.1.1"))
LATE = letter(automatic="bounce", bounce=Bounce("<o@x>", False, "4.0.0"))


@pytest.mark.parametrize(
    ("came", "candidates", "placed"),
    [
        (letter(), [], Placed("contact")),
        (letter(), [candidate()], Placed("follow", "t", "c")),
        (letter(), [candidate(alive=False)], Placed("contact", "t")),
        (letter(), [candidate(known=False)], Placed("contact", claims="c")),  # forged, or another address
        (letter(automatic="list"), [], Placed("contact")),
        (letter(automatic="replied"), [], Placed("nobody")),
        (letter(automatic="replied"), [candidate()], Placed("noted", "t", "c")),
        (letter(automatic="replied"), [candidate(known=False)], Placed("nobody")),
        (letter(automatic="ourselves"), [], Placed("nobody")),
        (BOUNCED, [candidate("answer", False, False)], Placed("contact", "t")),
        (BOUNCED, [candidate("answer", False)], Placed("follow", "t", "c")),
        (BOUNCED, [candidate("ack", False, False)], Placed("noted", "t", "c")),
        (BOUNCED, [candidate("in")], Placed("nobody")),  # of a letter that is not ours
        (LATE, [candidate("answer", False, False)], Placed("noted", "t", "c")),
        (BOUNCED, [], Placed("nobody")),
    ],
)
def test_a_letter_belongs_where_its_sender_does(came, candidates, placed):
    assert place(came, candidates) == placed


def test_names_are_of_this_installation_and_of_the_letter_alone(tmp_path):
    ours, theirs = Secret(tmp_path / "a"), Secret(tmp_path / "b")
    raw = b"Message-ID: <1@x>\r\nSubject: a\r\n\r\nbody"
    assert ours.letter(raw) == ours.letter(b"Received: by another way\r\n" + raw)
    assert ours.letter(raw) != ours.letter(raw + b"!")  # two letters that share an id
    assert ours.letter(raw) != theirs.letter(raw)
    assert Secret(tmp_path / "a").letter(raw) == ours.letter(raw)
    reference = ours.reference("t1")
    assert referred(f"Re: [g-{reference.lower()}] x") == reference
    assert referred("no reference [G-short]") == ""
    assert reference != ours.reference("t2")


HOURS = Hours(
    "Europe/Paris",
    Week(monday=("08:30-12:00", "13:00-17:00"), tuesday=("08:30-12:00",), thursday=("09:00-16:00",)),
    (Closure(dt.date(2026, 12, 3)),),
)


def paris(*when: int) -> int:
    return round(dt.datetime(*when, tzinfo=ZoneInfo("Europe/Paris")).timestamp() * 1_000_000)


def test_deadlines_are_the_close_of_a_working_day():
    monday = paris(2026, 11, 30, 10)
    assert working_deadline(HOURS, monday, 1) == paris(2026, 12, 1, 12)
    assert working_deadline(HOURS, monday, 2) == paris(2026, 12, 7, 17)  # the third is closed
    assert working_deadline(HOURS, paris(2026, 12, 5, 23), 1) == paris(2026, 12, 7, 17)  # behind the pause
    assert working_deadline(None, monday, 2) == monday + 2 * 86_400_000_000


def test_a_day_is_promised_on_which_somebody_is_there():
    hour = 3_600_000_000
    assert by_when(HOURS, paris(2026, 11, 30, 10), hour) == dt.date(2026, 11, 30)
    assert by_when(HOURS, paris(2026, 11, 30, 16), 2 * hour) == dt.date(2026, 12, 1)
    assert by_when(HOURS, paris(2026, 12, 1, 11), 2 * hour) == dt.date(2026, 12, 7)
    assert by_when(None, paris(2026, 12, 1, 11), 10**15) is None


def test_variables_are_put_in_once():
    assert filled("{a} {b} {c}", {"a": "{b}", "b": "x"}) == "{b} x {c}"


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=100))
def test_no_header_of_ours_can_be_broken(subject, text, name):
    raw = compose(
        Address("us@x.test", "Us"), Address("z@x.test", name), again(subject, "A" * 12), text, "<i@x>", 1
    )
    head = raw.split(b"\r\n\r\n", 1)[0].split(b"\r\n")
    names = [each.split(b":")[0] for each in head if not each.startswith((b" ", b"\t"))]
    wanted = [b"From", b"To", b"Subject", b"Message-ID", b"Date", b"MIME-Version"]
    assert names[:5] == wanted[:5]
    assert set(names) <= {*wanted, b"Content-Type", b"Content-Transfer-Encoding"}


def test_topics_are_learnt_alike_each_time_and_doubted_where_nothing_was_learnt():
    examples = {
        "housing": ("Mon loyer et mon logement", "Je déménage, et mon aide au logement ?"),
        "family": ("Mon enfant est né", "Prime de naissance pour notre bébé"),
    }
    topics = Topics(examples)
    topic, sure = topics.of("Une question sur mon logement, dont le loyer a augmenté")
    assert topic == "housing"
    assert sure > 0.8
    assert topics.of("Une question sur mon logement") == Topics(examples).of("Une question sur mon logement")
    assert topics.of("xyzzy 123")[1] < 0.6
    assert topics.of("")[0] == Topics({}).of("x")[0] == Topics({"one": ("x",)}).of("x")[0] == ""
