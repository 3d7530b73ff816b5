"""The checker can fail: a lawful conversation passes, and each with one wrong thing is complained of.

The answers are written by hand from `engine-protocol.md`; no engine runs here.
"""

# ruff: noqa: E501 - a table reads best with one case on one line

from __future__ import annotations

import json

import pytest

from tests.engine.checker import Checker

Pair = tuple[object, object]


def agent(at, name="a", state="ready", **more):
    return {"at": at, "event": "agent", "agent": name, "state": state, **more}


def contact(at, name="c", channel="phone", needs=None, **more):
    return {"at": at, "event": "contact", "contact": name, "channel": channel, "needs": needs or {}, **more}


def reply(at, word, offer="o1", name="c", who="a"):
    return {"at": at, "event": "answer", "offer": offer, "contact": name, "agent": who, "answer": word}


def tick(at):
    return {"at": at, "event": "tick"}


def out(at, *effects, wake=None, **more):
    return {"at": at, "effects": list(effects), "wake": wake, **more}


def offer(at, offer="o1", name="c", who="a", **more):
    made = {"effect": "offer", "offer": offer, "contact": name, "agent": who, "expires_at": at + 15}
    return made | {"score": 1, "why": {"wait": 1}} | more


def withdraw(because, offer="o1", name="c", who="a"):
    return {"effect": "withdraw", "offer": offer, "contact": name, "agent": who, "because": because}


def refused(at, code, line):
    return {"at": at, "error": {"code": code, "message": "no", "line": line}}


def state(at, wake=None, **more):
    counts = dict.fromkeys(("arrived", "waiting", "offered", "connected", "wrap_up", "ended", "gone"), 0)
    counts |= {"agents_ready": 0, "agents_idle": 0, "digest": "d"} | more
    return {"at": at, "event": "ask", "about": "state"}, out(
        at, {"effect": "answer", "about": "state", **counts}, wake=wake
    )


def complaints(*pairs: Pair) -> list[str]:
    checker, faults = Checker(), []
    for sent, received in pairs:
        raw = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
        faults += checker.line(
            raw, received if isinstance(received, bytes) else json.dumps(received).encode()
        )
    return faults


READY = (agent(0), out(0))
RUNG = (READY, (contact(1), out(1, offer(1), wake=16)))
TALK = (*RUNG, (reply(2, "accepted"), out(2)))
DECLINED = (*RUNG, (reply(2, "declined"), out(2, wake=32)))
TWO = (READY, (agent(0, "b"), out(0)))
GONE = {"event": "gone", "contact": "c"}
ENDED = {"event": "ended", "contact": "c"}
DONE = {"event": "done", "contact": "c", "agent": "a"}
ONE_RUNG = {"arrived": 1, "offered": 1, "agents_ready": 1}
SKILLED = (agent(0, skills={"x": 3}), out(0))
HELD = ((agent(0, state="away"), out(0)), (contact(1), out(1)))

LAWFUL: dict[str, tuple[Pair, ...]] = {
    "a contact's life": (*TALK, ({**ENDED, "at": 3}, out(3)), ({**DONE, "at": 4}, out(4)), state(4, arrived=1, ended=1, agents_ready=1, agents_idle=1)),
    "an offer that dies by its pause": (*DECLINED, (tick(32), out(32, offer(32, "o2"), wake=47))),
    "an offer that expires": (*RUNG, (tick(16), out(16, withdraw("expired"), wake=46))),
    "the other agent after a refusal": (*TWO, (contact(1), out(1, offer(1), wake=16)), (reply(2, "missed"), out(2, offer(2, "o2", who="b"), wake=17))),
    "a duplicate arrival": (*RUNG, (contact(99), out(99, wake=16, ignored="duplicate")), (tick(2), out(2, wake=16))),
    "an answer that comes too late": (*RUNG, (reply(16, "accepted"), refused(16, "not_now", 3)), (tick(2), out(2, wake=16))),
    "work held back": (READY, (contact(1, due_s=60), out(1, wake=61)), (tick(61), out(61, offer(61), wake=76))),
    "a preference waited for": (READY, (contact(1, prefers=["z"]), out(1, wake=31)), (tick(31), out(31, offer(31), wake=46))),
    "needs relaxed": (READY, (contact(1, needs={"x": 1}, relax=[{"after_s": 5, "needs": {}}]), out(1, wake=6)), (tick(6), out(6, offer(6), wake=21))),
    "credit within its cap": ((contact(0, "c"), out(0)), (contact(100, "d", vulnerable=True), out(100)), (agent(101), out(101, offer(101, name="d"), wake=116))),
    "effects nobody knows": (READY, (tick(1), out(1)), (contact(2), out(2, {"effect": "music"}, offer(2), wake=17))),
}  # fmt: skip

WRONG: dict[str, tuple[str, tuple[Pair, ...]]] = {
    "two offers of one contact": ("law 1", (*TWO, (contact(1), out(1, offer(1), offer(1, "o2", who="b"), wake=16)))),
    "a count too few": ("waiting is 0, not 1", ((contact(1), out(1)), state(1, arrived=1))),
    "an agent who is away": ("law 2", (*HELD, (tick(2), out(2, offer(2), wake=17)))),
    "an agent who lacks the skill": ("law 2", (SKILLED, (contact(1, needs={"x": 4}), out(1, offer(1), wake=16)))),
    "an agent whose phone is closed": ("law 2", ((agent(0, capacity={"phone": 0}), out(0)), (contact(1), out(1, offer(1), wake=16)))),
    "a chat beside a call": ("law 2", (*TALK, (contact(3, "d", "chat"), out(3, offer(3, "o2", "d"), wake=18)))),
    "a call in wrap-up's place": ("law 2", (*TALK, ({**ENDED, "at": 3}, out(3)), (contact(4, "d"), out(4, offer(4, "o2", "d"), wake=19)))),
    "the same agent within the pause": ("law 3", (*DECLINED, (tick(31), out(31, offer(31, "o2"), wake=46)))),
    "the same agent while another is free": ("law 3", (*TWO, (contact(1), out(1, offer(1), wake=16)), (reply(2, "declined"), out(2, offer(2, "o2"), wake=17)))),
    "a transfer back to its agent": ("law 3", (*TALK, ({"at": 3, "event": "again", "contact": "c", "needs": {}}, out(3, offer(3, "o2"), wake=18)))),
    "a contact left beside a free agent": ("law 4", (READY, (contact(1), out(1)))),
    "a pause that never ends": ("law 4", (*DECLINED, (tick(32), out(32)))),
    "work held back past its due time": ("law 4", (READY, (contact(1, due_s=5), out(1, wake=6)), (tick(6), out(6)))),
    "a preference past its time": ("law 4", (READY, (contact(1, prefers=["z"]), out(1, wake=31)), (tick(31), out(31)))),
    "a preferred agent left idle": ("law 4", (READY, (contact(1, prefers=["a"]), out(1, wake=31)))),
    "a head that blocks": ("law 4", ((contact(0, needs={"x": 9}), out(0)), (contact(1, "d"), out(1)), (agent(2), out(2)))),
    "the later of two equals": ("law 5", ((contact(0), out(0)), (contact(1, "d"), out(1)), (agent(2), out(2, offer(2, name="d"), wake=17)))),
    "the later of two mails, the first held back": ("law 5", ((contact(0, channel="email", due_s=99), out(0, wake=99)), (contact(1, "d", "email", due_s=5), out(1, wake=6)), (agent(7), out(7, offer(7, name="d"), wake=22)))),
    "credit beyond its cap": ("law 5", ((contact(0), out(0)), (contact(121, "d", vulnerable=True), out(121)), (agent(122), out(122, offer(122, name="d"), wake=137)))),
    "a wait elsewhere forgotten": ("law 5", ((contact(0), out(0)), (contact(1, "d", waited_s=9), out(1)), (agent(2), out(2, offer(2), wake=17)))),
    "an offer id that recurs": ("came back", (*DECLINED, (tick(32), out(32, offer(32), wake=47)))),
    "an expiry of its own": ("expires at", (READY, (contact(1), out(1, offer(1, expires_at=17), wake=17)))),
    "an expiry not told": ("still open", (*RUNG, (tick(16), out(16, wake=None)))),
    "an expiry called otherwise": ("true is: expired", (*RUNG, (tick(16), out(16, withdraw("agent_away"), wake=46)))),
    "an offer withdrawn for nothing": ("true is: None", (*RUNG, (tick(2), out(2, withdraw("preempted"), wake=None)))),
    "an offer left with an agent away": ("not withdrawn", (*RUNG, (agent(2, state="away"), out(2, wake=16)))),
    "an offer left after the citizen went": ("not withdrawn", (*RUNG, ({**GONE, "at": 2}, out(2)))),
    "a withdrawal after the next offer": ("law 1", (*RUNG, (agent(1, "b"), out(1, wake=16)), (agent(2, state="away"), out(2, offer(2, "o2", who="b"), withdraw("agent_away"), wake=17)))),
    "expiries out of order": ("out of order", (*TWO, (contact(1), out(1, offer(1), wake=16)), (contact(2, "d"), out(2, offer(2, "o2", "d", "b"), wake=16)), (tick(50), out(50, withdraw("expired", "o2", "d", "b"), withdraw("expired"), offer(50, "o3", "d"), offer(50, "o4", "c", "b"), wake=65)))),
    "a requeue of nobody": ("requeue of", (*RUNG, (tick(2), out(2, {"effect": "requeue", "contact": "c", "because": "x"}, wake=16)))),
    "effects before any timer": ("before any timer", (READY, (contact(1, due_s=60), out(1, wake=61)), (tick(2), out(2, offer(2), wake=17)))),
    "a wake in the past": ("is not after", (READY, (tick(1), out(1, wake=1)))),
    "a wake that sleeps through an expiry": ("a timer is due at", (READY, (contact(1), out(1, offer(1), wake=17)))),
    "no wake for a pause": ("a timer is due at", (*RUNG, (reply(2, "declined"), out(2)))),
    "no wake for a relaxation": ("a timer is due at", (READY, (contact(1, needs={"x": 1}, relax=[{"after_s": 5, "needs": {}}]), out(1)))),
    "a wake for nothing": ("nothing is due", (READY, (tick(1), out(1, wake=5)))),
    "an error that moved the clock": ("time_went_back", (READY, (tick(True), refused(0, "bad_field", 2)), ({**GONE, "at": 9}, refused(9, "unknown_contact", 3)), (tick(5), refused(9, "time_went_back", 4)))),
    "a duplicate that fired a timer": ("with effects", (*RUNG, (contact(16), out(16, withdraw("expired"), wake=46, ignored="duplicate")))),
    "an ask that fired a timer": ("wake moved", (*RUNG, state(16, wake=46, **ONE_RUNG))),
    "a digest that moves by itself": ("digest changed", (state(0), state(0, digest="e"))),
    "a digest that does not move": ("one digest", (state(0), (contact(1), out(1)), state(1, arrived=1, waiting=1))),
    "a late answer taken": ("taken although", (*RUNG, (reply(16, "accepted"), out(16)))),
    "a second answer taken": ("taken although", (*DECLINED, (reply(3, "accepted"), out(3)))),
    "a duplicate answer refused": ("refused with not_now", (*TALK, (reply(3, "accepted"), refused(3, "not_now", 4)))),
    "time going back": ("taken although", (READY, (tick(5), out(5)), (tick(4), out(4)))),
    "a wrong code": ("refused with not_now", (({**GONE, "at": 1}, refused(1, "not_now", 1)),)),
    "a right line refused": ("allowed here: none", ((contact(1), refused(1, "bad_field", 1)),)),
    "NaN taken": ("taken although", ((contact(1, waited_s=float("nan")), out(1)),)),
    "true taken for a number": ("taken although", ((contact(1, target_s=True), out(1)),)),
    "a long id taken": ("taken although", ((contact(1, "x" * 129), out(1)),)),
    "33 needs taken": ("taken although", ((contact(1, needs={f"n{i}": 1 for i in range(33)}), out(1)),)),
    "no JSON taken": ("instead of None", ((b"{", out(0)),)),
    "a wrong line number": ("error line", ((b"{", refused(0, "bad_json", 2)),)),
    "a score that is no integer": ("score", (READY, (contact(1), out(1, offer(1, score=1.5), wake=16)))),
    "a why without a term": ("why is not", (READY, (contact(1), out(1, offer(1, why={}), wake=16)))),
    "NaN in an answer": ("NaN", ((tick(0), b'{"at":0,"effects":[],"wake":NaN}'),)),
    "no wake at all": ("wake is 'missing'", ((tick(0), b'{"at":0,"effects":[]}'),)),
}  # fmt: skip


@pytest.mark.parametrize("name", LAWFUL)
def test_lawful(name: str):
    assert complaints(*LAWFUL[name]) == []


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str):
    complaint, pairs = WRONG[name]
    assert complaints(*pairs[:-1]) == [], "the conversation must be lawful up to its last line"
    assert any(complaint in told for told in complaints(*pairs)), complaints(*pairs)
