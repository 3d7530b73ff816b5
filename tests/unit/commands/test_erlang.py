"""`guichet erlang`: figures a person can check, and a sentence for those that make no sense."""

from __future__ import annotations

import pytest

from router.cli import main


def told(words: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = main(["erlang", *words.split()])
    said = capsys.readouterr()
    return code, said.out + said.err


def test_the_agents_asked_for_and_their_neighbours(capsys: pytest.CaptureFixture[str]) -> None:
    code, said = told("--calls 100 --per 30m --handling 3m --agents 14", capsys)
    assert code == 0
    lines = said.splitlines()
    assert lines[0] == "10 erlangs; agents who answer 80 % within 20 s: 14 (Erlang C)"
    assert [line.split()[0] for line in lines[3:]] == ["12", "13", "14", "15", "16"]
    assert lines[5].split() == ["14", "71.4%", "17.4%", "88.8%", "7.8", "s", "25.0", "s", "5.68%"]


def test_without_agents_the_fewest_for_the_share(capsys: pytest.CaptureFixture[str]) -> None:
    assert "within 20 s: 15 (" in told("--calls 100 --per 30m --handling 180 --share 90", capsys)[1]


def test_callers_with_patience_give_up(capsys: pytest.CaptureFixture[str]) -> None:
    _, said = told("--calls 48 --per 1m --handling 1m --agents 50 --patience 2m", capsys)
    assert "80 % within 20 s: 52 (Erlang C), 46 (Erlang A)" in said
    fifty = next(line for line in said.split("ERLANG A")[1].splitlines() if line.startswith("50"))
    assert fifty.split() == ["50", "93.0%", "46.8%", "94.3%", "2.7%", "3.09%", "3.71", "s"]
    assert "without end" in said.splitlines()[3]  # 48 agents for 48 erlangs, if nobody gave up


def test_with_so_many_lines_some_are_turned_away(capsys: pytest.CaptureFixture[str]) -> None:
    _, said = told("--calls 100 --per 30m --handling 3m --agents 14 --lines 14", capsys)
    fourteen = next(line for line in said.split("14 LINES")[1].splitlines() if line.startswith("14"))
    assert fourteen.split()[2:6] == ["0.0%", "94.3%", "0.0%", "5.68%"]  # no place to wait: Erlang B


@pytest.mark.parametrize(
    "words",
    [
        "--calls -4 --handling 3m",
        "--calls nan --handling 3m",
        "--calls 1e9 --handling 3m",
        "--calls 5 --handling 3m --agents 0",
        "--calls 5 --handling 3m --agents 10001",
        "--calls 5 --handling 3m --share 100",
        "--calls 5 --handling 3m --share nan",
        "--calls 5 --handling 3x",
        "--calls 5 --handling 0",
        "--calls 5 --handling 3m --lines 0",
        "--calls 1e6 --handling 3m --patience 1m",
    ],
)
def test_figures_that_make_no_sense(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        code, said = told(words, capsys)
    except SystemExit as ended:  # what argparse itself refuses
        code, said = int(ended.code or 0), capsys.readouterr().err
    assert code == 2
    assert "must be" in said or "needs more" in said or "is no time" in said
