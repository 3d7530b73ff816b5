"""The expressions of `when` and `set`: what they mean, what they refuse, and that nothing can go wrong."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr_flows.evaluate import holds, value_of
from ivr_flows.expression import parse
from ivr_flows.lexer import ExpressionFault
from ivr_flows.typing_of import kind_of

KINDS = {
    "age": "number",
    "verified": "bool",
    "status": "text",
    "born": "date",
    "today": "date",
    "none": "text",
}
KNOWN = {"age": 61, "verified": False, "status": "open", "born": "1990-02-03", "today": "2026-11-30"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("age >= 60 and not verified", True),
        ("status in ['open', 'sent']", True),
        ("years(born, today)", 36),
        ("days('2026-11-01', today)", 29),
        ("-age * 2 + 1", -121),
        ("10 / 4", 2.5),
        ("10 / 5", 2),
        ("1 / 0", None),
        ("999999999999999 * 999999999999999", None),
        ("'Dossier ' + status", "Dossier open"),
        ("born < '1991-01-01'", True),
        ("none == nothing", True),
        ("none == ''", False),
        ("none < 'x'", False),
        ("known(none)", False),
        ("number('12') + 1", 13),
        ("number('twelve')", None),
        ("contains(status, 'PE')", True),
        ("1 + 2 * 3 == 7 or 1 / 0 == 1", True),
        ("not (1 == 2)", True),
        ("true == 1", False),
    ],
)
def test_what_they_mean(text, value):
    assert value_of(parse(text), KNOWN) == value
    kind_of(parse(text.replace("true == 1", "true")), KINDS)


@pytest.mark.parametrize(
    ("text", "at", "mend"),
    [
        ("age = 1", 4, "=="),
        ("(1", 2, "`)`"),
        ("foo(1)", 0, "known"),
        ("status > 1", 7, "number(…)"),
        ("age and true", 4, "compare"),
        ("agee == 1", 0, "`age`"),
        ("1 < 2 < 3", 6, "a < b and b < c"),
        ("'abc", 0, "same quote"),
        ("a.b", 1, "no dots"),
        ("age && verified", 4, "`and`"),
        ("", 0, "a variable"),
        ("open and", 8, "a variable"),
    ],
)
def test_what_is_refused_has_a_place_and_a_mend(text, at, mend):
    with pytest.raises(ExpressionFault) as refused:
        kind_of(parse(text), KINDS)
    assert refused.value.at == at
    assert mend in str(refused.value)


@pytest.mark.parametrize(
    "attack",
    [
        "+".join(["1"] * 99),
        "(" * 15 + "1" + " in [1,1])" * 15,
        "(" * 14 + "'a'" + " + 'a')" * 14,
        "not " * 60 + "true",
        "(" * 190,
        "-" * 180 + "1",
        "[" * 100,
        "known(" * 30 + "1" + ")" * 30,
        "a" * 600,
        "'" + "a" * 490,
        "__import__('os').system('true')",
        "9" * 400,
        "().__class__",
        "\0" * 100,
        "1e999",
        "٣" * 40,
    ],
)
def test_attacks_cost_nothing(attack):
    began = time.monotonic()
    try:
        expression = parse(attack)
        kind_of(expression, KINDS)
        value_of(expression, KNOWN)
    except ExpressionFault:
        pass
    assert time.monotonic() - began < 1


LEAVES = st.sampled_from(
    ["1", "2.5", "'a'", "true", "nothing", "age", "verified", "status", "born", "today", "none", "unknown"]
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "==", "<", "and", "or", ">="]), inner).map(
            lambda t: f"({t[0]} {t[1]} {t[2]})"
        ),
        inner.map(lambda each: f"(not {each})"),
        inner.map(lambda each: f"(-{each})"),
        st.tuples(inner, inner).map(lambda t: f"({t[0]} in [{t[1]}, 1])"),
        st.tuples(st.sampled_from(["known", "text", "number", "length"]), inner).map(
            lambda t: f"{t[0]}({t[1]})"
        ),
    ),
    max_leaves=12,
)


@settings(max_examples=300, derandomize=True, deadline=None)
@given(TREES)
def test_every_expression_has_one_answer_and_a_typed_one_the_kind_it_says(text):
    try:
        expression = parse(text)
    except ExpressionFault:
        return
    value = value_of(expression, KNOWN)
    assert value == value_of(parse(text), KNOWN)
    assert isinstance(holds(expression, KNOWN), bool)
    try:
        kind = kind_of(expression, KINDS)
    except ExpressionFault:
        return
    python = {"text": str, "date": str, "number": (int, float), "bool": bool, "any": object}[kind]
    assert value is None or isinstance(value, python)


NOISE = """
and or not in true false nothing age verified status born known( number( text( years( 1 2.5 1e9
. , ( ) [ ] + - * / == != < <= > >= = ! & | { } 'a' "b" ' " é \0
"""


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "cpu_s", [pytest.param(3, marks=pytest.mark.fuzz), pytest.param(60, marks=pytest.mark.soak)]
)
def test_noise_finds_nothing(cpu_s):
    """Of CPU, on random words of the language and random signs; the seed is told when it fails."""
    seed = 20261130 + cpu_s
    chance, words = random.Random(seed), NOISE.split()
    began, tried = time.process_time(), 0
    while time.process_time() - began < cpu_s:
        tried += 1
        text = " ".join(chance.choice(words) for _ in range(chance.randint(0, 40)))
        if chance.random() < 0.3:
            text = "".join(chr(chance.randint(0, 0x2FF)) for _ in range(chance.randint(0, 60)))
        at = refused_at(text)
        assert at is None or 0 <= at <= 500, (seed, tried, text)
    assert tried > 100 * cpu_s


def refused_at(text: str) -> int | None:
    try:
        expression = parse(text)
        kind_of(expression, KINDS)
    except ExpressionFault as fault:
        return fault.at
    value_of(expression, KNOWN)
    return None
