"""A policy in words: each value has its sentence, weights are in seconds, what is not as shipped is said."""

from __future__ import annotations

import re

import pytest
from msgspec import structs

from router.commands import policy as command
from router.core.policy import (
    AgentRules,
    ChannelRules,
    Group,
    InnerPool,
    Limit,
    Policy,
    Topic,
    Weights,
)
from router.tell import clauses_agents, clauses_channel, clauses_pool, clauses_weights
from router.tell.policy import decimal, told
from router.tell.speech import LANGUAGES

SECOND = 1_000_000
THINGS = {
    "channels",
    "pools",
    "topics",
    "languages",
    "agents",
    "groups",
    "weights",
}  # have sections of their own
RICH = Policy(
    channels=Policy().channels
    | {"email": ChannelRules(target=86_400 * SECOND, beside=("chat",), load=40, limit=Limit(3, 60 * SECOND))},
    topics={"housing": Topic({"housing": 3, "lang:fr": 4}, target=90 * SECOND, limit=Limit(max_waiting=2))},
    languages={"fr": {"lang:fr": 4}},
    agents={"ag01": AgentRules({"housing": 8})},
    groups={"help": Group(("housing",), skill="housing", agents=("ag01",))},
    pools={"north": InnerPool(30 * SECOND)},
    weights=Weights(fit=20),
)


@pytest.mark.parametrize(
    ("words", "kind", "elsewhere"),
    [
        (clauses_pool.POOL, Policy, THINGS),
        (clauses_weights.WEIGHTS, Weights, set()),
        (clauses_channel.CHANNEL, ChannelRules, {"limit"}),
        (clauses_channel.TOPIC, Topic, {"limit"}),
        (clauses_channel.LIMIT, Limit, set()),
        (clauses_agents.GROUP, Group, set()),
        (clauses_agents.INNER, InnerPool, set()),
    ],
)
def test_each_field_of_the_policy_has_its_sentence(words, kind, elsewhere):
    fields = set(kind.__struct_fields__)
    assert fields - elsewhere <= set(words), "a field without words: add it to router/tell/clauses_*.py"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("policy", [Policy(), RICH])
def test_every_sentence_is_whole_and_nobody_is_named(policy, language):
    lines = list(told(policy, language))
    assert len({line.path for line in lines}) == len(lines)
    for line in lines:
        assert re.fullmatch(r"[^{}]+[.)]", line.sentence), line
        assert "ag01" not in line.sentence
        if language == "fr":
            assert not re.search(r" [:;!?»]|« |'", line.sentence), line


def test_a_point_of_fit_is_told_in_seconds_of_a_minute():
    fit = {line.path: line.sentence for line in told(RICH, "en")}["weights.fit"]
    assert "20 points" in fit
    assert "1.2\u00a0s of waiting where the promised wait is 60 s" in fit
    assert f"(Shipped: {Weights().fit}.)" in fit
    assert "1,2\u00a0s" in {line.path: line.sentence for line in told(RICH, "fr")}["weights.fit"]
    free = structs.replace(RICH, weights=structs.replace(RICH.weights, wait=0))
    assert "Waits weigh nothing" in {line.path: line.sentence for line in told(free, "en")}["weights.fit"]


def test_what_is_as_shipped_does_not_differ():
    assert [line.path for line in told(Policy(), "en") if line.differs] == []
    differing = {line.path for line in told(RICH, "en") if line.differs}
    assert {"weights.fit", "channels.email.target", "channels.email.load"} <= differing
    assert "weights.wait" not in differing


@pytest.mark.parametrize(("over", "under", "said"), [(1, 3, "0.33"), (3, 2, "1.5"), (4, 2, "2"), (0, 7, "0")])
def test_decimals(over, under, said):
    assert decimal(over, under, "en") == said


def run(*words: str) -> int:
    import argparse

    parser = argparse.ArgumentParser()
    command.add(parser)
    return command.run(parser.parse_args(words))


def test_the_command(capsys):
    assert run("--shipped") == 0
    assert "Who goes first" in capsys.readouterr().out
    assert run("--shipped", "--changed", "--json") == 0
    assert capsys.readouterr().out == ""
    assert run("--config", "config/examples/agency", "--lang", "fr", "--changed") == 0
    assert "Valeur livrée" in capsys.readouterr().out
    assert run("--config", "config/examples/agency", "--json") == 0
    assert '"path":"weights.fit"' in capsys.readouterr().out
    assert run("--config", "nowhere") == 2
    assert "nowhere" in capsys.readouterr().err
