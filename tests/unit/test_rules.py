"""From configuration to policy: microseconds, no person in it, a hash that means what callers get."""

from __future__ import annotations

import msgspec
import pytest

from config.loader import DEMO, load
from config.tree import Tree
from router.core.policy import SECOND, InnerPool, Policy, Weights
from router.rules import differences, lines, policy_hash, policy_of


def tree(**given: object) -> Tree:
    return msgspec.convert(given, Tree)


def told(old: Policy, new: Policy) -> list[str]:
    return [str(difference) for difference in differences(old, new)]


def test_an_empty_configuration_is_the_core_s_own_policy():
    assert policy_of(Tree(), "main") == Policy()


def test_every_rule_of_the_core_can_be_configured():
    assert {field.removesuffix("_s") for field in type(Tree().pools["main"]).__struct_fields__} | {
        "channels", "topics", "languages", "agents", "groups"
    } == set(Policy.__struct_fields__)  # fmt: skip
    assert type(Tree().pools["main"].weights).__struct_fields__ == Weights.__struct_fields__


def test_seconds_become_whole_microseconds():
    policy = policy_of(tree(pools={"main": {"offer_expiry_s": 1.001}}), "main")
    assert policy.offer_expiry == 1001_000
    assert isinstance(policy.offer_expiry, int)


def test_a_key_left_out_keeps_what_is_usual_for_its_channel():
    policy = policy_of(tree(channels={"chat": {"wrap_up_s": 5}}), "main")
    chat = policy.channels["chat"]
    assert (chat.capacity, chat.exclusive, chat.wrap_up) == (3, False, 5 * SECOND)
    assert policy.channels["email"] == Policy().channels["email"]


def test_targets_are_found_by_name():
    policy = policy_of(
        tree(
            targets={"quick": {"wait_s": 20}},
            channels={"phone": {"target": "quick"}},
            topics={"a": {"needs": {}, "target": "quick"}, "b": {"needs": {}}},
        ),
        "main",
    )
    assert policy.channels["phone"].target == 20 * SECOND
    assert (policy.topics["a"].target, policy.topics["b"].target) == (20 * SECOND, None)


def test_a_pool_has_its_own_agents_only():
    agents = {"ag01": {"pool": "main", "skills": {}}, "ag02": {"pool": "south", "skills": {}}}
    both = tree(pools={"main": {}, "south": {}}, agents=agents)
    assert list(policy_of(both, "south").agents) == ["ag02"]
    with pytest.raises(ValueError, match="no pool `north`: the configuration has main, south"):
        policy_of(both, "north")


def test_agents_of_an_inner_pool_are_among_those_of_the_outer_and_hold_its_skill():
    inner = {"south": {"overflow_after_s": 90, "overflow_to": "north"}, "north": {}}
    agents = {"ag01": {"pool": "main", "skills": {"x": 2}}, "ag02": {"pool": "south", "skills": {"x": 3}}}
    both = tree(pools={"main": {"pools": inner}}, agents=agents)
    policy = policy_of(both, "main")
    assert policy.pools == {"south": InnerPool(90 * SECOND, "north"), "north": InnerPool()}
    assert [rules.skills for rules in policy.agents.values()] == [{"x": 2}, {"x": 3, "pool:south": 1}]
    assert "pools.south: overflow_after_s 90, overflow_to north → (none)" in told(policy, Policy())


def test_no_person_and_no_telephone_enters_the_policy():
    agent = {"pool": "main", "skills": {"tax": 3}, "name": "Zoé Lefèvre", "endpoint": "desk-17"}
    written = msgspec.json.encode(policy_of(tree(agents={"ag01": agent}), "main")).decode()
    assert "ag01" in written
    assert "Zoé" not in written
    assert "desk-17" not in written


def test_the_hash_is_the_same_on_every_machine():
    assert policy_hash(Policy()) == "cbe0027d88c90775"
    assert policy_hash(policy_of(load(DEMO).tree, "main")) == policy_hash(policy_of(load(DEMO).tree, "main"))


def test_the_hash_survives_the_wire_and_the_order_of_maps():
    policy = policy_of(load(DEMO).tree, "main")
    assert policy_hash(msgspec.json.decode(msgspec.json.encode(policy), type=Policy)) == policy_hash(policy)
    turned = msgspec.structs.replace(policy, agents=dict(reversed(policy.agents.items())))
    assert policy_hash(turned) == policy_hash(policy)
    assert differences(policy, turned) == []


def test_the_order_of_topics_is_heard_by_callers_so_it_is_another_policy():
    old, new = (policy_of(tree(topics={a: {"needs": {}}, b: {"needs": {}}}), "main") for a, b in ("xy", "yx"))
    assert policy_hash(old) != policy_hash(new)
    assert told(old, new) == ["topics (order): x, y → y, x"]


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ({}, {"pools": {"main": {"offer_expiry_s": 12.5}}}, "offer_expiry_s: 15 → 12.5"),
        ({}, {"pools": {"main": {"away_after_misses": 2}}}, "away_after_misses: None → 2"),
        ({}, {"channels": {"phone": {"wrap_up_s": 5}}}, "channels.phone.wrap_up_s: None → 5"),
        ({}, {"channels": {"chat": {"exclusive": True}}}, "channels.chat.exclusive: false → true"),
        ({}, {"topics": {"tax": {"needs": {"tax": 3}}}}, "topics.tax: (none) → needs.tax 3"),
        (
            {"agents": {"ag01": {"pool": "main", "skills": {"target": 2}}}},
            {},
            "agents.ag01: skills.target 2 → (none)",
        ),
        (
            {"agents": {"ag01": {"pool": "main", "skills": {}}}},
            {"agents": {"ag01": {"pool": "main", "skills": {"target": 2}}}},
            "agents.ag01.skills.target: (none) → 2",
        ),
        (
            {"languages": {"fr": {"needs": {"a": 1}}}},
            {"languages": {"fr": {"needs": {"a": 2}}}},
            "languages.fr.a: 1 → 2",
        ),
    ],
)
def test_a_difference_is_one_line_in_the_words_of_the_configuration(before, after, line: str):
    old, new = policy_of(tree(**before), "main"), policy_of(tree(**after), "main")
    assert told(old, new) == [line]
    assert policy_hash(old) != policy_hash(new)


def test_lines_state_every_value_in_seconds():
    stated = lines(Policy())
    assert "channels.phone.target_s: 60" in stated
    assert "forget_after_s: 86400" in stated
    assert "agents: {}" in stated
