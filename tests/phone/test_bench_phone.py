"""bench/phone reads a record right: a benchmark that flatters is worse than none."""

import json
import os
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from bench.phone.account import RUNG, START, account
from bench.phone.cpu import used
from bench.phone.figures import Figures, at, read
from bench.phone.load import Load
from bench.phone.plot import draw
from bench.phone.sound import COUNTED, heard
from tests.phone.test_judge import Scene


@pytest.fixture
def scene(tmp_path):
    return Scene(tmp_path)


def conversation(scene, call, leg, asked, rung, bridged, ended, agent="ag01"):
    """A call whose menu begins a tenth of a second after it."""
    scene.call(call, f"3230000{call}", asked - 0.1, ended, apps=("AGI",))
    scene.leg(call, leg, agent, rung, bridged, ended)


def written(scene):
    scene.record.write_text("\n".join(scene.lines))
    return scene.record


def test_a_ring_is_late_by_what_passed_once_agent_and_caller_were_both_there(scene):
    conversation(scene, "1", "2", asked=10, rung=10.004, bridged=11, ended=15)
    conversation(scene, "3", "4", asked=12, rung=15.25, bridged=16, ended=18)  # waited for the agent
    conversation(scene, "5", "6", asked=19, rung=19.002, bridged=20, ended=21)  # the agent waited
    times = read(written(scene))
    assert times.answered == 3
    assert times.next_ring == pytest.approx([250])
    assert times.free_ring == pytest.approx([2, 4])
    assert times.wait == pytest.approx([1000, 1000, 4000])
    assert times.per_second == pytest.approx(2 / 9)


def test_a_phone_that_rings_in_vain_has_answered_nobody(scene):
    scene.call("1", "32300001", 10, 20, left=True)
    scene.leg("1", "2", "ag01", 12, None, 20)
    assert (read(written(scene)).answered, read(scene.record).per_second) == (0, 0)


def test_the_load_is_sized_to_the_agents():
    load = Load(rate=20, seconds=15)
    assert (load.calls, load.talk_ms) == (300, 2575)
    assert load.ceiling == pytest.approx(20 / 1.15)


def test_the_account_is_whole_and_ends_with_the_ring(scene, tmp_path):
    conversation(scene, "1", "2", asked=10, rung=10.005, bridged=11, ended=15)
    trace = tmp_path / "trace"
    trace.write_text(json.dumps({"1": {"durable": 10.003, "connected": 10.001, "outcome": 10.4}}))
    parts = account(trace, written(scene))
    assert [part.stop for part in parts] == [START, "connected", "durable", RUNG]
    assert [part.part for part in parts] == pytest.approx([0, 1, 2, 2], abs=0.01)
    assert parts[-1].since_start == pytest.approx(5, abs=0.01)


def test_a_channel_to_which_nothing_came_is_mute(scene, tmp_path):
    conversation(scene, "1", "2", asked=10, rung=10, bridged=11, ended=15)
    for channel, counted in (("1", "200/250"), ("2", "200/0")):
        scene.line(COUNTED, 15, "1", channel, "PJSIP/x", extra=json.dumps({"extra": counted}))
    sound = heard(written(scene), tmp_path / "spool")
    assert (sound.conversations, sound.mute) == (1, ["2"])
    assert sound.citizens_share == pytest.approx(1)


def test_the_time_of_children_that_have_ended_counts_too():
    before = sum(used(os.getpid()).values())
    subprocess.run([sys.executable, "-c", "sum(range(3_000_000))"], check=True)
    assert sum(used(os.getpid()).values()) >= before + 0.02


def test_the_chart_is_drawn_of_what_was_measured(tmp_path):
    rows = [
        Figures(subject, rate, 10, 10, [], [1.0], [], [], per_second=rate / 2, ceiling=rate, wall=1.0, cpu={})
        for rate in (5, 10)
        for subject in ("app_queue", "guichet")
    ]
    draw(tmp_path / "chart.svg", rows)
    tree = ElementTree.parse(tmp_path / "chart.svg")
    assert len(tree.findall(".//{*}polyline")) == 5, "two lines in each chart, and the ceiling"
    assert at([], 0.5) != at([], 0.5)
