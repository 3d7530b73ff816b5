"""Who may be taken back from the native queue: by the list of channels and the state alone."""

from __future__ import annotations

import pytest

from router.core.events import Contact, Gone
from router.core.policy import SECOND, Policy
from router.core.state import State
from router.core.step import step
from router.phone.native_queue_callers import Held, anew, held, known, record
from tests.unit.phone.door import agency

ROW = {
    "event": "Status",
    "channel": "PJSIP/trunk-1",
    "uniqueid": "u1",
    "context": "guichet-fallback",
    "application": "Queue",
    "bridgeid": "",
    "seconds": "42",
    "variable:guichet_contact": "c1",
}


def test_who_waits_in_the_queue_may_come_back():
    assert held(ROW) == Held("PJSIP/trunk-1", "u1", "c1", 42)


@pytest.mark.parametrize(
    "change", [{"bridgeid": "b"}, {"context": "guichet-waiting"}, {"application": "Playback"}]
)
def test_who_talks_or_is_elsewhere_stays(change):
    assert held(ROW | change) is None


def test_only_those_who_fell_or_still_count_as_alive_keep_their_place():
    state = State()
    state.policy = Policy()
    for at, (contact, after) in enumerate(
        [("alive", None), ("fell", "fallback"), ("lost", "lost"), ("left", "left"), ("ended", "ended")], 1
    ):
        step(state, Contact(contact, "phone", ({},), via="phone"), at * SECOND)
        if after == "ended":
            state.contacts[contact].state = "ended"
        elif after is not None:
            step(state, Gone(contact, after), at * SECOND + 1)
    step(state, Contact("aside", "phone", ({},), via="phone"), 9 * SECOND)
    step(state, Gone("aside", "fallback"), 9 * SECOND + 1)
    state.contacts["aside"].aside = True
    callers = [Held("x", "u", contact, 1) for contact in (*state.contacts, "unheard-of", "")]
    places = known(state, callers)
    assert places == {
        "alive": True,
        "fell": True,
        "lost": True,
        "left": False,
        "ended": False,
        "aside": False,
    }


def test_who_is_met_first_in_the_queue_asks_for_the_first_topic_in_the_first_language():
    contact = anew(agency(), "c1", 42, "phone")
    assert (contact.topic, contact.language, contact.waited) == ("housing", "fr", 42 * SECOND)
    assert contact.needs == ({"housing": 1, "lang:fr": 1},)


def test_what_asterisk_does_not_know_of_a_caller_is_kept_as_nothing():
    assert record({"calleridnum": "0102", "calleridname": "<unknown>", "dnid": "3230"}) == {
        "number": "0102",
        "name": "",
        "called": "3230",
        "keyed": "",
    }
    assert len(record({"calleridnum": "9" * 900})["number"]) == 200
