"""What the core learns of kinds and of agents: averages, shrinkage, rates, bounds; durable as all else."""

from __future__ import annotations

import ast
from pathlib import Path

import msgspec
from msgspec import structs

from router.core import events as e
from router.core import learnt as module
from router.core.digest import digest
from router.core.learnt import ASSUMED, CHANNEL, KindRecord, Learnt, rate_of
from router.core.needs import NeedsKey
from router.core.pace import GROUPS_MAX, PLENTY, Pace, group_of, pace_of, speed_points, took
from router.core.policy import SECOND, Weights
from router.core.snapshot import freeze, thaw
from router.core.state import AgentRecord, State
from router.core.step import step
from router.engine import Engine

HOUSING: NeedsKey = ((("housing", 3),),)
FAMILY: NeedsKey = ((("family", 3),),)


def learnt() -> Learnt:
    return Learnt({}, set())


def serve(state: State, name: str, begins: int, takes: int, needs: e.Needs = ({"housing": 3},)) -> None:
    """A whole phone call of `takes` seconds, the last of them wrap-up."""
    say(state, begins, e.Contact(name, "phone", needs))
    offer = state.offers[state.contacts[name].offer or ""]
    say(state, begins, e.Answer(offer.offer, name, offer.agent, "accepted"))
    say(state, begins + takes - 1, e.Ended(name))
    say(state, begins + takes, e.Done(name, offer.agent))


def say(state: State, at: int, *events: e.Event) -> None:
    for event in events:
        assert step(state, event, at * SECOND).refusal is None


def test_what_nobody_knows_is_assumed_and_what_is_known_is_believed_little_by_little() -> None:
    known = learnt()
    assert known.handling("phone") == known.handling("phone", HOUSING) == ASSUMED["phone"] == 300 * SECOND
    means = []
    for n in range(400):
        known.handled(("phone", HOUSING), n, 0, 600 * SECOND)
        means.append(known.handling("phone", HOUSING) // SECOND)
    assert means[0] in range(300, 400)
    assert means == sorted(means)
    assert means[-1] in range(595, 601)
    assert known.handling("phone", FAMILY) == known.handling("phone")  # like its channel until it is known
    assert known.handling("chat") == ASSUMED["chat"]


def test_a_kind_differs_from_its_channel_once_it_was_seen_often_enough() -> None:
    known = learnt()
    for n in range(200):
        known.handled(("phone", HOUSING if n % 2 else FAMILY), n, 0, (900 if n % 2 else 100) * SECOND)
    assert known.handling("phone") // SECOND in range(480, 520)
    assert known.handling("phone", HOUSING) // SECOND in range(840, 900)
    assert known.handling("phone", FAMILY) // SECOND in range(100, 160)


def test_a_wrap_up_nobody_ended_teaches_little() -> None:
    known = learnt()
    for n in range(50):
        known.handled(("phone", HOUSING), n, 0, 300 * SECOND)
    known.handled(("phone", HOUSING), 50, 0, 14 * 3600 * SECOND)
    assert known.handling("phone", HOUSING) < 400 * SECOND


def test_arrivals_are_counted_over_the_last_minutes_of_event_time() -> None:
    known = learnt()
    for second in range(0, 1200, 10):  # six a minute
        known.arrived(("phone", HOUSING), second, second * SECOND)
    now = 1200 * SECOND
    kind, whole = known.kinds["phone", HOUSING], known.kinds["phone", CHANNEL]
    assert rate_of(kind, now) == rate_of(whole, now) == 100_000
    assert rate_of(whole, now + 200 * SECOND) == 60_000  # thirty in 500 s
    assert rate_of(whole, now + 600 * SECOND) == 0


def test_a_young_centre_counts_what_it_has_seen() -> None:
    known = learnt()
    for second in range(100):
        known.arrived(("chat", HOUSING), second, second * SECOND)
    assert (
        rate_of(known.kinds["chat", CHANNEL], 100 * SECOND) == 1_000_000
    )  # one a second, over the 100 seconds there were


def test_hostile_variety_keeps_no_more_than_the_bound_and_never_loses_a_channel(monkeypatch) -> None:
    monkeypatch.setattr(module, "KINDS_MAX", 20)
    known = learnt()
    for n in range(200):
        known.arrived(("phone", ((("x", n + 1),),)), n, 0)
        if n % 5 == 0:
            known.arrived(("phone", HOUSING), n, 0)
    assert len(known.kinds) == 20
    assert ("phone", ()) in known.kinds
    assert ("phone", HOUSING) in known.kinds  # in use all the time
    assert ("phone", ((("x", 1),),)) in known.touched  # the digest hears of who made room


def test_a_thawed_state_has_learnt_the_same_and_forgets_in_the_same_order() -> None:
    state = State()
    say(state, 0, e.Agent("a", "ready", skills={"housing": 8, "family": 8}))
    serve(state, "c1", 1, 100)
    serve(state, "c2", 200, 50, ({"family": 1},))
    serve(state, "c3", 300, 70)
    state.agents["a"].paces["phone housing"] = Pace(1, 900)
    twin = thaw(freeze(state))
    assert list(twin.kinds.items()) == list(state.kinds.items())
    assert twin.agents["a"].paces == state.agents["a"].paces != {}
    assert digest(twin) == digest(state)
    serve(state, "c4", 400, 70)
    serve(twin, "c4", 400, 70)
    assert digest(twin) == digest(state)


def test_the_digest_covers_what_was_learnt() -> None:
    state = State()
    say(state, 0, e.Agent("a", "ready", skills={"housing": 8}))
    serve(state, "c1", 1, 100)
    before = digest(state)
    state.kinds["phone", HOUSING].handling += 1
    state.marks.kinds.add(("phone", HOUSING))
    assert digest(state) != before


def test_a_contact_teaches_from_accepted_to_wrapped_up() -> None:
    state = State()
    say(state, 0, e.Agent("a", "ready", skills={"housing": 8}))
    serve(state, "c1", 10, 100)
    record = state.kinds["phone", HOUSING]
    assert isinstance(record, KindRecord)
    assert (record.handling, record.handled) == (100 * SECOND, 1)
    assert (record.talk, record.talked) == (99 * SECOND, 1)


def agent() -> AgentRecord:
    return AgentRecord("a", "ready", "", {}, {})


def test_an_agent_s_pace_is_shrunk_to_everybody_s() -> None:
    person = agent()
    needs: e.Needs = ({"housing": 3},)
    assert pace_of(person, group_of("phone", needs)) == 1000
    took(person, "phone", ({"housing": 3},), 100, 200)
    assert pace_of(person, group_of("phone", needs)) in range(975, 985)  # half the time, seen once
    for _ in range(24):
        took(person, "phone", ({"housing": 3},), 100, 200)
    assert pace_of(person, group_of("phone", needs)) == 750  # seen as often as `CREDIBLE`: half its own
    for _ in range(500):
        took(person, "phone", ({"housing": 3},), 100, 200)
    assert pace_of(person, group_of("phone", needs)) in range(520, 540)
    assert pace_of(person, group_of("chat", needs)) == 1000


def test_one_contact_never_makes_somebody_slow() -> None:
    person = agent()
    took(person, "phone", ({"housing": 3},), 10**12, 1)
    assert pace_of(person, group_of("phone", ({"housing": 3},))) < 1200


def test_kinds_of_one_topic_are_one_group_whatever_level_and_language() -> None:
    assert group_of("phone", ({"housing": 3, "lang:fr": 4},)) == "phone housing"
    assert group_of("phone", ({"lang:ar": 1, "housing": 9},)) == "phone housing"
    assert group_of("phone", ({"tax": 3, "lang:ar": 1},)) == "phone tax"  # though `lang:ar` comes before it
    assert group_of("phone", ({"tax": 3}, {"family": 2, "lang:ar": 1})) == "phone family"
    assert group_of("chat", ({"housing": 3},)) == "chat housing"
    assert group_of("chat", ({},)) == "chat "


def test_what_is_known_of_an_agent_is_bounded() -> None:
    person = agent()
    for n in range(100):
        for _ in range(2 if n == 7 else 1):
            took(person, "phone", ({f"skill{n}": 1},), 100, 100)
    assert len(person.paces) == GROUPS_MAX == 16
    assert "phone skill7" in person.paces  # the best known stays


def test_a_pace_follows_to_the_thousandth_what_is_seen_and_forgets_after_four_hundred() -> None:
    person = agent()
    for time, pace in (
        (10**9, 5000),
        (1, 200),
        (100, 1000),
    ):  # five times the usual at most, a fifth at least
        person.paces.clear()
        took(person, "phone", ({"housing": 3},), time, 100)
        assert person.paces["phone housing"] == Pace(1, pace)
    took(person, "phone", ({"housing": 3},), 1, 1)
    assert person.paces["phone housing"] == Pace(2, 1000)
    for _ in range(398):
        took(person, "phone", ({"housing": 3},), 100, 100)
    took(person, "phone", ({"housing": 3},), 500, 100)
    assert person.paces["phone housing"] == Pace(400, 1010)  # a 400th of the way


def test_nobody_is_fast_or_slow_before_the_usual_is_known() -> None:
    state = State()
    say(state, 0, e.Agent("a", "ready", skills={}))
    for n in range(51):
        assert not state.agents["a"].paces
        say(state, n, e.Contact(f"c{n}", "phone", ({"housing": 0},)))
        offer = state.offers[state.contacts[f"c{n}"].offer or ""]
        say(state, n, e.Answer(offer.offer, f"c{n}", "a", "accepted"), e.Ended(f"c{n}"), e.Done(f"c{n}", "a"))
    assert set(state.agents["a"].paces) == {"phone housing"}  # from the fifty-first on


# ---- the terms `speed` and `rest`


def known(**paces: int) -> State:
    """Agents alike but for their pace with calls about housing, well known, in thousandths of the usual."""
    state = State()
    for name in paces:
        say(state, 0, e.Agent(name, "ready", skills={"housing": 5}))
    for name, mean in paces.items():
        record = state.agents[name]
        record.paces = {"phone housing": Pace(100_000, mean)}
        state.roster.touched.add(name)
    return state


def offered(
    state: State, at: int, name: str, needs: e.Needs = ({"housing": 3},), channel: str = "phone"
) -> str:
    say(state, at, e.Contact(name, channel, needs))
    offer = state.contacts[name].offer
    return state.offers[offer].agent if offer else ""


def test_of_equals_the_one_learnt_to_be_faster_is_chosen_and_the_term_says_so() -> None:
    state = known(a=1000, b=750, c=1310)
    assert offered(state, 1, "c1") == "b"
    offer = state.offers["o1"]
    assert offer.why["speed"] == state.policy.weights.speed * 2 // 5  # two tenths of the five that count
    assert offer.score == sum(offer.why.values())
    assert offered(state, 1, "c2") == "a"
    assert "speed" not in state.offers["o2"].why
    assert offered(state, 1, "c3") == "c"
    assert state.offers["o3"].why["speed"] == -state.policy.weights.speed * 3 // 5


def test_paces_within_a_tenth_of_the_usual_are_equal_and_go_by_idleness() -> None:
    state = known(a=1090, b=1000, c=910)
    for name in "cba":
        say(state, 10, e.Agent(name, "away"))
    for at, name in enumerate("abc", 11):
        say(state, at, e.Agent(name, "ready"))
    assert [offered(state, 20, f"c{n}") for n in range(3)] == ["a", "b", "c"]


def test_speed_is_bounded_and_of_its_own_channel_alone() -> None:
    state = known(a=1, b=5000)
    needs: e.Needs = ({"housing": 3},)
    points = [speed_points(state.policy, state.agents[name], group_of("phone", needs)) for name in "ab"]
    assert points == [state.policy.weights.speed, -state.policy.weights.speed]
    assert speed_points(state.policy, state.agents["a"], group_of("chat", needs)) == 0
    off = structs.replace(state.policy, weights=Weights(speed=0))
    assert speed_points(off, state.agents["a"], group_of("phone", needs)) == 0


def test_a_slow_hand_is_found_out_by_the_contacts_themselves() -> None:
    state = State()
    say(state, 0, e.Agent("slow", "ready", skills={"housing": 5}))
    for number in range(60):
        serve(state, f"s{number}", 1000 * number, 900)
    assert state.agents["slow"].paces["phone housing"].n == 60 - PLENTY  # before, the usual was not known
    say(state, 70_000, e.Agent("slow", "away"), e.Agent("fast", "ready", skills={"housing": 5}))
    for number in range(60):
        serve(state, f"f{number}", 71_000 + 1000 * number, 300)
    say(state, 140_000, e.Agent("slow", "ready"))
    say(state, 140_001, e.Agent("fast", "away"), e.Agent("fast", "ready"))  # slow is the longest idle now
    assert offered(state, 140_100, "c") == "fast"
    assert state.offers[state.contacts["c"].offer or ""].why["speed"] > 0


def test_nobody_gets_a_second_hard_conversation_while_another_can_take_it() -> None:
    state = State()
    state.policy = structs.replace(state.policy, hard=("grief",))
    grief: e.Needs = ({"grief": 1},)
    say(state, 0, e.Agent("a", "ready", skills={"grief": 9}))
    serve(state, "c1", 1, 100, grief)
    assert state.agents["a"].strained
    say(state, 200, e.Agent("b", "ready", skills={"grief": 1, "tax": 3}))
    assert offered(state, 201, "c2", grief) == "b"  # though a suits it better
    assert offered(state, 202, "c3", grief) == "a"  # nobody else can
    assert state.offers["o3"].why["rest"] == -state.policy.weights.rest


def test_an_easy_conversation_or_a_pause_is_a_rest() -> None:
    for easy in (True, False):
        state = State()
        state.policy = structs.replace(state.policy, hard=("grief",))
        say(state, 0, e.Agent("a", "ready", skills={"grief": 9, "tax": 1}))
        serve(state, "c1", 1, 100, ({"grief": 1},))
        if easy:
            serve(state, "c2", 200, 100, ({"tax": 1},))
        else:
            say(state, 200, e.Agent("a", "away"), e.Agent("a", "ready"))
        assert not state.agents["a"].strained
        offered(state, 400, "c3", ({"grief": 1},))
        assert "rest" not in state.offers[state.contacts["c3"].offer or ""].why


def test_nothing_is_hard_unless_it_is_configured() -> None:
    state = State()
    say(state, 0, e.Agent("a", "ready", skills={"grief": 9}))
    serve(state, "c1", 1, 100, ({"grief": 1},))
    assert not state.agents["a"].strained


def test_no_answer_tells_an_agent_s_pace_but_as_the_term_of_an_offer() -> None:
    engine = Engine()
    engine.state = known(a=700, b=1200)
    engine.answer(b'{"at":1,"event":"contact","contact":"c1","channel":"phone","needs":{"housing":1}}')
    told = [
        engine.answer(b'{"at":2,"event":"ask","about":"state"}'),
        engine.answer(b'{"at":2,"event":"ask","about":"estimate","channel":"phone","needs":{"housing":1}}'),
        engine.answer(b'{"at":2,"event":"ask","about":"contact","contact":"c1"}'),
    ]
    for answer in told:
        assert b"pace" not in answer
        assert b"strained" not in answer
    assert b"speed" not in told[0] + told[1]
    assert msgspec.json.decode(told[2])["effects"][0]["why"]["terms"]["speed"] == 30


def test_nothing_outside_the_core_reads_what_is_known_of_a_person() -> None:
    """No answer, log, metric or page can list people by speed: nobody out there has the figures."""
    root = Path(__file__).parents[3]
    files = [path for folder in ("router", "metrics", "config") for path in (root / folder).rglob("*.py")]
    outside = [path for path in files if "core" not in path.parts]
    assert len(outside) > 100
    for path in outside:
        read = {
            node.attr for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)
        }
        assert not read & {"paces", "strained"}, path
