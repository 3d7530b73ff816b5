"""The rules of linking, one by one: whose a contact is, and who it may be."""

from __future__ import annotations

import pytest

from citizens.claim import Claim, Held
from citizens.identifier import Identifier
from citizens.linking import LIKELY, Holder, Verdict, contradicts, judge

MAIL, OTHER = Identifier("email", "zoe@example.org"), Identifier("email", "ann@example.org")
PHONE = Identifier("phone", "+33199001000")
CARD, CARD2 = Identifier("beneficiary", "1000046"), Identifier("beneficiary", "1000143")
FC, FC2 = Identifier("franceconnect", "a" * 32), Identifier("franceconnect", "b" * 32)
HANDLE = Identifier("handle", "messages:zoe")


def holds(citizen, *held, person="", seen_at=0):
    """`held`: identifiers that were proved; in a list: claimed only."""
    each = [
        Held(one[0], "stated", 1)
        if isinstance(one, list)
        else one
        if isinstance(one, Held)
        else Held(one, "code", 1)
        for one in held
    ]
    return Holder(citizen, person or citizen, tuple(each), seen_at)


def proof(identifier):
    return Claim(identifier, "code")


def hint(identifier):
    return Claim(identifier, "stated")


def test_who_comes_with_nothing_or_is_known_to_nobody_is_somebody_new():
    assert judge([], [holds("z-1", MAIL)]) == Verdict(None, False, (), "nothing_given")
    assert judge([hint(MAIL)], []) == Verdict(None, False, (), "unknown")
    assert judge([proof(MAIL)], []) == Verdict(None, True, (), "proved_first")


@pytest.mark.parametrize("identifier", [MAIL, CARD, FC, HANDLE])
def test_a_proof_of_what_says_who_somebody_is_finds_who_proved_it(identifier):
    assert judge([proof(identifier)], [holds("z-1", identifier)]) == Verdict("z-1", True, (), "proved")


def test_a_proved_number_or_a_claim_of_anything_finds_nobody():
    assert judge([proof(PHONE)], [holds("z-1", PHONE)]) == Verdict(None, False, ("z-1",), "claimed")
    for identifier in (MAIL, CARD, FC, HANDLE):
        assert judge([hint(identifier)], [holds("z-1", identifier)]) == Verdict(
            None, False, ("z-1",), "claimed"
        )
        found = judge([proof(identifier)], [holds("z-1", [identifier])])
        assert found == Verdict(None, True, ("z-1",), "proved_first")


def test_what_is_shared_or_was_proved_by_two_finds_nobody():
    shared = Held(MAIL, "code", 1, shared=True)
    assert judge([proof(MAIL)], [holds("z-1", shared)]) == Verdict(None, False, ("z-1",), "shared")
    assert judge([proof(MAIL)], [holds("z-1", MAIL), holds("z-2", shared)]).why == "shared"
    two = [holds("z-1", MAIL), holds("z-2", MAIL)]
    assert judge([proof(MAIL)], two) == Verdict(None, False, ("z-1", "z-2"), "contested")
    claimed_as_shared = Held(MAIL, "stated", 1, shared=True)
    assert judge([proof(MAIL)], [holds("z-1", MAIL), holds("z-2", claimed_as_shared)]).citizen == "z-1"


def test_two_citizens_who_are_one_person_do_not_contest_each_other():
    late, early = Held(MAIL, "code", 9), Held(MAIL, "code", 2)
    same = [holds("z-1", late, person="p"), holds("z-2", early, person="p")]
    assert judge([proof(MAIL)], same) == Verdict("z-2", True, ("z-1",), "proved")  # who proved it first
    assert (
        judge([proof(MAIL)], [holds("z-2", MAIL, person="p"), holds("z-1", MAIL, person="p")]).citizen
        == "z-1"
    )


def test_nobody_is_found_who_proved_another_identity_of_which_a_person_has_one():
    for mine, theirs in ((FC, FC2), (CARD, CARD2)):
        found = judge([proof(MAIL), proof(mine)], [holds("z-1", MAIL, theirs)])
        assert found == Verdict(None, False, ("z-1",), "contested")
        through = [holds("z-1", MAIL, person="p"), holds("z-2", theirs, person="p")]
        assert judge([proof(MAIL), proof(mine)], through).citizen is None
        assert judge([proof(MAIL), proof(mine)], [holds("z-1", MAIL, mine)]).citizen == "z-1"
        assert judge([proof(MAIL), proof(mine)], [holds("z-1", MAIL, [theirs])]).citizen == "z-1"
        assert judge([proof(MAIL), hint(mine)], [holds("z-1", MAIL, theirs)]).citizen == "z-1"
        apart = [holds("z-1", MAIL), holds("z-2", theirs)]
        assert judge([proof(MAIL), proof(mine)], apart).citizen == "z-1"
        assert not contradicts([proof(mine)], "z-1", [holds("z-1", MAIL)])


def test_of_two_people_found_the_stronger_kind_decides():
    strength = [FC, CARD, MAIL, HANDLE]
    for at, stronger in enumerate(strength):
        for weaker in strength[at + 1 :]:
            two = [holds("z-1", weaker), holds("z-2", stronger)]
            for claims in ([proof(weaker), proof(stronger)], [proof(stronger), proof(weaker)]):
                assert judge(claims, two) == Verdict("z-2", True, ("z-1",), "proved")


def test_a_weaker_kind_is_taken_where_the_stronger_finds_nobody():
    assert judge([proof(FC), proof(MAIL)], [holds("z-1", MAIL)]).citizen == "z-1"
    two = [holds("z-1", CARD), holds("z-2", CARD), holds("z-3", MAIL)]
    assert judge([proof(CARD), proof(MAIL)], two).citizen == "z-3"
    shared = Held(CARD, "code", 1, shared=True)
    assert judge([proof(CARD), proof(MAIL)], [holds("z-1", shared), holds("z-3", MAIL)]).citizen == "z-3"


def test_likely_names_each_person_once_those_first_who_proved_it_then_the_last_seen():
    several = [
        holds("z-1", [PHONE], seen_at=5), holds("z-2", [PHONE], seen_at=9), holds("z-3", PHONE, seen_at=1),
        holds("z-4", PHONE, seen_at=2, person="p"), holds("z-5", [PHONE], seen_at=99, person="p"),
        holds("z-0", [PHONE], seen_at=9),
    ]  # fmt: skip
    assert judge([hint(PHONE)], several).likely == ("z-4", "z-3", "z-0", "z-2", "z-1")
    many = [holds(f"z-{number}", PHONE) for number in range(LIKELY + 3)]
    assert len(judge([hint(PHONE)], many).likely) == LIKELY == 8
