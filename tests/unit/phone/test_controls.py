"""Controls of a conversation, told in every order: each is answered once, and nobody is left on hold."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from router.core.effects import Consult, Offer, Perform, Release
from router.core.events import Consulted, Ended, Found, Gone, Outcome
from router.phone import ami, ami_actions, controls_ami, reduce
from router.phone.calls import Calls
from router.phone.controls_talk import HELD
from router.phone.said import Accepted, Did, Do, Entered, Ordered, Submitting, Surveyed, Tell

ENDPOINTS = {"a1": "ag01", "a2": "ag02"}
CALLER, FIRST, SECOND = "u.caller", "u.first", "u.second"
CITIZEN, LEG, LEG2 = "PJSIP/trunk-1", "PJSIP/ag01-1", "PJSIP/ag02-1"
MOVES = ("hold", "unhold", "complete", "back", "conference", "record", "pause", "resume", "stop")
BRIDGES = ("b1", "b2", "b3")


class Heard:
    """One call in the reducer, and all that came out of it."""

    def __init__(self) -> None:
        self.calls = Calls(ENDPOINTS)
        self.told: list[object] = []
        self.done: list[Do] = []
        self.say(Surveyed(frozenset(), 0), Entered("c1", CITIZEN, CALLER), Submitting("c1"), Accepted("c1"))
        self.say(
            ami.Waiting("c1", CITIZEN, CALLER, "", 1), ami.BridgeEnter(CALLER, CITIZEN, "h", "guichet-hall-1")
        )
        self.say(Ordered(Offer("o1", "c1", "a1", 9, 1, {}, "phone"), 9), ami.DialBegin(CALLER, LEG, FIRST))
        self.say(ami.DialEnd(CALLER, LEG, FIRST, "ANSWER"))
        self.say(ami.BridgeEnter(FIRST, LEG, "b0"), ami.BridgeEnter(CALLER, CITIZEN, "b0"))
        self.told.clear()
        self.done.clear()

    def say(self, *said) -> None:
        for each in said:
            for out in reduce.apply(self.calls, each):
                if isinstance(out, Tell):
                    self.told.append(out.event)
                elif isinstance(out, Do):
                    self.done.append(out)

    def order(self, what: str, effect: str = "e1") -> None:
        agent = self.calls.calls["c1"].agent if "c1" in self.calls.calls else "a1"
        self.say(Ordered(perform(what, effect, agent), 9))

    def on_hold(self) -> None:
        self.say(ami.BridgeEnter(CALLER, CITIZEN, "hold", HELD))

    def consulting(self) -> None:
        """The colleague has picked up."""
        self.say(Ordered(Consult("c1", "a1", "a2", "phone", "e0"), 9))
        self.on_hold()
        self.say(ami.DialEnd(FIRST, LEG2, SECOND, "ANSWER"))
        self.say(ami.BridgeEnter(SECOND, LEG2, "b1"), ami.BridgeEnter(FIRST, LEG, "b1"))

    def conference(self) -> None:
        self.consulting()
        self.order("conference", "e2")
        self.say(ami.BridgeEnter(CALLER, CITIZEN, "b1"))
        self.told.clear()

    def actions(self) -> list[str]:
        return [type(do.action).__name__ for do in self.done]


def perform(what: str, effect: str, agent: str = "a1") -> Perform:
    return Perform("c1", what, agent, "phone", effect, "", "ag09" if what == "listen" else "")


def test_a_hold_is_done_once_both_are_where_they_should_be():
    heard = Heard()
    heard.order("hold")
    assert heard.actions() == ["Peer", "Peer", "Part"]
    heard.on_hold()
    assert heard.told == [], "the agent's leg may still be on its way"
    heard.say(controls_ami.AtDesk(FIRST))
    assert heard.told == [Outcome("e1", "done")]


def test_a_second_control_while_one_is_under_way_is_refused():
    heard = Heard()
    heard.order("hold")
    heard.order("unhold", "e2")
    assert heard.told == [Outcome("e2", "failed", "not_now")]
    heard.on_hold()
    heard.say(controls_ami.AtDesk(FIRST))
    assert heard.told[1:] == [Outcome("e1", "done")]


def test_what_asterisk_refuses_changes_nothing():
    heard = Heard()
    heard.order("hold")
    heard.say(Did(heard.done[-1], "absent"))
    assert heard.told == [Outcome("e1", "failed", "absent")]
    heard.order("hold", "e2")
    assert heard.actions().count("Part") == 2


def test_a_kick_between_two_stays_on_hold_is_said_again():
    heard = Heard()
    heard.order("hold")
    heard.on_hold()
    heard.say(controls_ami.AtDesk(FIRST))
    heard.order("unhold", "e2")
    heard.say(Did(heard.done[-1], "denied"), ami.BridgeEnter(CALLER, CITIZEN, "hold2", HELD))
    assert heard.done[-1].action == ami_actions.BridgeKick("hold2", CITIZEN)
    heard.say(ami.BridgeEnter(FIRST, LEG, "b2"), ami.BridgeEnter(CALLER, CITIZEN, "b2"))
    assert heard.told[-1] == Outcome("e2", "done")


def test_a_colleague_takes_over():
    heard = Heard()
    heard.consulting()
    assert heard.told == [Consulted("c1", "a2", "answered")]
    heard.order("complete")
    heard.say(ami.BridgeEnter(SECOND, LEG2, "b2"), controls_ami.AtDesk(FIRST, "ANSWER"))
    heard.say(ami.BridgeEnter(CALLER, CITIZEN, "b2"))
    assert heard.told[1:] == [Outcome("e1", "done"), Found("c1", "bridged", "a2")]
    assert heard.done[-1].action == ami_actions.Hangup(LEG)
    heard.say(ami.HungUp(FIRST), ami.HungUp(SECOND), ami.HungUp(CALLER))
    assert heard.told[3:] == [Ended("c1", "a2")]


def test_a_colleague_who_hangs_up_puts_the_citizen_back():
    heard = Heard()
    heard.consulting()
    heard.say(ami.HungUp(SECOND), controls_ami.AtDesk(FIRST, "ANSWER"))
    assert heard.told[1:] == [Consulted("c1", "a2", "over")]
    assert heard.done[-1].action == ami_actions.BridgeKick("hold", CITIZEN)


def test_an_agent_who_hangs_up_sends_the_citizen_to_the_music():
    heard = Heard()
    heard.consulting()
    heard.say(ami.HungUp(FIRST))
    assert ("return", ami_actions.BridgeKick("hold", CITIZEN)) in [(do.aim, do.action) for do in heard.done]
    heard.say(ami.Waiting("c1", CITIZEN, CALLER, "", 2))
    assert heard.told[1:] == [Consulted("c1", "a2", "over"), Found("c1", "waiting")]


def test_a_conference_loses_one_and_goes_on():
    heard = Heard()
    heard.conference()
    heard.say(ami.HungUp(FIRST))
    assert heard.told == [Found("c1", "bridged", "a2")]
    heard = Heard()
    heard.conference()
    heard.say(ami.HungUp(SECOND))
    assert heard.told == [Consulted("c1", "a2", "over")]


def test_a_citizen_who_hangs_up_lets_both_agents_go():
    heard = Heard()
    heard.conference()
    heard.done.clear()
    heard.say(ami.HungUp(CALLER))
    assert {do.action for do in heard.done} == {ami_actions.Hangup(LEG), ami_actions.Hangup(LEG2)}
    assert Ended("c1", "a1") in heard.told


def test_a_recording_begins_before_it_is_said_to():
    heard = Heard()
    heard.order("record")
    heard.on_hold()
    heard.say(controls_ami.AtDesk(FIRST))
    heard.say(ami.BridgeEnter(FIRST, LEG, "b2"), ami.BridgeEnter(CALLER, CITIZEN, "b2"))
    assert heard.told == [Outcome("e1", "failed", "other")], "Asterisk never said that it records"


channels = st.sampled_from((CALLER, FIRST, SECOND))
results = st.sampled_from(("done", "done", "done", "absent", "denied", "unsent", "unknown", "late"))
of_asterisk = st.one_of(
    st.builds(ami.BridgeEnter, channels, st.just("PJSIP/x"), st.sampled_from(BRIDGES)),
    st.just(ami.BridgeEnter(CALLER, CITIZEN, "hold", HELD)),
    st.builds(controls_ami.AtDesk, st.just(FIRST), st.sampled_from(("", "ANSWER", "BUSY", "NOANSWER"))),
    st.just(ami.DialEnd(FIRST, LEG2, SECOND, "ANSWER")),
    st.builds(ami.HungUp, channels),
    st.builds(ami.Waiting, st.just("c1"), st.just(CITIZEN), st.just(CALLER), st.just(""), st.integers(1, 4)),
    st.builds(controls_ami.RecordBegan, st.just(CALLER)),
    st.builds(controls_ami.RecordMuted, st.just(CALLER), st.booleans()),
    st.builds(controls_ami.RecordEnded, st.just(CALLER)),
    st.sampled_from((ami.LinkLost(), Surveyed(frozenset((CALLER, FIRST)), 999))),
)
orders = st.sampled_from((*MOVES, *MOVES, "listen", "consult", "release"))
steps = st.lists(st.one_of(of_asterisk, of_asterisk, orders), max_size=30)


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(("talking", "consulting", "conference")), steps, st.lists(results, max_size=30))
def test_in_whatever_order_each_control_is_answered_once(begin, said, how):
    heard = Heard()
    if begin != "talking":
        getattr(heard, begin)()
    owed: set[str] = set()
    for number, each in enumerate(said):
        if "c1" not in heard.calls.calls:
            break
        effect, before = f"e{number + 10}", len(heard.done)
        if each == "consult":
            heard.say(Ordered(Consult("c1", "a1", "a2", "phone", effect), 9))
        elif each == "release":
            heard.say(Ordered(Release("c1", "a1", "phone"), 9))
        elif isinstance(each, str):
            owed.add(effect)
            heard.order(each, effect)
        else:
            heard.say(each)
        for do in heard.done[before:]:
            if how:
                heard.say(Did(do, how.pop()))
    if "c1" in heard.calls.calls:
        spies = heard.calls.calls["c1"].talk.spies if heard.calls.calls["c1"].talk else {}
        heard.say(*[ami.HungUp(spy) for spy in list(spies)])
    heard.say(ami.HungUp(CALLER), ami.HungUp(FIRST), ami.HungUp(SECOND))
    heard.say(Surveyed(frozenset(), heard.calls.inputs))
    answered = [event.effect for event in heard.told if isinstance(event, Outcome)]
    assert sorted(set(answered)) == sorted(answered), "answered twice"
    assert owed <= set(answered), "never answered"
    assert (heard.calls.calls, heard.calls.callers, heard.calls.legs) == ({}, {}, {})
    asked = [event.result for event in heard.told if isinstance(event, Consulted)]
    for one, then in pairwise(asked):
        assert one != then or one == "failed", "a colleague is told about twice"
    assert [event for event in heard.told if isinstance(event, (Ended, Gone))][1:] == []
