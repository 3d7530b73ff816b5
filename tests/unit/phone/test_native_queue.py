"""Members of the native queue: what is there is made what should be there, and nothing else is touched."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from router.core.events import Agent
from router.core.policy import Policy
from router.core.state import State
from router.core.step import step
from router.phone.ami_agents import QUEUE, QueueAdd, QueuePause, QueueRemove
from router.phone.native_queue import after, changes, interface, members, strangers, wanted

ENDPOINTS = {"a1": "ag01", "a2": "ag02.home", "a3": "ag03"}


def test_ready_is_a_member_away_a_paused_one_and_offline_none():
    state = State()
    state.policy = Policy()
    for at, (agent, standing) in enumerate([("a1", "ready"), ("a2", "away"), ("a3", "offline")], 1):
        step(state, Agent(agent, standing), at)
    wants = wanted(state, [*ENDPOINTS, "unheard-of"])
    assert wants == {"a1": False, "a2": True}
    assert list(changes(ENDPOINTS, ENDPOINTS, wants, {"PJSIP/ag03": False})) == [
        QueueAdd("PJSIP/ag01", "a1", "false"),
        QueueAdd("PJSIP/ag02", "a2", "true"),
        QueueRemove("PJSIP/ag03"),
    ]


def test_only_what_guichet_added_is_read_as_a_member():
    row = {
        "event": "QueueMember",
        "queue": QUEUE,
        "location": "PJSIP/ag01",
        "membership": "dynamic",
        "paused": "1",
    }
    others = [
        row | {"membership": "static"},
        row | {"queue": "other"},
        {"event": "QueueParams", "queue": QUEUE},
    ]
    assert members([row]) == {"PJSIP/ag01": True}
    assert members(others) == {}


def test_who_is_no_agent_any_more_is_taken_out():
    assert list(strangers(ENDPOINTS, {"PJSIP/ag01": False, "PJSIP/gone": True})) == [
        QueueRemove("PJSIP/gone")
    ]


places = st.dictionaries(st.sampled_from([interface(phone) for phone in ENDPOINTS.values()]), st.booleans())


@given(places, st.dictionaries(st.sampled_from(sorted(ENDPOINTS)), st.booleans()))
def test_afterwards_the_members_are_those_wanted_and_nothing_is_left_to_do(there, wants):
    for change in list(changes(ENDPOINTS, ENDPOINTS, wants, there)):
        assert isinstance(change, QueueAdd | QueueRemove | QueuePause)
        there = after(there, change)
    assert there == {interface(ENDPOINTS[agent]): paused for agent, paused in wants.items()}
    assert list(changes(ENDPOINTS, ENDPOINTS, wants, there)) == []
