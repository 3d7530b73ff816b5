"""Loading: every fault at once, each with its place and its mend; a folder is joined; examples are clean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config.fault import Faults
from config.loader import DEMO, load
from config.tree import Tree

if TYPE_CHECKING:
    from pathlib import Path


def told(place: Path) -> list[str]:
    with pytest.raises(Faults) as caught:
        load(place)
    folder = place.parent if place.is_file() else place
    return [str(fault).removeprefix(f"{folder}/") for fault in caught.value.faults]


def fault_of(tmp_path: Path, text: str) -> str:
    (tmp_path / "f.yaml").write_text(text)
    faults = told(tmp_path / "f.yaml")
    assert len(faults) == 1, faults
    return faults[0]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("chanels: {}", "f.yaml:1:1: error: unknown key `chanels`: did you mean `channels`?"),
        ("xyzzy: {}", "f.yaml:1:1: error: unknown key `xyzzy`: known: pools, targets, channels"),
        ("channels:\n  fone: {}", "f.yaml:2:3: error: unknown key `fone`: did you mean `phone`?"),
        (
            "pools: {main: {offer_expiry: 9}}",
            "f.yaml:1:16: error: unknown key `offer_expiry`: did you mean `offer_expiry_s`, in seconds?",
        ),
        (
            "log: {fsync: evrysec}",
            "f.yaml:1:14: error: `fsync` cannot be `evrysec`: did you mean `everysec`?",
        ),
        (
            "http: {port: 99999}",
            "f.yaml:1:14: error: `port` takes a whole number from 0 to 65 535, not 99999",
        ),
        ("log: {retention_days: 1.5}", "in days, not 1.5"),
        (
            "channels: {phone: {wrap_up_s: .inf}}",
            "`wrap_up_s` takes a number, 0 or more, in seconds, not `.inf`",
        ),
        ("channels: {phone: {exclusive: yes}}", "`exclusive` takes true or false, not `yes`"),
        ("channels: {phone: {capacity: true}}", "`capacity` takes a whole number from 0 to 100, not true"),
        ("topics: {housing: {}}", "f.yaml:1:10: error: the key `needs` is missing: a map: a skill"),
        (
            "topics: {Housing: {needs: {}}}",
            "f.yaml:1:10: error: `Housing` cannot be a key here: expected an id",
        ),
        ("topics: {housing: {needs: {housing: 11}}}", "`housing` takes a level from 1 to 10, not 11"),
        ("topics: [housing]", "`topics` takes a map: an id (a-z, 0-9, _ -) → a map of keys, not a list"),
        ("agents:", "`agents` takes a map: an id (a-z, 0-9, _ -) → a map of keys, not nothing"),
        (
            "hours: {time_zone: UTC, weekly: {}, closures: [{date: 2026-13-01}]}",
            "takes a date such as 2026-12-25, not `2026-13-01`",
        ),
        (
            "hours: {time_zone: UTC, weekly: {monday: [8-12]}}",
            'an item of `monday` takes hours such as "08:30-12:00", not `8-12`',
        ),
        ("gateways: {phone: {service_number: 3230, ami: {secret_file: s}}}", "(put it in quotes), not 3230"),
        ("- a", "f.yaml:1:1: error: a file is a map of keys"),
        ("http: !!python/none 1", "tags are not taken"),
    ],
)
def test_each_fault_tells_place_and_mend(tmp_path, text: str, fault: str):
    assert fault in fault_of(tmp_path, text)


@pytest.mark.parametrize(
    "text",
    [
        "http: {tokens: [{role: operator, sha256: hunter2}]}",
        "http: {tokens: [{role: operator, demo: hunter2}]}",
        "log: {redis: 'redis://:hunter2@host/0'}",
    ],
)
def test_what_may_be_a_secret_is_not_repeated(tmp_path, text: str):
    assert "hunter2" not in fault_of(tmp_path, text)


def test_faults_of_form_and_of_meaning_come_in_one_run_in_the_order_of_the_file(tmp_path):
    (tmp_path / "f.yaml").write_text(
        "chanels: {}\n"
        "channels: {phone: {target: qick, capacity: many}}\n"
        "targets: {quick: {wait_s: 60}}\n"
        "agents:\n  ag01: {pool: man, skills: {}}\n"
    )
    assert [fault.split(": ", 1)[0] for fault in told(tmp_path / "f.yaml")] == [
        "f.yaml:1:1", "f.yaml:2:28", "f.yaml:2:44", "f.yaml:5:16"
    ]  # fmt: skip


def test_an_empty_file_is_all_defaults(tmp_path):
    (tmp_path / "guichet.yaml").write_text("# nothing yet\n")
    assert load(tmp_path) == (Tree(), [])


def test_a_folder_is_joined(tmp_path):
    (tmp_path / "guichet.yaml").write_text("agents: {ag01: {pool: main, skills: {}}}\nhttp: {port: 1}\n")
    (tmp_path / "agents.yaml").write_text(
        "agents: {ag02: {pool: main, skills: {}}}\nhttp: {host: localhost}\n"
    )
    (tmp_path / ".agents.yaml.swp.yaml").write_text("nonsense: [")
    tree = load(tmp_path).tree
    assert list(tree.agents) == ["ag01", "ag02"]
    assert (tree.http.host, tree.http.port) == ("localhost", 1)


def test_one_thing_in_two_files_is_a_fault_that_names_both(tmp_path):
    (tmp_path / "guichet.yaml").write_text("http: {port: 1}\n")
    (tmp_path / "other.yaml").write_text("http: {port: 2}\n")
    assert told(tmp_path) == [
        f"other.yaml:1:8: error: `http.port` is given twice, first in {tmp_path}/guichet.yaml:1:8"
    ]


def test_a_map_and_a_value_are_not_joined(tmp_path):
    (tmp_path / "guichet.yaml").write_text("http: {port: 1}\n")
    (tmp_path / "other.yaml").write_text("http: 2\n")
    assert "other.yaml:1:1: error: `http` is given twice" in told(tmp_path)[0]


def test_a_folder_without_its_main_file_and_a_file_that_is_not_there(tmp_path):
    assert "a configuration folder has a guichet.yaml" in told(tmp_path)[0]
    with pytest.raises(Faults, match="cannot be read: No such file"):
        load(tmp_path / "absent.yaml")


@pytest.mark.parametrize("name", ["demo", "agency"])
def test_the_shipped_examples_are_without_fault_or_warning(name: str):
    assert load(DEMO.parent / name).warnings == []


def test_the_demonstration_is_what_the_documentation_says():
    tree = load(DEMO).tree
    assert (len(tree.topics), len(tree.languages), len(tree.agents)) == (6, 3, 20)
    assert {token.demo for token in tree.http.tokens} == {
        "demo-supervisor", "demo-operator", "demo-designer", "demo-auditor",
        *(f"demo-agent-{agent}" for agent in tree.agents)
    }  # fmt: skip
    assert all(agent.endpoint == name for name, agent in tree.agents.items())
    for language in tree.languages.values():
        for topic in tree.topics.values():
            needs = topic.needs | language.needs
            able = [a for a in tree.agents.values() if all(a.skills.get(s, 0) >= n for s, n in needs.items())]
            assert len(able) >= 3, "each topic in each language has agents, also while one is away"


def test_the_agency_example_has_no_demonstration_token():
    assert not any(token.demo for token in load(DEMO.parent / "agency").tree.http.tokens)
