"""The reducer, one rule at a time: what each thing that is said gives to do and to tell."""

import pytest

from router.core.effects import Confirm, Divert, Offer, Release, Withdraw
from router.core.events import Answer, Contact, Ended, Found, Gone, Outcome
from router.phone import ami, reduce
from router.phone.calls import FALLBACK, Calls
from router.phone.said import (
    Accepted,
    Closed,
    Did,
    Do,
    Entered,
    Look,
    Ordered,
    Seen,
    Submitting,
    Surveyed,
    Tell,
    Told,
    Turned,
)

CALLER, CHANNEL = "1.1", "PJSIP/trunk-1"
LEGS = {"a1": ("PJSIP/ag01-0a", "1.2"), "a2": ("PJSIP/ag02-0b", "1.3")}
MENU = (Entered("c", CHANNEL, CALLER),)
ENTERING = (*MENU, Submitting("c"))
ACCEPTED = (*ENTERING, Accepted("c"))
WAITING = (*ACCEPTED, ami.Waiting("c", CHANNEL, CALLER, "", "100.0"))


def offer(number=1, agent="a1"):
    return Ordered(Offer(f"o{number}", "c", agent, 99, 1, {}, "phone"), 7)


def withdraw(number=1, agent="a1", because="expired"):
    return Ordered(Withdraw(f"o{number}", "c", agent, because, "phone", f"e{number}"), 7)


def begins(agent="a1"):
    return ami.DialBegin(CALLER, *LEGS[agent])


def ends(status, agent="a1"):
    return ami.DialEnd(CALLER, *LEGS[agent], status)


def back(status, at="101.0"):
    return ami.Waiting("c", CHANNEL, CALLER, status, at)


RINGING = (*WAITING, offer(), begins())
TALKING = (*RINGING, ends("ANSWER"))
RETURNING = (*RINGING, withdraw())
LEFT, LEG_ENDED = ami.HungUp(CALLER), ami.HungUp("1.2")


class Followed:
    """The calls after these inputs; what the last one gave."""

    def __init__(self, *said):
        self.calls = Calls({"a1": "ag01", "a2": "ag02"})
        reduce.apply(self.calls, Surveyed(frozenset(), 0))
        self.out = []
        for each in said:
            self.out = reduce.apply(self.calls, each)

    @property
    def told(self):
        return [each.event for each in self.out if isinstance(each, Tell)]

    @property
    def done(self):
        return [each.action for each in self.out if isinstance(each, Do)]

    @property
    def phase(self):
        call = self.calls.calls.get("c")
        return call.phase if call else None


def accepted(number=1, agent="a1"):
    return Answer(f"o{number}", "c", agent, "accepted")


TO_AG01 = ami.Redirect(CHANNEL, "guichet-dial", "ag01")
TO_AG02 = ami.Redirect(CHANNEL, "guichet-dial", "ag02")
TO_WAITING = ami.Redirect(CHANNEL, "guichet-waiting")


@pytest.mark.parametrize(
    ("said", "done", "told"),
    [
        ((*WAITING, offer()), [TO_AG01], []),
        ((*WAITING, offer(), offer()), [], []),
        ((*MENU, offer()), [], []),
        ((*ACCEPTED, offer(), WAITING[-1]), [TO_AG01], []),
        ((*WAITING, offer(), WAITING[-1]), [], []),
        (TALKING, [], [accepted()]),
        ((*WAITING, offer(), ends("ANSWER")), [], [accepted()]),
        ((*RINGING, ends("ANSWER", "a2")), [], []),
        ((*TALKING, ends("ANSWER")), [], []),
        ((*RINGING, back("NOANSWER")), [], [Answer("o1", "c", "a1", "missed")]),
        ((*RINGING, back("BUSY")), [], [Answer("o1", "c", "a1", "declined", "busy")]),
        ((*WAITING, offer(), back("BUSY")), [], [Answer("o1", "c", "a1", "declined", "busy")]),
        ((*WAITING, offer(), back("CHANUNAVAIL")), [], [Answer("o1", "c", "a1", "missed", "unreachable")]),
        ((*WAITING, offer(), back("NOANSWER")), [], []),
        ((*RINGING, offer(2, "a2")), [TO_AG02], []),
        ((*RINGING, offer(2, "a2"), ends("ANSWER")), [], []),
        ((*RINGING, offer(2, "a2"), ends("ANSWER", "a2")), [], [accepted(2, "a2")]),
        ((*WAITING, offer(1, "nobody")), [], [Answer("o1", "c", "nobody", "missed", "unreachable")]),
        ((*WAITING, LEFT), [], [Gone("c", "left")]),
        ((*RINGING, LEFT), [], [Gone("c", "left")]),
        ((*RINGING, LEFT, LEFT), [], []),
        ((*TALKING, LEFT), [], [Ended("c", "a1")]),
        ((*TALKING, LEG_ENDED), [], [Ended("c", "a1")]),
        ((*TALKING, LEG_ENDED, LEFT), [], []),
        ((*MENU, LEFT), [], []),
        ((*ENTERING, LEFT), [], []),
        ((*ENTERING, LEFT, Accepted("c")), [], [Gone("c", "left")]),
        ((*ENTERING, LEFT, Turned("c")), [], []),
        ((*ACCEPTED, LEFT), [], [Gone("c", "left")]),
        ((*WAITING, ami.Fallback("c", CALLER)), [], [Gone("c", "fallback")]),
        ((*ENTERING, Turned("c"), ami.Fallback("c", CALLER)), [], [Gone("c", "fallback")]),
        ((*WAITING, Closed("c", 7)), [ami.Redirect(CHANNEL, "guichet-fallback")], []),
        ((*TALKING, Closed("c", 7)), [], []),
        (RETURNING, [TO_WAITING], []),
        ((*RETURNING, LEG_ENDED), [], []),
        ((*RETURNING, LEG_ENDED, back("")), [], [Outcome("e1", "done")]),
        ((*RETURNING, back("")), [], []),
        ((*RETURNING, back(""), LEG_ENDED), [], [Outcome("e1", "done")]),
        ((*RETURNING, offer(2, "a2")), [], []),
        ((*RETURNING, offer(2, "a2"), LEG_ENDED, back("")), [TO_AG02], [Outcome("e1", "done")]),
        ((*RINGING, LEFT, withdraw(because="gone")), [], []),
        ((*RINGING, LEFT, withdraw(because="gone"), LEG_ENDED), [], [Outcome("e1", "done")]),
        ((*RINGING, LEG_ENDED, LEFT, withdraw(because="gone")), [], [Outcome("e1", "done")]),
        ((*ACCEPTED, offer(), withdraw()), [], [Outcome("e1", "done")]),
        ((*ACCEPTED, offer(), withdraw(), WAITING[-1]), [], []),
        ((*TALKING, withdraw()), [], []),
        (
            (*TALKING, withdraw(), Told(accepted(), "not_now")),
            [],
            [Found("c", "bridged", "a1"), Outcome("e1", "done")],
        ),
        ((*TALKING, Told(accepted(), "not_now"), withdraw()), [], [Outcome("e1", "done")]),
        ((*TALKING, Told(accepted())), [], []),
        ((*TALKING, offer(2, "a2")), [], [Found("c", "bridged", "a1")]),
        ((*TALKING, Ordered(Release("c", "a1", "phone"), 7)), [TO_WAITING, ami.Hangup(LEGS["a1"][0])], []),
        ((*TALKING, Ordered(Release("c", "a1", "phone"), 7), back("ANSWER")), [], [Found("c", "waiting")]),
        ((*TALKING, Ordered(Release("c", "a1", "phone"), 7), LEFT), [], [Found("c", "absent")]),
        ((*WAITING, Ordered(Divert("c", "phone"), 7)), [ami.Redirect(CHANNEL, FALLBACK)], []),
        ((*TALKING, Ordered(Divert("c", "phone"), 7)), [], []),
        ((ami.Waiting("c", CHANNEL, CALLER),), [], [Found("c", "waiting")]),
    ],
)
def test_rules(said, done, told):
    followed = Followed(*said)
    assert (followed.done, followed.told) == (done, told)


def test_nothing_is_dialled_while_events_are_being_missed():
    followed = Followed(*WAITING, ami.LinkLost(), offer())
    assert followed.out == []


def test_a_call_nobody_here_knows_is_looked_for():
    assert Followed(offer()).out == [Look("c")]
    assert Followed(Ordered(Confirm("c", "phone"), 7)).out == [Look("c")]


def dial():
    return Followed(*WAITING, offer()).out[0]


@pytest.mark.parametrize(
    ("result", "told", "phase"),
    [
        ("done", [], "dialling"),
        ("absent", [Gone("c", "left")], None),
        ("denied", [Answer("o1", "c", "a1", "missed", "unreachable")], "waiting"),
        ("late", [Found("c", "waiting")], "waiting"),
        ("unsent", [], "dialling"),
        ("unknown", [], "dialling"),
    ],
)
def test_how_a_redirect_went(result, told, phase):
    followed = Followed(*WAITING, offer(), Did(dial(), result))
    assert (followed.told, followed.phase) == (told, phase)
    assert (Look("c") in followed.out) == (result in ("unsent", "unknown"))


def test_a_reply_to_an_earlier_redirect_changes_nothing():
    followed = Followed(*WAITING, offer(), offer(2, "a2"), Did(dial(), "late"))
    assert (followed.out, followed.phase) == ([], "dialling")


def test_a_return_that_came_too_late_leaves_the_phone_ringing_and_says_so():
    to_waiting = Followed(*RETURNING).out[0]
    followed = Followed(*RETURNING, Did(to_waiting, "late"))
    assert (followed.told, followed.phase) == ([Outcome("e1", "failed", "late")], "dialling")


def seen(where, since=99, **more):
    return Seen("c", where, since, CHANNEL, CALLER, **more)


AT_AGENT = {"agent": "a1", "leg": LEGS["a1"][0], "leg_id": "1.2", "offer": "o1"}


@pytest.mark.parametrize(
    ("said", "told", "phase"),
    [
        ((Seen("c", "absent", 0),), [Found("c", "absent")], None),
        ((seen("waiting"),), [Found("c", "waiting")], "waiting"),
        ((seen("bridged", **AT_AGENT),), [Found("c", "bridged", "a1")], "talking"),
        ((seen("bridged", **AT_AGENT), LEG_ENDED), [Ended("c", "a1")], None),
        ((seen("dialling", **AT_AGENT),), [], "dialling"),
        ((seen("dialling", **AT_AGENT), ends("ANSWER")), [accepted()], "talking"),
        ((seen("dialling", **AT_AGENT), back("NOANSWER")), [Answer("o1", "c", "a1", "missed")], "waiting"),
        ((seen("dialling", agent="a1"), ends("ANSWER")), [Found("c", "bridged", "a1")], "talking"),
        ((seen("fallback"),), [Gone("c", "fallback")], None),
        ((seen("entering"),), [], "entering"),
        ((seen("entering"), LEFT), [Gone("c", "left")], None),
        ((*WAITING, seen("waiting", since=2)), [], "waiting"),
        ((*RINGING, seen("waiting")), [Found("c", "waiting")], "waiting"),
        ((*RINGING, seen("dialling", **AT_AGENT)), [], "dialling"),
        ((*RINGING, seen("bridged", **AT_AGENT)), [Found("c", "bridged", "a1")], "talking"),
        ((*RINGING, Surveyed(frozenset({CALLER, "1.2"}), 99)), [], "dialling"),
        ((*RINGING, Surveyed(frozenset({"1.2"}), 99)), [Gone("c", "left")], "over"),
        ((*TALKING, Surveyed(frozenset({CALLER}), 99)), [Ended("c", "a1")], None),
        ((*TALKING, Surveyed(frozenset(), 3)), [], "talking"),
    ],
)
def test_what_the_list_of_channels_says(said, told, phase):
    followed = Followed(*said)
    assert (followed.told, followed.phase) == (told, phase)


def test_a_contact_of_nobody_is_left_alone():
    followed = Followed(ami.Waiting("c", CHANNEL, CALLER), Told(Found("c", "waiting"), "unknown_contact"))
    assert (followed.out, followed.calls.calls) == ([], {})
    assert Followed(Told(Contact("c", "phone", ({},)), "not_now")).out == []
