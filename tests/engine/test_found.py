"""Conversations in which an engine once broke the protocol, shrunk; each with the sentence it broke."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.engine.driver import ROOT
from tests.engine.generate import Step
from tests.engine.run import run_seed, run_steps


def _agent(at: float, name: str, skills: dict | None = None, state: str = "ready") -> Step:
    return {"at": at, "event": "agent", "agent": name, "state": state, "skills": skills or {}}


def _phone(at: float, name: str, needs: dict, **more: object) -> Step:
    return {"at": at, "event": "contact", "contact": name, "channel": "phone", "needs": needs, **more}


def _answer(at: float, contact: str, word: str) -> Step:
    return {
        "at": at,
        "event": "answer",
        "offer": f"@{contact}",
        "contact": contact,
        "agent": f"@{contact}",
        "answer": word,
    }


def _tick(at: float) -> Step:
    return {"at": at, "event": "tick"}


FOUND: dict[str, list[Step]] = {
    # Law 3, "with none, only `refusal_pause_s` after the refusal", and law 4: while b was free, c1 could not
    # go to a again; then c3 took b, and a, whose pause was over, stayed idle beside c1.
    "law 4: the other agent is taken by another contact in the same line": [
        _phone(0, "c1", {}),
        _agent(0, "a"),
        _answer(0, "c1", "declined"),
        _agent(0, "a", state="offline"),
        _phone(0, "c2", {"x": 1}, waited_s=90),
        _phone(0, "c3", {"y": 1}, waited_s=9),
        _agent(40, "b", {"x": 8, "y": 8}),
        _agent(60, "a"),
    ],
    # The same, with nobody's state touched: c1 may wait for p, whom it prefers, rather than go to b; while b
    # is free, a may not have c1 again; when c2 takes b, a (preferred too, its pause over) must be offered it.
    "law 4: the other agent, passed over for a preferred one, is taken": [
        _agent(0, "p"),
        _phone(0, "c0", {}),
        _answer(0, "c0", "accepted"),
        _agent(0, "a"),
        _phone(0, "c1", {}, prefers=["a", "p"], prefers_for_s=300),
        _answer(0, "c1", "declined"),
        _agent(10, "b", {"x": 5}),
        _tick(31),
        _phone(32, "c2", {"x": 1}),
    ],
    # Law 5: c1 and c2 are equal and a refused both; when c3 takes b, a may have either, and c1 came first. It
    # was passed over because only c2's pause ended in this very line.
    "law 5: the later of two that a refused, its pause just over": [
        _agent(0, "a", {"x": 5}),
        _phone(0, "c1", {"x": 1}),
        _answer(0, "c1", "declined"),
        _phone(12, "c2", {"x": 1}),
        _answer(25, "c2", "declined"),
        _agent(26, "a", {"x": 5}, state="away"),
        _phone(27, "c3", {"y": 1}, waited_s=900),
        _phone(27, "c4", {"y": 1}, waited_s=999),
        _agent(50, "b", {"x": 5, "y": 5}),
        _agent(70, "a", {"x": 5}),
    ],
    # "A line that is not JSON … `bad_json`": JSON is UTF-8 without a byte order mark.
    "bad_json: a byte order mark": [b'\xef\xbb\xbf{"at":1,"event":"tick"}', _tick(2)],
    "bad_json: bytes that are no UTF-8 in a field nobody reads": [
        b'{"at":1,"event":"tick","x":"\xff\xfe"}',
        _tick(2),
    ],
}


@pytest.mark.parametrize("name", FOUND)
def test_found(name: str):
    said = run_steps(FOUND[name])
    assert not said.faults, f"{json.dumps(name)}\n{said.tell(last=20)}"


@pytest.mark.parametrize("seed", [7102, 7104])
def test_seeds_that_broke_law_4(seed: int):
    """A head whom one agent had refused went to another agent; those behind it were not looked at."""
    said = run_seed(seed, 1000)
    assert not said.faults, said.tell()


def test_the_engine_loads_no_network_library():
    """It "runs the routing core and nothing else: no network, no Redis": and so it also starts at once."""
    command = (sys.executable, "-X", "importtime", "-m", "router.cli", "engine")
    ran = subprocess.run(command, cwd=ROOT, input="", capture_output=True, text=True, timeout=60, check=True)
    loaded = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in ran.stderr.splitlines()}
    assert loaded & {"redis", "hiredis", "aiohttp", "panoramisk"} == set()
