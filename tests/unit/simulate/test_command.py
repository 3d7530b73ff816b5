"""`guichet simulate`: what it prints, draws and refuses."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from router.cli import main
from router.simulate.scenario import Wrong, read

EXAMPLE = Path(__file__).parents[3] / "config" / "examples" / "scenarios" / "benefits.yaml"
SMALL = """\
scenario: Small & <quiet>
hours: 1
replications: 2
kinds:
  - {name: calls, channel: phone, needs: {a: 1}, per_hour: [60], handling: {mean_s: 60},
     patience: {mean_s: 60}}
teams:
  - {count: 2, skills: {a: 5}}
"""


def test_it_compares_policies_and_draws_them(tmp_path, capsys):
    scenario = tmp_path / "small.yaml"
    scenario.write_text(SMALL)
    picture, figures = tmp_path / "a.svg", tmp_path / "a.json"
    words = ["simulate", str(scenario), "--cores", "1", "--plot", str(picture), "--json", str(figures)]
    assert main([*words, "--policies", "guichet,rings"]) == 0
    said = capsys.readouterr().out
    assert "phone_service_level" in said
    assert "rings" in said
    assert ElementTree.parse(picture).getroot().tag.endswith("svg")
    assert {day[0] for day in json.loads(figures.read_text())} == {"guichet", "rings"}


def test_the_shipped_example_can_be_read():
    assert read(EXAMPLE).hours == 8


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("channel: phone", "channel: fax", "channel fax is none of phone"),
        ("hours: 1", "hour: 1", "unknown field `hour`"),
        ("per_hour: [60]", "per_hour: [-1]", "per_hour"),
        ("hours: 1", "hours: [", "line"),
        ("skills: {a: 5}", "skills: {a: 5}, shifts: [[2, 1]]", "shifts must follow each other"),
        ("replications: 2", "answering: {missed: 0.6, declined: 0.5}", "nobody is ever served"),
    ],
)
def test_a_wrong_scenario_is_refused_with_the_place(tmp_path, old, new, said):
    path = tmp_path / "wrong.yaml"
    path.write_text(SMALL.replace(old, new))
    with pytest.raises(Wrong, match=said):
        read(path)


@pytest.mark.parametrize("words", [["--policies", "magic"], ["--replications", "0"], ["--seed", "-1"]])
def test_wrong_use_is_told(tmp_path, capsys, words):
    path = tmp_path / "small.yaml"
    path.write_text(SMALL)
    assert main(["simulate", str(path), *words]) == 2
    assert words[0].strip("-").replace("policies", "policy") in capsys.readouterr().err
