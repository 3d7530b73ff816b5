"""The reducer, one rule at a time: what each thing that is said gives to do and to tell."""

import pytest

from router.core.effects import Confirm, Divert, Offer, Release, Withdraw
from router.core.events import Answer, Contact, Ended, Found, Gone, Outcome
from router.phone import ami, ami_actions, reduce
from router.phone.calls import Calls
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
    Wake,
    Woke,
)

CALLER, CHANNEL = "1.1", "PJSIP/trunk-1"
LEGS = {"a1": ("PJSIP/ag01-0a", "1.2"), "a2": ("PJSIP/ag02-0b", "1.3")}
MENU = (Entered("c", CHANNEL, CALLER),)
ENTERING = (*MENU, Submitting("c"))
ACCEPTED = (*ENTERING, Accepted("c"))
HALL = ami.BridgeEnter(CALLER, CHANNEL, "hall-1", "guichet-hall-1.1")
COMES = ami.Waiting("c", CHANNEL, CALLER, "", 1)
WAITING = (*ACCEPTED, COMES, HALL)


def offer(number=1, agent="a1"):
    return Ordered(Offer(f"o{number}", "c", agent, 99, 1, {}, "phone"), 7)


def withdraw(number=1, agent="a1", because="expired"):
    return Ordered(Withdraw(f"o{number}", "c", agent, because, "phone", f"e{number}"), 7)


def begins(agent="a1"):
    return ami.DialBegin(CALLER, *LEGS[agent])


def ends(status, agent="a1"):
    return ami.DialEnd(CALLER, *LEGS[agent], status)


def back(status, turn=2):
    return ami.Waiting("c", CHANNEL, CALLER, status, turn)


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
        """Every action, in the order in which it goes out."""
        does = [each for each in self.out if isinstance(each, Do)]
        return [action for each in does for action in (each.first, each.action) if action is not None]

    @property
    def phase(self):
        call = self.calls.calls.get("c")
        return call.phase if call else None


def accepted(number=1, agent="a1"):
    return Answer(f"o{number}", "c", agent, "accepted")


def go(value):
    return ami_actions.Setvar("GUICHET_GO", value, CHANNEL)


def sent(value, bridge="hall-1"):
    """Where to go, then out of this bridge and no other."""
    return [go(value), ami_actions.BridgeKick(bridge, CHANNEL)]


def ended(key):
    """Whatever was to come, no more; then the key that ends a dial which rings."""
    return [go(""), ami_actions.PlayDTMF(CHANNEL, key)]


TALK = ami.BridgeEnter(CALLER, CHANNEL, "talk-1")
TO_AG01, TO_AG02 = sent("1:dial:ag01"), sent("2:dial:ag02", "hall-2")
HALL_2 = ami.BridgeEnter(CALLER, CHANNEL, "hall-2", "guichet-hall-1.1")
RELEASED = (*TALKING, TALK, Ordered(Release("c", "a1", "phone"), 7))
RELEASED_BY_AGAIN = (*TALKING, TALK, Ordered(Release("c", "a1", "phone", "e9"), 7))


@pytest.mark.parametrize(
    ("said", "done", "told"),
    [
        ((*WAITING, offer()), TO_AG01, []),
        ((*WAITING, offer(), offer()), [], []),
        ((*MENU, offer()), [], []),
        ((*ACCEPTED, offer(), COMES), [], []),
        ((*ACCEPTED, offer(), COMES, HALL), TO_AG01, []),
        ((*ACCEPTED, COMES, offer()), [], []),
        ((*ACCEPTED, COMES, offer(), HALL), TO_AG01, []),
        ((*WAITING, offer(), HALL_2), sent("1:dial:ag01", "hall-2"), []),
        ((*RINGING, HALL_2), [], []),
        ((*WAITING, offer(), COMES), [], []),
        (TALKING, [], [accepted()]),
        ((*WAITING, offer(), ends("ANSWER")), [], [accepted()]),
        ((*RINGING, ends("ANSWER", "a2")), [], [Found("c", "bridged", "a2")]),
        ((*TALKING, ends("ANSWER")), [], []),
        ((*RINGING, back("NOANSWER")), [], [Answer("o1", "c", "a1", "missed")]),
        ((*RINGING, back("BUSY")), [], [Answer("o1", "c", "a1", "declined", "busy")]),
        ((*WAITING, offer(), back("BUSY")), [], [Answer("o1", "c", "a1", "declined", "busy")]),
        ((*WAITING, offer(), back("CHANUNAVAIL")), [], [Answer("o1", "c", "a1", "missed", "unreachable")]),
        ((*WAITING, offer(), back("NOANSWER")), [], [Answer("o1", "c", "a1", "missed")]),
        ((*RINGING, back("CANCEL")), [], [Found("c", "waiting")]),
        ((*RINGING, offer(2, "a2")), ended("D"), []),
        ((*RINGING, offer(2, "a2"), back("CANCEL"), HALL_2), TO_AG02, []),
        ((*RINGING, offer(2, "a2"), ends("ANSWER")), [], [Found("c", "bridged", "a1")]),
        ((*ACCEPTED, ends("ANSWER")), [], [Found("c", "bridged", "a1")]),
        ((*WAITING, ends("ANSWER")), [], [Found("c", "bridged", "a1")]),
        ((*RINGING, ami.DialEnd(CALLER, "PJSIP/x-1", "1.9", "ANSWER")), [], []),
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
        ((*WAITING, Closed("c", 7)), sent("1:fallback"), []),
        ((*TALKING, Closed("c", 7)), [], []),
        (RETURNING, ended("D"), []),
        ((*WAITING, offer(), withdraw()), ended("D"), []),
        ((*WAITING, offer(), withdraw(), begins()), ended("D"), []),
        ((*WAITING, offer(), withdraw(), HALL_2), [], [Outcome("e1", "done")]),
        ((*RETURNING, ends("ANSWER")), [], [Found("c", "bridged", "a1"), Outcome("e1", "done")]),
        ((*RINGING, Closed("c", 7)), ended("C"), []),
        ((*RETURNING, Closed("c", 7)), [go("2:fallback")], []),
        ((*RETURNING, LEG_ENDED), [], []),
        ((*RETURNING, LEG_ENDED, back("")), [], [Outcome("e1", "done")]),
        ((*RETURNING, back("")), [], []),
        ((*RETURNING, back(""), LEG_ENDED), [], [Outcome("e1", "done")]),
        ((*RETURNING, offer(2, "a2")), [], []),
        ((*RETURNING, offer(2, "a2"), LEG_ENDED, back("")), [], [Outcome("e1", "done")]),
        ((*RETURNING, offer(2, "a2"), LEG_ENDED, back(""), HALL_2), TO_AG02, []),
        ((*RINGING, LEFT, withdraw(because="gone")), [], []),
        ((*RINGING, LEFT, withdraw(because="gone"), LEG_ENDED), [], [Outcome("e1", "done")]),
        ((*RINGING, LEG_ENDED, LEFT, withdraw(because="gone")), [], [Outcome("e1", "done")]),
        ((*ACCEPTED, offer(), withdraw()), [], [Outcome("e1", "done")]),
        ((*ACCEPTED, offer(), withdraw(), COMES, HALL), [], []),
        ((*TALKING, withdraw()), [], []),
        (
            (*TALKING, withdraw(), Told(accepted(), "not_now")),
            [],
            [Found("c", "bridged", "a1"), Outcome("e1", "done")],
        ),
        ((*TALKING, Told(accepted(), "not_now"), withdraw()), [], [Outcome("e1", "done")]),
        ((*TALKING, Told(accepted())), [], []),
        ((*TALKING, offer(2, "a2")), [], [Found("c", "bridged", "a1")]),
        (RELEASED, sent("1:wait", "talk-1"), []),
        ((*TALKING, Ordered(Release("c", "a1", "phone"), 7)), [], []),
        ((*TALKING, Ordered(Release("c", "a1", "phone"), 7), TALK), sent("1:wait", "talk-1"), []),
        ((*RELEASED, back("ANSWER")), [], [Found("c", "waiting")]),
        ((*RELEASED, LEFT), [], [Found("c", "absent")]),
        ((*RELEASED_BY_AGAIN, LEG_ENDED, back("ANSWER")), [], [Outcome("e9", "done")]),
        ((*RELEASED_BY_AGAIN, back("ANSWER")), [], [Outcome("e9", "done")]),
        ((*RELEASED_BY_AGAIN, back("ANSWER"), LEG_ENDED), [], []),
        ((*WAITING, Ordered(Divert("c", "phone"), 7)), sent("1:fallback"), []),
        ((*ACCEPTED, COMES, Ordered(Divert("c", "phone"), 7)), [go("1:fallback")], []),
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
        ("denied", [], "dialling"),
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
    followed = Followed(*RINGING, back("NOANSWER"), HALL_2, offer(2, "a2"), Did(dial(), "late"))
    assert (followed.out, followed.phase) == ([], "dialling")


def at_once(*said, now=0):
    followed = Followed(*said)
    return reduce.receipt(followed.calls, "c", now), followed


def test_an_agent_free_as_the_menu_ends_is_dialled_by_the_receipt():
    word, followed = at_once(*ENTERING, offer(), Accepted("c"))
    assert (word, followed.phase) == ("dial:ag01", "dialling")
    out = [reduce.apply(followed.calls, said) for said in (begins(), ends("ANSWER"))][-1]
    assert [each.event for each in out] == [accepted()]


@pytest.mark.parametrize(
    "said",
    [ACCEPTED, (*ENTERING, offer(), withdraw(), Accepted("c")), (*ENTERING, offer(), LEFT, Accepted("c"))],
)
def test_without_an_offer_the_receipt_is_to_wait(said):
    assert at_once(*said)[0] == "wait"


def test_a_receipt_that_comes_too_late_dials_nobody():
    assert at_once(*ENTERING, offer(), Accepted("c"), now=7)[0] == "wait"


def test_the_phone_that_a_receipt_rings_may_be_busy():
    _, followed = at_once(*ENTERING, offer(), Accepted("c"))
    out = reduce.apply(followed.calls, back("BUSY", turn=1))
    assert [each.event for each in out] == [Answer("o1", "c", "a1", "declined", "busy")]


SILENT = Answer("o1", "c", "a1", "missed", "silent")


def test_a_phone_that_does_not_say_that_it_rings_is_left_at_once():
    assert Followed(*RINGING).out == [Wake("c", "o1", 1.0)]
    followed = Followed(*RINGING, Woke("c", "o1"))
    assert (followed.told, followed.done) == ([SILENT], ended("D"))
    followed = Followed(*RINGING, Woke("c", "o1"), offer(2, "a2"), back("CANCEL"), HALL_2)
    assert followed.done == TO_AG02


@pytest.mark.parametrize(
    "said",
    [
        (ami.DialState(CALLER, *LEGS["a1"], "RINGING"),),
        (ami.DialState(CALLER, *LEGS["a1"], "PROGRESS"),),
        (ends("ANSWER"),),
        (back("BUSY"), HALL_2, offer(2, "a2"), begins("a2")),
    ],
)
def test_a_phone_that_says_something_is_not_silent(said):
    assert Followed(*RINGING, *said, Woke("c", "o1")).out == []


def test_another_phones_ringing_is_not_this_ones():
    followed = Followed(*RINGING, ami.DialState(CALLER, *LEGS["a2"], "RINGING"), Woke("c", "o1"))
    assert followed.told == [SILENT]


def test_no_kick_is_made_without_a_bridge():
    with pytest.raises(ValueError, match="whatever it is in"):
        ami_actions.BridgeKick("", CHANNEL)


def test_each_of_an_agents_phones_is_theirs():
    calls = Calls({"a1": "ag01.mobile-1", "a2": "ag02"})
    assert [calls.agent_of(f"PJSIP/{name}-0a") for name in ("ag01", "mobile-1", "ag02")] == ["a1", "a1", "a2"]
    assert calls.agent_of("PJSIP/ag01.mobile-1-0a") == calls.agent_of("Local/ag01-0a") == ""


def test_a_return_that_came_too_late_leaves_the_phone_ringing_and_says_so():
    to_waiting = next(each for each in Followed(*RETURNING).out if isinstance(each, Do))
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
        ((seen("waiting", bridge="hall-1", turn=1), offer()), [], "dialling"),
        ((seen("bridged", bridge="t", **AT_AGENT), Ordered(Release("c", "a1", "phone"), 7)), [], "returning"),
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
