"""What users of Asterisk's `app_queue` complain of, each as a story that cannot happen here.

`docs/reference/complaints.md` numbers them.
"""

from __future__ import annotations

import pytest

from router.core.snapshot import freeze, thaw
from tests.laws.desk import Desk


def test_two_agents_cannot_both_answer_one_caller():
    desk = Desk("a", "b", "c")
    effects = desk.comes("c1")["effects"]
    assert [effect["effect"] for effect in effects] == ["offer"]
    winner = desk.rung["c1"]
    assert "error" not in desk.answers("c1")
    for other in {"a", "b", "c"} - {winner}:
        said = desk.say("answer", offer=effects[0]["offer"], contact="c1", agent=other, answer="accepted")
        assert said["error"]["code"] == "not_now"
    assert desk.ask("state")["connected"] == 1


def test_a_burst_is_spread_one_contact_each():
    desk = Desk(*(f"a{n}" for n in range(5)))
    for n in range(12):
        desk.comes(f"c{n}", at=1)
    assert desk.rung == {f"c{n}": f"a{n}" for n in range(5)}
    assert desk.ask("state")["waiting"] == 7


def test_what_is_said_twice_counts_once():
    desk = Desk("a")
    for _ in range(3):
        desk.comes("c1")
    for _ in range(3):
        desk.answers("c1")
    counts = desk.ask("state")
    assert (counts["arrived"], counts["connected"]) == (1, 1)


def test_a_head_whom_nobody_can_serve_blocks_nobody():
    desk = Desk()
    desk.comes("first", needs={"rare": 9}, vulnerable=True, target_s=1)
    desk.comes("second", at=200)
    desk.agent("a", at=500)
    assert desk.rung == {"second": "a"}


def test_one_with_credit_is_neither_passed_nor_frozen():
    desk = Desk()
    desk.comes("plain", at=0)
    desk.comes("fragile", at=60, vulnerable=True)
    desk.agent("a", at=70)
    assert desk.rung == {"fragile": "a"}
    desk.agent("b")
    assert desk.rung == {"fragile": "a", "plain": "b"}


def test_equals_in_every_way_go_on_being_served():
    desk = Desk()
    for n in range(9):
        desk.comes(f"c{n}", at=1)
    desk.agent("a", at=1)
    for n in range(9):
        assert desk.served(f"c{n}") == "a"
    assert desk.ask("state")["ended"] == 9


@pytest.mark.parametrize("between", ["nothing", "skills anew", "away and back", "another agent's wrap-up"])
def test_wrap_up_is_never_cut_short(between: str):
    desk = Desk("a", "b")
    desk.comes("c1")
    desk.comes("c2")
    desk.answers("c1")
    desk.answers("c2")
    desk.say("ended", at=60, contact="c1")
    desk.comes("c3", at=61)
    if between == "skills anew":
        desk.agent("a", at=62, skills={"x": 3})
    elif between == "away and back":
        desk.agent("a", "away", at=62)
        desk.agent("a", at=63)
    elif between == "another agent's wrap-up":
        desk.say("ended", at=62, contact="c2")
        desk.say("done", at=63, contact="c2", agent="b")
        assert desk.rung == {"c3": "b"}
        return
    desk.tick(300)
    assert desk.rung == {}
    desk.say("done", at=301, contact="c1", agent="a")
    assert desk.rung == {"c3": "a"}


def test_wrap_up_is_a_state_that_can_be_seen():
    desk = Desk("a")
    desk.comes("c1")
    desk.answers("c1")
    desk.say("ended", contact="c1")
    assert desk.state("c1") == "wrap_up"
    assert desk.ask("state")["wrap_up"] == 1


def test_a_minimum_holds_also_where_a_step_raises_it():
    desk = Desk()
    desk.agent("a", skills={"debt": 3})
    desk.comes("c1", at=1, needs={"debt": 2}, relax=[{"after_s": 0, "needs": {"debt": 4}}])
    desk.tick(500)
    assert desk.rung == {}
    assert desk.state("c1") == "waiting"


def test_one_agent_s_offer_ends_no_other_s():
    desk = Desk("a", "b")
    desk.comes("c1")
    desk.comes("c2")
    said = desk.answers("c1", "missed")
    assert [effect["effect"] for effect in said["effects"] if effect["effect"] == "withdraw"] == []
    assert desk.rung == {"c2": "b"}
    assert desk.state("c2") == "offered"


def test_positions_start_at_one_and_only_fall():
    desk = Desk()
    for n in range(4):
        desk.comes(f"c{n}", at=n)
    places = []
    for n in range(3):
        places.append(desk.ask("contact", contact="c3")["position"])
        desk.say("gone", contact=f"c{n}")
    places.append(desk.ask("contact", contact="c3")["position"])
    assert places == sorted(places, reverse=True)
    assert places[-1] == 1


def test_a_transfer_frees_its_agent_at_once_and_keeps_the_place():
    desk = Desk("a")
    desk.comes("c1", at=0)
    desk.answers("c1", at=1)
    desk.comes("c2", at=30, needs={"debt": 1})
    desk.comes("c3", at=31)
    desk.say("again", at=40, contact="c1", needs={"debt": 1})
    assert desk.rung == {"c3": "a"}
    desk.agent("b", at=41, skills={"debt": 5})
    assert desk.rung["c1"] == "b", "its first arrival is its rank, before c2's"


def test_a_restart_resets_no_count_and_forgets_no_reason():
    desk = Desk("a")
    desk.agent("b", "away", reason="lunch")
    desk.comes("c1")
    desk.answers("c1", "declined")
    before = desk.ask("state")
    desk.engine.state = thaw(freeze(desk.engine.state))
    assert desk.ask("state") == before
    assert desk.engine.state.agents["b"].reason == "lunch"
    desk.tick(29)
    assert desk.rung == {}, "the refusal is remembered"


def test_who_rejects_is_not_rung_again_while_another_can():
    desk = Desk("a", "b")
    desk.comes("c1")
    desk.answers("c1", "declined")
    assert desk.rung == {"c1": "b"}
    desk.answers("c1", "declined", at=5)
    assert desk.rung == {}
    desk.tick(29)
    assert desk.rung == {}
    desk.tick(31)
    assert desk.rung == {"c1": "a"}
