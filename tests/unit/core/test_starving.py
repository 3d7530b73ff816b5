"""Whom a policy would starve: found with its rival, and true of the core itself."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from config.loader import DEMO, load
from router.check.fairness import fairness
from router.core import events as e
from router.core.policy import SECOND, AgentRules, ChannelRules, Group, Policy, Topic, Weights
from router.core.starving import ENOUGH, Kind, starving, unserved
from router.core.state import State
from router.core.step import step
from router.rules import policy_of

DEEP = Policy(
    topics={"plain": Topic({"a": 1}), "rich": Topic({"a": 1, "b": 1})},
    agents={"ag01": AgentRules({"a": 5, "b": 9})},
)


def weighed(policy: Policy, **weights: int) -> Policy:
    return replace(policy, weights=replace(policy.weights, **weights))


def test_the_shipped_policies_starve_nobody():
    assert starving(Policy()) is None
    assert starving(policy_of(load(DEMO).tree, "main")) is None
    assert starving(DEEP) is None


def test_without_ageing_the_poorer_fit_waits_for_ever():
    found = starving(weighed(DEEP, wait=0))
    assert found is not None
    assert (found.kind.topic, found.rival.topic, found.wait) == ("plain", "rich", None)
    assert found.ahead > 0


def test_where_only_the_wait_counts_nothing_starves():
    assert starving(weighed(DEEP, fit=0)) is None
    assert starving(weighed(Policy(), wait=0, live=0)) is None, "equal kinds go by rank alone"


def test_an_agent_for_whom_it_is_the_best_fit_saves_it():
    both = replace(DEEP, agents=DEEP.agents | {"ag02": AgentRules({"a": 5})})
    assert starving(weighed(both, wait=0, live=0)) is None


def test_a_closed_channel_is_no_rival_and_nobody_serves_it():
    none = replace(DEEP, agents={"ag01": AgentRules({"a": 5}, dict.fromkeys(DEEP.channels, 0))})
    assert starving(weighed(none, wait=0)) is None
    assert unserved(none) == [Kind("*", "plain", ""), Kind("*", "rich", "")]


def test_what_nobody_can_serve_is_named():
    assert unserved(DEEP) == []
    assert unserved(replace(DEEP, agents={})) == [], "agents may log in with skills of their own"
    few = replace(DEEP, agents={"ag01": AgentRules({"a": 5})})
    assert [str(kind) for kind in unserved(few)] == ["`*` about `rich`"]


@given(st.integers(0, 60), st.integers(0, 60))
@settings(max_examples=60, deadline=None)
def test_the_core_starves_whom_it_says_and_nobody_else(wait: int, fit: int):
    """A contact has waited ENOUGH of its targets and a rival one of its own: who is served tells."""
    policy = weighed(DEEP, wait=wait, fit=fit, idle=0)
    found = starving(policy)
    kind, rival = (
        (found.kind, found.rival) if found else (Kind("phone", "plain", ""), Kind("phone", "rich", ""))
    )
    state = State()
    step(state, e.Config(policy, "h"), 0)
    for name, which, targets in (("c", kind, ENOUGH), ("r", rival, 1)):
        target = policy.channels[which.channel].target
        needs = (policy.topics[which.topic].needs,)
        step(state, e.Contact(name, which.channel, needs, waited=targets * target), 10**6 * SECOND)
    effects = step(state, e.Agent("ag01", "ready", skills={"a": 5, "b": 9}), 10**6 * SECOND).effects
    assert [each.contact for each in effects] == ["r" if found else "c"]


@pytest.mark.parametrize(
    ("policy", "told"),
    [
        (DEEP, ["policy of pool `main`: no kind of contact starves"]),
        (
            weighed(DEEP, wait=0),
            ["starves whoever comes by `outreach` about `plain`: they would wait for ever for `ag01`"],
        ),
        (
            replace(DEEP, agents={"ag01": AgentRules({"a": 5})}),
            ["who comes about `rich` waits for ever: no agent can serve them", "starves"],
        ),
        (
            weighed(Policy(), wait=1),
            ["starves whoever comes by `outreach`: they would wait"],
        ),
        (
            replace(DEEP, credit_cap=7_200 * SECOND),
            ["starves whoever comes by `phone` without credit: an equal contact that comes up to 2\xa0h"],
        ),
        (
            replace(DEEP, groups={"help": Group(("rich",), agents=("ag01",))}),
            ["`rich` waits past the target until group `help` opens: only agents in", "no kind of contact"],
        ),
        (
            replace(
                DEEP,
                groups={"help": Group(("rich",), agents=("ag01",))},
                agents=DEEP.agents | {"ag02": AgentRules({"a": 5, "b": 5})},
            ),
            ["no kind of contact starves"],
        ),
        (replace(DEEP, credit_cap=7_200 * SECOND, journey_credit=0), ["no kind of contact starves"]),
        (
            replace(DEEP, channels=DEEP.channels | {"phone": ChannelRules(capacity=0)}),
            ["no agent takes `phone`: who comes so waits for ever", "no kind of contact starves"],
        ),
    ],
)
def test_check_tells_it(policy: Policy, told: list[str]):
    found = list(fairness("main", policy))
    assert [words for words in told if not any(words in each.what for each in found)] == []
    refused = [
        words for words in told if "until group" in words or words.startswith(("starves", "who comes"))
    ]
    assert any(each.mend for each in found) == bool(refused)


def test_the_mend_names_what_to_lower_and_whom_to_find():
    starved = list(fairness("main", weighed(DEEP, wait=1, live=1_000_000)))
    assert "raise weights.wait (1) or lower weights.live (1000000)" in starved[0].mend
    assert "\N{NO-BREAK SPACE}d" in starved[0].what, "a wait of weeks is told in days"
    no_rich = replace(DEEP, agents={"ag01": AgentRules({"a": 5})})
    assert "an agent with `a` 1, `b` 1 (the least levels)" in next(fairness("main", no_rich)).mend
    one_tongue = next(fairness("main", replace(DEEP, languages={"fr": {}, "ar": {"lang:ar": 5}})))
    assert (
        "in `ar` waits for ever: no agent can serve them. It takes an agent with `a` 1, " in one_tongue.what
    )
    assert not one_tongue.mend, "a note: in French they are served"


def test_weights_have_a_limit_so_that_the_proof_holds():
    """No term but the wait may grow past what 20 targets of a usual weight outgrow unseen."""
    assert Weights().wait * ENOUGH > Weights().fit * 1000
