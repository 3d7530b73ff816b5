"""`guichet simulate`: what it prints, draws and refuses."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from router.cli import main
from router.simulate.picture import ticks
from router.simulate.reference import page
from router.simulate.scenario import Wrong, read

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted((ROOT / "config" / "examples" / "scenarios").glob("*.yaml"))
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
    told = json.loads(figures.read_text())
    assert {day["policy"] for day in told["days"]} == {"guichet", "rings"} == set(told["figures"]["lost"])
    assert set(told["figures"]["lost"]["rings"]) == {"mean", "half"}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_shipped_example_can_be_read_and_is_told_of(path):
    assert read(path).scenario
    assert f"`{path.name}`" in page()


def test_the_reference_of_scenarios_is_made_from_the_types():
    written = (ROOT / "docs" / "reference" / "scenario.md").read_text()
    assert written == page(), "run: python -m router.simulate.reference > docs/reference/scenario.md"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("channel: phone", "channel: fax", "`channel` cannot be `fax`: known: .*phone"),
        ("hours: 1", "hour: 1", "2:1: error: unknown key `hour`: did you mean `hours`"),
        ("per_hour: [60]", "per_hour: [-1]", "per_hour"),
        ("hours: 1", "hours: [", "not YAML"),
        ("skills: {a: 5}", "skills: {a: 5}, shifts: [[2, 1]]", "shifts must follow each other"),
        ("replications: 2", "peaks: [{at: 0, lasts: 1, times: 3, kinds: [cals]}]", "did you mean `calls`"),
        ("replications: 2", "policies: [guichet, guichet]", "`guichet` is named twice"),
        ("per_hour: [60]", "per_hour: [60], target_s: 0", "5:76: error: `target_s` takes a number above 0"),
        ("replications: 2", "answering: {missed: 0.6, declined: 0.5}", "nobody is ever served"),
        ("skills: {a: 5}", "skills: {b: 5}", "5:42: error: no team can serve `calls`: none has `a` 1"),
        ("skills: {a: 5}", "skills: {a: 5}, shifts: [[2, 3]]", "begins after closing"),
        ("hours: 1\n", "hours: 40000\n", "`hours` takes a number above 0 to 48"),
    ],
)
def test_a_wrong_scenario_is_refused_with_the_place(tmp_path, old, new, said):
    path = tmp_path / "wrong.yaml"
    path.write_text(SMALL.replace(old, new))
    with pytest.raises(Wrong, match=said):
        read(path)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--policies magic", "no policy is named `magic`: known: guichet"),
        ("--policies guichet,cmuu", "did you mean `cmu`?"),
        ("--policies guichet,guichet", "`guichet` is named twice"),
        ("--replications 0", "--replications 0 is too small: from 1"),
        ("--seed -1", "--seed -1 is too small"),
        ("--cores 0", "--cores 0 is too small"),
        ("--plot a.png", "name it a.svg"),
        ("--plot /nowhere/a.svg", "there is no folder /nowhere"),
        ("--json /", "that is a folder"),
    ],
)
def test_wrong_use_is_told_before_anything_is_lived(tmp_path, capsys, words, said):
    path = tmp_path / "small.yaml"
    path.write_text(SMALL)
    assert main(["simulate", str(path), *words.split()]) == 2
    assert said in capsys.readouterr().err


def test_the_shipped_agency_s_policy_can_be_tried(tmp_path, capsys):
    path = tmp_path / "small.yaml"
    path.write_text(SMALL)
    agency = ROOT / "config" / "examples" / "agency"
    assert main(["simulate", str(path), "--cores", "1", "--config", str(agency)]) == 0
    assert "channel phone" in capsys.readouterr().out


def test_who_was_never_served_has_waited_until_the_end_of_the_lived_day(tmp_path, capsys):
    path, figures = tmp_path / "small.yaml", tmp_path / "a.json"
    endless = SMALL.replace(",\n     patience: {mean_s: 60}", "")
    path.write_text(endless.replace("skills: {a: 5}", "skills: {a: 5}, shifts: [[0, 0.001]]"))
    assert main(["simulate", str(path), "--cores", "1", "--json", str(figures)]) == 0
    assert "vulnerable" not in capsys.readouterr().out  # of whom nobody comes
    assert 4 * 3600 <= json.loads(figures.read_text())["days"][0]["groups"]["all"]["p95_wait_s"] <= 5 * 3600


def test_the_picture_says_units_and_which_way_is_good(tmp_path):
    path, drawn = tmp_path / "small.yaml", tmp_path / "a.svg"
    path.write_text(SMALL)
    assert main(["simulate", str(path), "--cores", "1", "--plot", str(drawn)]) == 0
    said = "".join(ElementTree.parse(drawn).getroot().itertext())
    for word in ("Small & <quiet>", "2 days, seed 1", "less is better", "more is better, ", "channel phone"):
        assert word.removesuffix(", ") in said
    assert "80 %" in said


@pytest.mark.parametrize("most", [0.003, 0.05, 0.37, 1.0, 7.3, 99.0, 100.0, 1234.5])
def test_a_scale_has_a_few_round_ticks(most):
    assert 3 <= len(ticks(most)) <= 6
    assert ticks(most)[-1] <= most * (1 + 1e-9)


def test_a_day_that_would_fill_the_machine_is_refused(tmp_path):
    path = tmp_path / "huge.yaml"
    path.write_text(SMALL.replace("hours: 1", "hours: 2.5").replace("per_hour: [60]", "per_hour: [900000]"))
    with pytest.raises(Wrong, match="some 2,250,000 contacts would come in a day: at most 2,000,000 can"):
        read(path)


def test_a_day_on_which_nobody_comes_is_a_day_and_a_title_sends_no_control_characters(tmp_path, capsys):
    path = tmp_path / "empty.yaml"
    path.write_text(SMALL.replace("[60]", "[0]").replace("Small & <quiet>", '"\\e[31mRed"'))
    assert main(["simulate", str(path), "--cores", "1", "--plot", str(tmp_path / "a.svg")]) == 0
    said = capsys.readouterr().out
    assert said.startswith("?[31mRed: 2 days")
    assert "?[31mRed" in "".join(ElementTree.parse(tmp_path / "a.svg").getroot().itertext())
    assert "\x1b" not in said


def test_a_scenario_that_is_not_there_is_told_where_to_start(capsys):
    assert main(["simulate", "/nowhere.yaml"]) == 2
    assert "config/examples/scenarios" in capsys.readouterr().err
