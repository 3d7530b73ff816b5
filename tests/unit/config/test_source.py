"""YAML from a stranger: whatever it says, it costs little, runs nothing and ends in faults with a place."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.source import MAX_BYTES, MAX_VALUES, Source


def told(text: str) -> list[str]:
    return [str(fault) for fault in Source("f.yaml", text).faults]


def test_plain_values_are_those_of_json_and_no_is_text():
    source = Source("f", "{a: no, b: 2026-12-25, c: 1.5, d: null, e: [yes, true], f: 08:30, g: 012, 7: x}")
    assert not source.faults
    assert source.value == {
        "a": "no",
        "b": "2026-12-25",
        "c": 1.5,
        "d": None,
        "e": ["yes", True],
        "f": "08:30",
        "g": "012",
        "7": "x",
    }


def test_every_key_and_value_knows_its_place():
    source = Source("f", "a:\n  b: 1\n  c: [x,  y]\n")
    assert str(source.keys[("a", "c")]) == "f:3:3"
    assert str(source.values[("a", "c", 1)]) == "f:3:11"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a: 1\nb: 2\na: 3", "f.yaml:3:1: error: `a` is given twice, first in line 1"),
        ("x: {k: 1, k: 2}", "f.yaml:1:11: error: `x.k` is given twice, first in line 1"),
        (
            "a: !!python/object/apply:os.system [x]",
            "f.yaml:1:4: error: `!!python/object/apply:os.system`: tags",
        ),
        ("a: !secret x", "f.yaml:1:4: error: `!secret`: tags are not taken"),
        ("b: &b {k: 1}\na:\n  <<: *b", "f.yaml:3:3: error: merge keys"),
        ("? [a]\n: 1", "f.yaml:1:3: error: a key must be one word"),
        ("a: [1\nb: 2", "f.yaml:2:2: error: not YAML: "),
        ("a: *nowhere", "f.yaml:1:4: error: not YAML: found undefined alias"),
        ("a: 1\n---\nb: 1", "f.yaml:2:1: error: not YAML: but found another document"),
        ("a: \x00", "f.yaml:1:1: error: not YAML: unacceptable character"),
        ("a: &a [*a]", "error: nested more than 20 deep"),
        ("a: " + "[" * 30 + "]" * 30, "error: nested more than 20 deep"),
        ("[" * 5_000, "error: nested more than 20 deep"),
    ],
)
def test_each_fault_of_form_has_its_place(text: str, fault: str):
    assert fault in told(text)[0]


def test_both_of_two_doubles_are_told():
    assert len(told("a: 1\na: 2\nb: 1\nb: 2")) == 2


def test_an_alias_bomb_is_cut_off_early():
    layers = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    began = time.monotonic()
    assert f"more than {MAX_VALUES} values" in told("\n".join(["a0: &a0 [1]", *layers]))[0]
    assert time.monotonic() - began < 30, "10^11 values would take hours"


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"a: \xff", "byte 4 is not UTF-8"),
        (b"#" * (MAX_BYTES + 1), "longer than"),
    ],
)
def test_a_file_that_cannot_be_taken(tmp_path, raw: bytes, fault: str):
    (tmp_path / "f.yaml").write_bytes(raw)
    source = Source.of(tmp_path / "f.yaml", "f.yaml")
    assert fault in str(source.faults[0])
    assert source.value == {}


def test_a_file_with_a_byte_order_mark_is_read(tmp_path):
    (tmp_path / "f.yaml").write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert Source.of(tmp_path / "f.yaml", "f.yaml").value == {"a": 1}


@given(st.text(alphabet=st.sampled_from("ab:-[]{}&*!<>|%'\"#,? \n\t1.\x00é")))
def test_no_text_at_all_raises(text: str):
    Source("f", text)
