"""Each word of the core has its sentence in both languages, and the sentences are well set."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import get_args

import pytest
from msgspec import structs

import router.core
from router.api.shapes import GoneReason
from router.core import callbacks, limits
from router.core.change import KINDS, Change
from router.core.events import AgentStateName, Contact
from router.core.policy import Policy, Weights
from router.core.why import ABLE, REASONS
from router.replay.decisions import causes
from router.tell import because, reasons, terms
from router.tell.altered import CLAUSES, altered
from router.tell.sight import READERS, TABLE, Reader
from router.tell.speech import CHANNELS, LANGUAGES, instant, lasting, listed, number, skill, spaced

CORE = Path(router.core.__file__).parent


def strings(tree: ast.AST) -> set[str]:
    found = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {value for value in found if isinstance(value, str)}


def functions(module: str) -> dict[str, ast.FunctionDef]:
    tree = ast.parse((CORE / f"{module}.py").read_text())
    return {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_the_core_gives_no_reason_that_is_not_listed():
    exclusion = functions("why")["exclusion"]
    given = {
        text
        for node in ast.walk(exclusion)
        if isinstance(node, ast.Return) and node.value is not None
        for text in strings(node.value)
    }
    assert "lacks_skill" in given
    assert given - {""} <= set(REASONS)
    assert set(get_args(AgentStateName)) - {"ready"} <= set(REASONS)


def test_each_reason_has_a_sentence():
    assert set(reasons.REASONS) == {ABLE, *REASONS}
    for words in reasons.REASONS.values():
        assert len(words) == 4
        assert all(word.count("{}") == 1 for word in words)


def test_each_term_of_the_score_has_its_words():
    """Every key that a function of `score` puts into terms, and every such key has a part."""
    given = set()
    for function in functions("score").values():
        for node in ast.walk(function):
            if isinstance(node, ast.Dict):
                given |= {text for key in node.keys if key is not None for text in strings(key)}
            if (
                isinstance(node, ast.Subscript)
                and isinstance(node.value, ast.Name)
                and node.value.id == "terms"
            ):
                given |= strings(node.slice)
    assert {"wait", "fit", "idle"} <= given
    assert given <= set(terms.TERMS), "a term without words: add it to router/tell/terms.py"


def test_the_terms_of_the_place_in_line_are_never_shown_as_the_agents():
    contact = {
        text
        for node in ast.walk(functions("score")["contact_terms"])
        if isinstance(node, ast.Dict)
        for key in node.keys
        for text in strings(key)
    }
    assert contact
    assert all(terms.TERMS[name].part == "contact" for name in contact)
    assert terms.of_agent(dict.fromkeys([*terms.TERMS, "new"], 1)).keys() == {
        name for name, term in terms.TERMS.items() if term.part == "agent"
    }


def test_each_word_after_because_has_a_clause():
    said = set()
    for path in CORE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                if node.func.attr == "withdraw" and len(node.args) == 2:
                    said |= strings(node.args[1])
                if node.func.attr == "requeue" and len(node.args) == 3:
                    said |= strings(node.args[2])
    assert {"gone", "expired", "preempted"} <= said
    assert said <= set(because.BECAUSE)


def test_each_reason_of_an_end_without_an_answer_has_a_clause():
    refusals = {limits.TOO_MANY, limits.TOO_LONG}
    assert {*get_args(GoneReason), *callbacks.REPLACED, *refusals} <= set(because.GONE)


def test_each_change_and_each_channel_has_a_clause():
    assert set(CLAUSES) == set(KINDS)
    assert set(CHANNELS) == set(Policy().channels)
    assert set(TABLE) == set(READERS) == set(get_args(Reader))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_change_is_one_whole_sentence(kind, language):
    change = Change(
        kind, agent="a7", skill="housing", level=4, was=2, seconds=61, weight="fit", value=3, result="a9"
    )
    for one in (change, structs.replace(change, level=0), structs.replace(change, result="")):
        said = spaced(altered(one, language, named=True), language)
        assert re.fullmatch(r"(If|Si) .+\.", said)
        assert "{" not in said
        assert ("a9" in said) == bool(one.result)
        assert "a9" not in altered(one, language, named=False)
        earlier = altered(one, language, named=True, before=True)
        assert re.match("The last time, if |La dernière fois, si ", earlier)
        assert not re.search("that moment|ce moment", earlier)


def plain_space_before_high_signs(text: str) -> list[str]:
    return re.findall(r".[ ][:;!?»]", text) + re.findall(r"« ", text)


def test_french_typography():
    said = spaced("Voici : « un poids » ; lequel ?", "fr")
    assert plain_space_before_high_signs(said) == []
    assert plain_space_before_high_signs("Voici : non") != []
    for words in (
        *reasons.REASONS.values(),
        *because.BECAUSE.values(),
        *CLAUSES.values(),
        *CHANNELS.values(),
    ):
        french = words[len(words) // 2 :]
        assert not any("'" in word for word in french), french
    assert number(-12345, "fr") == "−12\u202f345"
    assert number(12345, "en") == "12,345"
    assert lasting(61_000_000, "fr") == "1\u00a0min\u00a001\u00a0s"
    assert lasting(59_999_999, "en") == "59\u00a0s"
    assert lasting(3_660_000_000, "fr") == "1\u00a0h\u00a001\u00a0min"
    assert lasting(90_000_000_000, "fr") == "1\u00a0j\u00a01\u00a0h"
    assert instant(1_795_516_325_000_000, "fr").startswith("24\u00a0novembre 2026 à 10\u00a0h\u00a032")
    assert instant(1_796_083_200_000_000, "fr").startswith("1er\u00a0décembre")
    assert instant(1_795_516_325_000_000, "en") == "24\u00a0November 2026 at 10:32:05 (universal time)"
    assert listed(["a", "b", "c"], "fr") == "a, b et c"
    assert skill("lang:fr", "fr") == "français"
    assert skill("fr", "fr") == "fr"
    assert skill("housing", "fr") == "logement"
    assert skill("my_own", "fr") == "my own"


def test_one_and_none_are_singular_in_french_alone():
    assert reasons.reason("busy", 1, "fr").startswith("1 agent s’occupait")
    assert reasons.reason("busy", 0, "fr").startswith("0 agent s’occupait")
    assert reasons.reason("busy", 0, "en").startswith("0 agents were")
    assert reasons.reason("busy", 2, "fr").startswith("2 agents s’occupaient")


def test_every_weight_that_a_change_may_name_is_an_integer():
    assert all(isinstance(value, int) for value in structs.asdict(Weights()).values())


def test_a_duration_that_must_suffice_is_not_rounded():
    assert lasting(71_794_000_000, "en", exact=True) == "19\u00a0h\u00a056\u00a0min\u00a034\u00a0s"
    assert lasting(86_401_000_000, "fr", exact=True) == "1\u00a0j\u00a01\u00a0s"
    assert lasting(0, "fr", exact=True) == "0\u00a0s"


def test_agents_alike_and_the_agent_spoken_of():
    assert reasons.reason_of_all("busy", 3, "fr") == "Les 3 agents s’occupaient de quelqu’un d’autre"
    assert reasons.reason_of_all("busy", 3, "en") == "All 3 agents were serving somebody else"
    assert reasons.reason_of_all("away", 1, "fr") == "Le seul agent était en pause ou à une autre tâche"
    assert reasons.reason_of_that("away", "en") == "that agent was on a break or at another task"


def test_each_cause_of_a_credit_has_its_words():
    everything = Contact("c", "phone", ({},), vulnerable=True, cut=True, journey=1)
    assert set(causes(Policy(), everything)) == set(terms.CAUSES)
