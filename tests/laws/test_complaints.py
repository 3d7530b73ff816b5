"""What users of other systems complain of, each as a story that cannot happen here.

`docs/reference/complaints.md` numbers them; a test below holds that page and these names together.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from router.core.policy import Policy, Weights
from router.core.snapshot import freeze, thaw
from tests.laws.desk import Desk

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "complaints.md"


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
    desk.comes("c1", at=0)
    desk.comes("c2", at=1)
    desk.answers("c1", "declined", at=2)
    assert desk.state("c1") == "waiting"
    desk.agent("b", at=3)
    assert desk.rung == {"c2": "a", "c1": "b"}


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
    desk = Desk("a", "b", policy=Policy(weights=Weights(beside=beside)))
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


ROW = re.compile(r"\| (?P<number>\d+) \|[^|]+\|(?P<answer>[^|]+)\|")
NAMED = re.compile(r"`(?P<file>tests/[\w/]+\.py)::(?P<test>test_\w+)`")


def rows() -> dict[int, str]:
    found = [ROW.fullmatch(line) for line in PAGE.read_text().splitlines() if re.match(r"\| \d", line)]
    assert None not in found
    return {int(row["number"]): row["answer"] for row in found if row}


def test_every_complaint_has_its_row():
    assert sorted(rows()) == list(range(1, 50))


def test_every_row_names_a_test_that_exists_or_says_why_not():
    for number, answer in rows().items():
        named = NAMED.findall(answer)
        assert named or "not routing:" in answer or "not yet:" in answer, number
        for file, test in named:
            tree = ast.parse((ROOT / file).read_text())
            names = {
                node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            }
            assert test in names, f"{number}: {file} has no {test}"


def test_every_story_here_is_told_on_the_page():
    told = {test for answer in rows().values() for _, test in NAMED.findall(answer)}
    stories = {name for name in globals() if name.startswith("test_") and not name.startswith("test_every_")}
    assert stories - told == set()
