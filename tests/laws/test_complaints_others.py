"""What users of other systems than Asterisk complain of, each as a story that cannot happen here.

`docs/reference/complaints.md` numbers them.
"""

from __future__ import annotations

import pytest

from router.core.policy import Policy, Weights
from tests.laws.desk import Desk


@pytest.mark.parametrize("how", ["declined", "missed", "expired", "gone", "away", "ended"])
def test_nobody_stays_reserved(how: str):
    """Whatever ends an offer, its agent can be offered the next contact at once, or when they are back."""
    desk = Desk("a")
    desk.comes("c1")
    if how in {"declined", "missed"}:
        desk.answers("c1", how, at=2)
    elif how == "expired":
        desk.tick(16)
    elif how == "gone":
        desk.say("gone", at=2, contact="c1")
    elif how == "away":
        desk.agent("a", "away", at=2)
        desk.say("gone", contact="c1")
        desk.agent("a")
    else:
        desk.served("c1", at=2)
    desk.comes("c2", at=20)
    assert desk.rung == {"c2": "a"}


def test_an_offer_that_nobody_answers_ends_without_being_told():
    desk = Desk("a", "b")
    assert desk.comes("c1")["wake"] == 15
    assert [effect["effect"] for effect in desk.tick(15)["effects"]][:2] == ["withdraw", "requeue"]
    assert desk.rung == {"c1": "b"}


def test_agents_who_are_not_there_end_no_search():
    desk = Desk()
    for n in range(9):
        desk.agent(f"a{n}", ("away", "offline")[n % 2])
    desk.agent("b")
    desk.comes("c1")
    assert desk.rung == {"c1": "b"}
    desk.comes("c2")
    desk.agent("a8")
    assert desk.rung == {"c1": "b", "c2": "a8"}


def test_a_citizen_who_left_is_offered_to_nobody():
    desk = Desk("a")
    desk.comes("c1")
    effects = desk.say("gone", at=1, contact="c1")["effects"]
    assert effects == [
        {"effect": "withdraw", "offer": "o1", "contact": "c1", "agent": "a", "because": "gone"}
    ]
    said = desk.say("answer", offer="o1", contact="c1", agent="a", answer="accepted")
    assert said["error"]["code"] == "not_now"
    desk.tick(100)
    assert desk.rung == {}


def test_the_higher_score_goes_first():
    desk = Desk()
    desk.comes("late", at=0, target_s=3600)
    desk.comes("soon", at=10, target_s=20)
    desk.agent("a", at=30)
    assert desk.rung == {"soon": "a"}


def test_the_longest_idle_of_equals_not_the_first_of_a_list():
    desk = Desk("a", "b", "c")
    served = []
    for n in range(6):
        desk.comes(f"c{n}", at=60 * n)
        served.append(desk.served(f"c{n}", at=60 * n + 3))
    assert served == ["a", "b", "c"] * 2


def test_each_wraps_up_for_themselves():
    desk = Desk("a", "b")
    desk.comes("c1")
    desk.comes("c2")
    desk.answers("c1")
    desk.answers("c2")
    desk.say("ended", at=10, contact="c1")
    desk.say("ended", at=11, contact="c2")
    assert desk.say("done", contact="c1", agent="b")["error"]["code"] == "not_now"
    desk.say("done", contact="c2", agent="b")
    desk.comes("c3", at=12)
    assert desk.rung == {"c3": "b"}


def test_a_rejected_citizen_keeps_the_line_and_the_place():
    desk = Desk("a")
    for n in range(1, 4):
        desk.comes(f"c{n}", at=n - 1)
    desk.answers("c1", "declined", at=3)
    assert desk.state("c1") == "waiting"
    desk.agent("b", at=4)
    assert desk.rung == {"c2": "a", "c1": "b"}, "its place is before c3's"


def test_freed_capacity_goes_to_the_oldest():
    desk = Desk()
    desk.agent("a", capacity={"chat": 2})
    for n in range(5):
        desk.comes(f"c{n}", "chat", at=n)
    desk.answers("c0", at=6)
    desk.say("ended", contact="c0")
    desk.say("done", contact="c0", agent="a")
    assert list(desk.rung) == ["c1", "c2"]
    desk.comes("c9", "chat")
    desk.served("c1")
    assert list(desk.rung) == ["c2", "c3"]


def test_a_limit_that_is_lowered_is_kept_from_then_on():
    desk = Desk()
    desk.agent("a", capacity={"chat": 3})
    for n in range(4):
        desk.comes(f"c{n}", "chat")
    for n in range(3):
        desk.answers(f"c{n}")
    desk.agent("a", capacity={"chat": 1})
    for n in range(3):
        assert "c3" not in desk.rung
        desk.say("ended", contact=f"c{n}")
        desk.say("done", contact=f"c{n}", agent="a")
    assert desk.rung == {"c3": "a"}


@pytest.mark.parametrize("state", ["away", "offline"])
def test_a_preferred_agent_who_is_not_there_gets_nothing(state: str):
    desk = Desk("b")
    desk.agent("a", state)
    desk.comes("c1", "chat", prefers=["a"], prefers_for_s=30)
    assert desk.rung == {"c1": "b"}


def test_events_of_one_instant_leave_one_owner():
    """An answer, a transfer and a change of skills within one instant: the last consistent state stays."""
    desk = Desk()
    desk.agent("a", skills={"x": 5})
    desk.agent("b", skills={"y": 5})
    desk.comes("c1", at=1, needs={"x": 1})
    desk.answers("c1", at=1)
    desk.say("again", at=1, contact="c1", needs={"y": 1})
    desk.agent("a", at=1, skills={"x": 5, "y": 9})
    assert desk.rung == {"c1": "b"}
    assert desk.say("ended", at=1, contact="c1")["error"]["code"] == "not_now"
    desk.answers("c1", at=1)
    assert desk.ask("state")["connected"] == 1


def test_who_logs_in_gets_at_once_what_waits():
    desk = Desk()
    desk.comes("c1")
    said = desk.agent("a", at=3600)
    assert [effect["effect"] for effect in said["effects"]] == ["offer"]


def test_nobody_hoards():
    desk = Desk("a", "b")
    for n in range(6):
        desk.comes(f"c{n}", "email")
        if f"c{n}" in desk.rung:
            desk.answers(f"c{n}")
    assert desk.ask("state")["connected"] == 2


def test_offers_do_not_go_in_circles():
    """A phone that is silent costs one offer a pause, not one after the other."""
    desk = Desk("a")
    desk.comes("c1")
    offers = 0
    for second in range(1, 181):
        offers += sum(effect["effect"] == "offer" for effect in desk.tick(second)["effects"])
    assert offers == 4, "at 45, 90, 135 and 180 s"


@pytest.mark.parametrize("state", ["away", "offline"])
def test_who_said_offline_stays_so(state: str):
    desk = Desk("a")
    desk.comes("c1")
    desk.answers("c1")
    desk.agent("a", state, at=5)
    assert desk.state("c1") == "connected"
    desk.say("ended", at=60, contact="c1")
    desk.say("done", at=70, contact="c1", agent="a")
    desk.comes("c2", at=71)
    assert desk.rung == {}
    assert desk.ask("state")["agents_ready"] == 0


def test_a_conversation_that_is_over_stays_over():
    desk = Desk("a")
    desk.comes("c1")
    desk.served("c1")
    for event in ("ended", "gone"):
        said = desk.say(event, at=9, contact="c1")
        assert "error" in said or said["ignored"] == "duplicate"
    counts = desk.ask("state")
    assert (counts["ended"], counts["connected"], counts["agents_idle"]) == (1, 0, 1)


def test_a_missed_offer_is_missed_and_no_error():
    desk = Desk("a")
    desk.comes("c1")
    said = desk.answers("c1", "missed")
    assert "error" not in said
    assert {"effect": "requeue", "contact": "c1", "because": "missed"} in said["effects"]
    assert desk.ask("state")["agents_ready"] == 1, "no agent is set away unless it is configured"


@pytest.mark.parametrize("beside", [0, 1000])
def test_chats_go_to_who_has_none_or_beside_others_as_it_is_configured(beside: int):
    """Side by side they leave others free for calls; `why` says so, and 0 points spread them."""
    desk = Desk("a", "b", policy=Policy(weights=Weights(beside=beside, idle=1)))
    desk.comes("c0", "chat")
    desk.answers("c0")
    said = desk.comes("c1", "chat", at=1)
    assert desk.rung == {"c1": "a" if beside else "b"}
    assert said["effects"][0]["why"].get("beside", 0) == beside


def test_no_attempt_is_uncounted():
    desk = Desk()
    for n in range(50):
        desk.comes(f"c{n}", at=n)
        if n % 3 == 0:
            desk.say("gone", contact=f"c{n}")
    counts = desk.ask("state")
    names = ("waiting", "offered", "connected", "wrap_up", "ended", "gone")
    assert counts["arrived"] == 50 == sum(counts[name] for name in names)
    assert counts["gone"] == 17
