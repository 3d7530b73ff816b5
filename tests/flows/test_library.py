"""The shipped library: right by `check`, every way of it walked as phone and as text, easy to understand."""

from __future__ import annotations

import re

import pytest

from config.loader import DEMO, load
from ivr_flows.check import check
from ivr_flows.loader import draft
from ivr_flows.model import ways
from ivr_flows.prompts import written
from ivr_flows.questions import Menu
from ivr_flows.scenario import misses, walk
from ivr_flows.texts import texts
from tests.flows.library import FOLDER, NAMES, flow, hours, moment, scenarios

EVERY = [
    pytest.param(name, scenario, channel, id=f"{name}-{channel}-{scenario.name}")
    for name in NAMES
    for scenario in scenarios(name)
    for channel in scenario.channels
]


@pytest.mark.parametrize("name", NAMES)
def test_check_finds_no_error(name: str):
    faults = check(draft(FOLDER / f"{name}.yaml"), load(DEMO).tree)
    assert [str(fault) for fault in faults if not fault.warning] == []


@pytest.mark.parametrize(("name", "scenario", "channel"), EVERY)
def test_each_citizen_goes_where_the_scenario_says(name: str, scenario, channel):
    walked = walk(flow(name), scenario, channel, moment(scenario), hours(scenario))
    assert misses(scenario.expect, walked, name) == []


# A flow that is run for closed hours asks them once more: only a turn of the clock opens this way.
BY_THE_CLOCK = {("welcome.closed", "welcome.topic"), ("welcome.emergency", "welcome.topic")}


def test_the_scenarios_take_every_way_there_is():
    taken: set[tuple[str, str]] = set()
    for name in NAMES:
        for scenario in scenarios(name):
            path = [node if "." in node else f"{name}.{node}" for node in scenario.expect.path or ()]
            for at, node in enumerate(path):
                inside = node.split(".")[0]
                rest = (later for later in path[at + 1 :] if later.split(".")[0] == inside)
                taken.add((node, next(rest, "")))
    wanted = {
        (f"{name}.{node}", f"{name}.{way.to}")
        for name in NAMES
        for node, made in flow(name).flows[name].nodes.items()
        for way in ways(made)
    }
    assert wanted - taken == BY_THE_CLOCK


@pytest.mark.parametrize("name", NAMES)
def test_a_tired_citizen_understands(name: str):
    """At most four choices; sentences of at most 20 words; each text short enough to be remembered."""
    for node in flow(name).flows[name].nodes.values():
        if isinstance(node, Menu):
            assert len(node.menu) <= 4
    for text in texts(flow(name).flows[name]):
        for language, words in text.words.items():
            said = written({language: words}, language, {"missing_papers": 3})
            assert len(said) < 160, (text.prompt, language)
            for sentence in re.split(r"[.?!؟]", said):
                assert len(sentence.split()) <= 20, (text.prompt, language, sentence)


@pytest.mark.parametrize("name", NAMES)
def test_every_text_is_there_in_three_languages(name: str):
    for text in texts(flow(name).flows[name]):
        assert {"fr", "en", "ar"} <= set(text.words), text.prompt
        assert re.search("[\u0600-\u06ff]", text.words["ar"]), text.prompt
