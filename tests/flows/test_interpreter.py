"""The interpreter's promises: a person always reachable, pure, total, bounded, the same in every channel."""

from __future__ import annotations

import random
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr_flows.interpreter import advance
from ivr_flows.loader import draft_of, load
from ivr_flows.model import Flows
from ivr_flows.session import (
    Answered,
    Choose,
    Collect,
    Done,
    End,
    Input,
    Left,
    Perform,
    Say,
    Session,
    Silent,
    Started,
)  # fmt: skip
from ivr_flows.text import lines, text_of, understood
from tests.flows.test_loader_fuzz import answer

GOOD = Path(__file__).parent / "good"
HOUSING = load(GOOD / "housing.yaml")
NOW = 1_796_000_000_000_000
WORDS = "{fr: Bonjour, en: Hello}"


PERSON = """\
  p: {route: housing, next: w}
  w: {wait: {}, callback: back}
  back: {callback: caller, next: e}
  e: {end: done}
"""
HEAD = "flow: x\nlanguages: [fr, en]\nstart: a\nperson: p\nnodes:\n"


def flow(nodes: str) -> Flows:
    text = HEAD + nodes + PERSON
    made = draft_of("x", {"x": text})
    assert made.faults == []
    return made.flows


def go(flows: Flows, *inputs: Input, channel: str = "phone", session: Session | None = None) -> Session:
    session = (
        session or advance(flows, Session(), Started(channel, known={"caller": "+33612345678"}), NOW).session
    )
    for each in inputs:
        step = advance(flows, session, each, NOW)
        assert step.fault == ""
        session = step.session
    return session


def test_silence_everywhere_reaches_a_person():
    session = go(HOUSING, Silent(), Silent(), Done("open"), Silent(), Silent())
    assert isinstance(session.waits_for, Perform)
    assert session.waits_for.service == "route"


def test_wrong_keys_reach_a_person_after_two_tries_and_are_kept():
    session = go(HOUSING, Answered("1"), Done("open"), Answered("7"), Answered("8"))
    assert session.path[-1] == "housing.agent"
    assert [heard.text for heard in session.heard] == ["1", "7", "8"]


def test_key_0_is_a_person_and_a_star_says_it_again_without_a_try():
    assert go(HOUSING, Answered("1"), Done("open"), Answered("0")).path[-1] == "housing.agent"
    session = go(HOUSING, Answered("1"), Done("open"), *[Answered("*")] * 5)
    assert session.waits_for.attempt == 1


def test_a_service_that_fails_leads_to_a_person():
    session = go(
        HOUSING, Answered("1"), Done("open"), Answered("1"), Answered("123456749"), Done("unavailable")
    )
    assert session.path[-1] == "housing.agent"


def test_a_person_is_asked_for_even_where_the_flow_goes_round():
    """An unchecked flow: the interpreter gets out by itself."""
    session = go(flow("  a: {branch: [{when: verified, next: p}], otherwise: a}\n"))
    assert session.rescued
    assert session.waits_for.service == "route"
    session = go(flow("  a: {lookup: x, next: a, unavailable: a}\n"), *[Done("unavailable")] * 1100)
    assert session.rescued


def test_nobody_is_left_in_silence_when_no_place_can_be_had():
    flows = flow("  a: {say: " + WORDS + ", next: p}\n")
    step = advance(flows, go(flows), Done("unavailable"), NOW)
    assert [type(ask) for ask in step.asks] == [Say, End]
    assert step.session.ended == "nobody"


def test_the_way_back_from_a_person_to_the_flow():
    waits = [Answered("1"), Done("open"), Answered("2"), Done("next", {"contact": "c-1"})]
    session = go(HOUSING, *waits, Done("next"))
    assert session.served
    assert session.path[-1] == "housing.marks"
    session = go(HOUSING, *waits, Done("callback"))
    assert session.waits_for.service == "callback"
    assert session.contact == "c-1"


def test_a_no_is_remembered_and_an_offer_not_made_again():
    flows = flow(
        f"  a: {{say: {WORDS}, offer: {{chat: e, callback: back}}, next: b}}\n"
        f"  b: {{say: {WORDS}, offer: {{chat: e}}, next: p}}\n"
    )
    rows = (
        {"channel": "chat", "wait": {"low": 0, "high": 60}},
        {"channel": "email", "wait": {"low": 0, "high": 1}},
    )
    session = go(flows, Done("next", rows=rows))
    assert [option.key for option in session.waits_for.options] == ["1", "2"]  # chat, and no
    session = go(flows, Answered("2"), session=session)
    assert session.refused == ("chat",)
    assert session.path == ("x.a", "x.b", "x.p")


def test_an_offer_with_nothing_to_be_had_is_not_made():
    flows = flow(f"  a: {{say: {WORDS}, offer: {{chat: e}}, next: p}}\n")
    assert go(flows, Done("next")).path[-1] == "x.p"
    assert go(flows, Done("unavailable")).path[-1] == "x.p"


def test_an_appointment_is_proposed_chosen_and_booked():
    flows = flow(
        f"  a: {{say: {WORDS}, appointment: bus, next: b}}\n"
        "  b: {say: {fr: '{place}', en: '{place}'}, end: ok}\n"
    )
    rows = tuple({"begins": f"2026-12-0{n}T09:30", "place": f"Place {n}"} for n in range(1, 6))
    session = go(flows, Done("next", rows=rows))
    assert [option.key for option in session.waits_for.options] == ["1", "2", "3", "9"]
    session = go(flows, Answered("2"), session=session)
    assert session.waits_for.arguments == rows[1]
    step = advance(flows, session, Done("next", dict(rows[1])), NOW)
    assert text_of(step.asks[0]) == "Place 2"
    assert go(flows, Done("next", rows=rows), Answered("9")).path[-1] == "x.p"


def test_a_lookup_gives_what_was_promised_and_no_more():
    flows = flow(
        "  a: {lookup: x, gives: {n: number, t: text}, next: b}\n  b: {confirm: "
        + WORDS
        + ", yes: e, no: p}\n"
    )
    session = go(flows, Done("next", {"n": "12", "t": "x" * 5000, "verified": True, "else": 1}))
    assert session.frames[0].variables == {"n": None, "t": "x" * 1000}
    assert session.known["verified"] is False


def test_sub_flows_have_variables_of_their_own_and_hand_back_what_is_taken():
    inner = (
        "flow: y\nlanguages: [fr, en]\nstart: s\ntakes: {n: number}\nnodes:\n"
        "  s: {set: {m: n + 1}, next: f}\n  f: {end: more}\n"
    )
    nodes = (
        "  a: {set: {k: 4}, next: b}\n"
        "  b: {run: y, give: {n: k}, take: {r: m}, next: e, ends: {more: c}}\n"
        f"  c: {{confirm: {WORDS}, yes: e, no: p}}\n"
    )
    outer = HEAD + nodes + PERSON
    session = go(draft_of("x", {"x": outer, "y": inner}).flows)
    assert session.path == ("x.a", "x.b", "y.s", "y.f", "x.c")
    assert session.frames[0].variables == {"k": 4, "r": 5}


def test_free_words_on_the_phone_are_left_to_the_agent():
    flows = flow(f"  a: {{say: {WORDS}, collect: text, into: t, next: p}}\n")
    assert go(flows).path[-1] == "x.p"
    assert isinstance(go(flows, channel="chat").waits_for, Collect)


def test_what_does_not_answer_changes_nothing():
    session = go(HOUSING)
    assert isinstance(session.waits_for, Choose)
    step = advance(HOUSING, session, Done("next"), NOW)
    assert (step.session, step.asks) == (session, ())
    again = advance(HOUSING, session, Started("phone"), NOW)
    assert again.asks == (session.waits_for,)
    over = go(HOUSING, Left())
    assert over.ended == "left"
    assert advance(HOUSING, over, Answered("1"), NOW).asks == ()


def test_words_are_understood_as_their_choice():
    ask = go(HOUSING, Answered("2"), Done("open"), channel="chat").waits_for
    for words, key in (
        ("1", "1"),
        ("Your FILE", "1"),
        ("file", "1"),
        ("something", "2"),
        ("a person please", "0"),
    ):
        assert understood(ask, words) == Answered(key)
    assert understood(ask, "e") == Answered("e")
    assert understood(ask, "  ") == Silent()
    assert [line.key for line in lines([ask])] == ["1", "2"]


@settings(max_examples=150, derandomize=True, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(["phone", "chat"]))
def test_any_walk_is_total_pure_bounded_and_survives_being_kept(seed, channel):
    chance = random.Random(seed)
    session = go(HOUSING, channel=channel)
    for _ in range(60):
        if session.ended:
            break
        happened = answer(session, chance)
        step = advance(HOUSING, session, happened, NOW)
        assert step == advance(HOUSING, session, happened, NOW)
        assert step.fault == ""
        kept = msgspec.json.decode(msgspec.json.encode(step.session), type=Session)
        assert kept == step.session
        assert step.session.ended or step.session.waits_for is not None
        assert step.session.ended == "" or isinstance(step.asks[-1], End)
        session = step.session


@settings(max_examples=100, derandomize=True, deadline=None)
@given(st.lists(st.sampled_from(["1", "2", "9", ""]), max_size=12))
def test_the_phone_and_text_take_the_same_way(keys):
    inputs = {}
    for channel in ("phone", "chat"):
        session, left = go(HOUSING, channel=channel), list(keys)
        for _ in range(40):
            if session.ended:
                break
            if isinstance(session.waits_for, Perform):
                happened: Input = Done("open" if session.waits_for.service == "hours" else "next")
            else:
                key = left.pop(0) if left else ""
                happened = Answered(key) if key else Silent()
            session = advance(HOUSING, session, happened, NOW).session
        inputs[channel] = (session.path, session.ended)
    assert inputs["phone"] == inputs["chat"]


@pytest.mark.parametrize("at", range(12))
def test_hanging_up_anywhere_ends_it(at):
    chance = random.Random(at)
    session = go(HOUSING)
    for _ in range(at):
        if not session.ended:
            session = advance(HOUSING, session, answer(session, chance), NOW).session
    if not session.ended:
        assert go(HOUSING, Left(), session=session).ended == "left"
