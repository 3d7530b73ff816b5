"""Links between citizens: drawn and taken back exactly; the path between two is why they are one."""

from __future__ import annotations

import pytest

from citizens.claim import Claim, Held
from citizens.identifier import Identifier
from citizens.journey import Happened
from citizens.links import Link, Whole, joined, parted, path
from citizens.record import RECENT, Record, came, holding, remembered

A, B, C, D = ("z-a", "z-b", "z-c", "z-d")
MAIL = Identifier("email", "zoe@example.org")


def link(one, other):
    return Link(f"l-{one[-1]}{other[-1]}", one, other, "confirmed", "ag01", 1)


def alone(citizen):
    return Whole((citizen,), ())


AB, BC, CD = link(A, B), link(B, C), link(C, D)
FOUR = joined(joined(joined(alone(B), alone(A), AB), alone(C), BC), alone(D), CD)


def test_joined_are_all_members_and_links():
    assert Whole((A, B, C, D), (AB, BC, CD)) == FOUR


def test_parted_is_what_was_before():
    assert parted(FOUR, BC.link) == (Whole((A, B), (AB,)), Whole((C, D), (CD,)))
    assert parted(FOUR, AB.link) == (alone(A), Whole((B, C, D), (BC, CD)))
    assert parted(Whole((A, B), (AB,)), AB.link) == (alone(A), alone(B))
    with pytest.raises(KeyError):
        parted(FOUR, "l-none")


def test_the_path_is_the_explanation_in_both_directions():
    assert path(FOUR, A, D) == (AB, BC, CD)
    assert path(FOUR, D, B) == (CD, BC)
    assert path(FOUR, A, A) == path(FOUR, A, "z-nobody") == ()


def test_a_proof_outweighs_a_claim_and_a_claim_takes_nothing_from_it():
    stated, proved = Claim(MAIL, "stated"), Claim(MAIL, "code")
    first = holding(Record(1, 1), (stated,), 5)
    assert (first.held, first.seen_at, first.known) == ((Held(MAIL, "stated", 5),), 5, False)
    again = holding(first, (stated,), 6)
    assert again.held == (Held(MAIL, "stated", 6),)
    known = holding(again, (proved,), 7)
    assert (known.held, known.known) == ((Held(MAIL, "code", 7),), True)
    assert holding(known, (stated,), 8).held == known.held
    assert holding(known, (proved,), 9).held == (Held(MAIL, "code", 9),)
    assert holding(known, (), 3).seen_at == 7
    shared = Record(1, 1, (Held(MAIL, "code", 2, shared=True),))
    assert holding(shared, (proved,), 3).held == (Held(MAIL, "code", 3, shared=True),)
    assert not holding(Record(1, 1), (Claim(Identifier("phone", "+33199001000"), "code"),), 1).known


def test_the_short_memory_has_the_last_contacts_and_how_they_ended():
    record = came(Record(1, 1), "c-0", 1)
    assert came(record, "c-0", 2) == came(record, "", 2) == record
    for number in range(RECENT + 2):
        record = came(record, f"c-{number}", number)
    assert [each.contact for each in record.recent] == [f"c-{number}" for number in range(2, RECENT + 2)]
    for number in range(RECENT + 2, RECENT + 5):
        happened = Happened("x", number, "asked", contact=f"c-{number}", topic="tax", language="fr")
        record = remembered(record, happened, ("main", number))
    assert [each.contact for each in record.recent] == [f"c-{number}" for number in range(5, RECENT + 5)]
    assert (record.language, record.seen_at, record.told) == ("fr", RECENT + 4, {"main": RECENT + 4})
    last = f"c-{RECENT + 4}"
    record = remembered(record, Happened("x", 2, "accepted", contact=last, agent="ag01"))
    assert (record.recent[-1].agent, record.recent[-1].over, record.seen_at) == ("ag01", False, RECENT + 4)
    cut = remembered(record, Happened("x", 99, "gone", contact=last, reason="lost")).recent[-1]
    assert (cut.over, cut.cut, cut.topic, cut.agent) == (True, True, "tax", "ag01")
    ended = remembered(record, Happened("x", 99, "ended", contact=last, reason="lost")).recent[-1]
    assert (ended.over, ended.cut) == (True, False)
    left = remembered(record, Happened("x", 99, "gone", contact=last, reason="left")).recent[-1]
    assert (left.over, left.cut) == (True, False)
    assert remembered(record, Happened("x", 1, "ended", contact="c-other")).recent == record.recent
    assert remembered(record, Happened("x", 1, "asked")).recent == record.recent
    assert remembered(record, Happened("x", 1, "promised", contact=last)).recent == record.recent
