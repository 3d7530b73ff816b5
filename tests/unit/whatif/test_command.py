"""`guichet whatif`: what it prints, draws and refuses; and that no contact's name leaves it."""

import json
from xml.etree import ElementTree

import pytest

from router.cli import main
from tests.unit.whatif import recording


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    place = tmp_path_factory.mktemp("log") / "session.jsonl"
    place.write_bytes(recording.lines(recording.lived()))
    return place


@pytest.fixture
def slow(tmp_path):
    folder = tmp_path / "slow"
    folder.mkdir()
    (folder / "guichet.yaml").write_text("channels: {chat: {capacity: 1}}\n")
    return folder


def test_it_tells_how_well_it_repeats_the_day(log, capsys):
    assert main(["whatif", str(log), "--cores", "1", "--replications", "1"]) == 0
    assert "The model repeats this day: 100.0 %" in capsys.readouterr().out


def test_it_compares_draws_and_names_nobody(log, slow, tmp_path, capsys):
    picture, figures = tmp_path / "a.svg", tmp_path / "a.json"
    words = ["--cores", "1", "--replications", "3", "--plot", str(picture), "--json", str(figures)]
    assert main(["whatif", str(log), "--config", str(slow), *words]) == 0
    said = capsys.readouterr().out
    assert "would have waited less" in said
    assert "Worse: channel chat" in said
    assert "topic rights" in said
    assert ElementTree.parse(picture).getroot().tag.endswith("svg")
    told = json.loads(figures.read_text())
    assert told["groups"]["vulnerable"]["contacts"] > 0
    for text in (said, picture.read_text(), figures.read_text()):
        assert "calls-0" not in text
        assert "t001-0" not in text


def test_of_too_few_draws_nothing_is_called_sure(log, slow, capsys):
    assert main(["whatif", str(log), "--config", str(slow), "--cores", "1", "--replications", "1"]) == 0
    said = capsys.readouterr().out
    assert "ask for more --replications" in said
    assert "Worse:" not in said


def test_a_driver_that_lies_about_its_policy_is_found_out(log, slow, capsys):
    """The lines were made under the defaults: under another policy they do not fit."""
    assert main(["whatif", str(log), "--recorded", str(slow), "--cores", "1", "--replications", "1"]) == 1
    said = capsys.readouterr()
    assert "lines are refused" in said.err
    assert "name it with --recorded" in said.err
    assert "does NOT repeat this day" in said.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["/nowhere"], "there is no /nowhere: name an archive folder"),
        ([__file__], "neither an archive nor a file of engine lines"),
        (["{log}", "--day", "2020-01-01"], "the log is from"),
        (["{log}", "--day", "monday"], "write it as 2026-11-23"),
        (["{log}", "--replications", "0"], "--replications 0 is too small"),
        (["{log}", "--plot", "a.svg"], "name the other policy or rota too"),
        (["{log}", "--json", "/nowhere/a.json"], "there is no folder /nowhere"),
        (["{log}", "--config", "/nowhere"], "cannot be read"),
        (["{log}", "--rota", "/nowhere.yaml"], "cannot be read"),
    ],
)
def test_wrong_use_is_told(log, capsys, words, said):
    assert main(["whatif", *(word.format(log=log) for word in words)]) == 2
    assert said in capsys.readouterr().err


def test_an_empty_folder_is_no_archive(tmp_path, capsys):
    assert main(["whatif", str(tmp_path)]) == 2
    assert "no entry is here" in capsys.readouterr().err
