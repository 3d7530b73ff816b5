"""Sentences with gaps: what is read, what is refused, and that nothing makes the reader fail otherwise."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr_flows.message import Choice, Count, Gap, MessageFault, Words, gaps, parse


def test_words_gaps_and_choices():
    assert parse("L'attente : {wait, interval}, {n}.") == (
        Words("L'attente : "),
        Gap("wait", "interval"),
        Words(", "),
        Gap("n"),
        Words("."),
    )
    [choice] = parse("{n, plural, =0 {rien} one {# pièce} other {# pièces}}")
    assert choice == Choice(
        "n",
        True,
        (
            ("=0", (Words("rien"),)),
            ("one", (Count("n"), Words(" pièce"))),
            ("other", (Count("n"), Words(" pièces"))),
        ),
    )


def test_quotes_make_braces_plain():
    assert parse("'{'x'}' it''s #1") == (Words("{x} it's #1"),)


def test_names_of_all_values():
    message = parse("{a} {b, select, x {{c, date}} other {}} {d, plural, other {# of {e}}}")
    assert gaps(message) == {"a": "text", "b": "select", "c": "date", "d": "plural", "e": "text"}


@pytest.mark.parametrize(
    ("text", "at", "mend"),
    [
        ("a } b", 2, "take it out"),
        ("a {", 3, "letters"),
        ("{n", 2, "write {n}"),
        ("{n, digit}", 4, "one of"),
        ("{n, plural, one {x}}", 0, "other"),
        ("{n, plural, other {x} other {y}}", 29, "take one out"),
        ("{n, plural, other x}", 18, "write other {"),
        ("'{ never closed", 0, "close it"),
        ("{a, select, other {" * 5 + "x" + "}}" * 5, 4 * 19, "two sentences"),
        ("x" * 2001, 2000, "under"),
        ("{__class__.__mro__[0]}", 18, ""),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_mend(text: str, at: int, mend: str):
    with pytest.raises(MessageFault) as fault:
        parse(text)
    assert fault.value.at == at
    assert mend in fault.value.mend


@given(st.text(alphabet="{}#',ab=0 other plural select\n", max_size=200))
def test_any_text_is_read_or_refused(text: str):
    with contextlib.suppress(MessageFault):
        parse(text)
