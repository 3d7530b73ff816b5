"""Wrong numbers on a benchmark's command line are told in a line."""

import sys
from argparse import ArgumentTypeError

import pytest

from bench.asked import span, whole
from bench.estimate.__main__ import main as estimate
from bench.policy.__main__ import main as policy


def test_whole_numbers_and_spans():
    assert whole(1)("12") == 12
    assert list(span("3")) == [3]
    assert list(span("0-2")) == [0, 1, 2]


@pytest.mark.parametrize(
    ("reads", "text"),
    [(whole(1), "0"), (whole(0), "-1"), (whole(0), "x"), *((span, text) for text in ("x", "3-1", "1-", ""))],
)
def test_what_is_no_number_is_told(reads, text):
    with pytest.raises(ArgumentTypeError):
        reads(text)


def test_a_centre_that_is_not_there_and_a_file_that_is_not_are_told(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["bench.estimate", "--only", "zork"])
    with pytest.raises(SystemExit):
        estimate()
    monkeypatch.setattr(sys, "argv", ["bench.policy", "page", "/nowhere.jsonl"])
    assert policy() == 2
    said = capsys.readouterr().err
    assert "no centre's name contains 'zork': there are M/M/10" in said
    assert "live --out /nowhere.jsonl" in said
