"""Seeded centres through the core in this process: no law breaks, and the runs meet what they should.

Longer: `python -m tests.laws --seconds 120`.
"""

from __future__ import annotations

from collections import Counter

import pytest

from router.core.snapshot import thaw
from router.core.state import State
from tests.engine.driver import converse
from tests.engine.run import Conversation
from tests.laws.inside import Inside, Parted
from tests.laws.met import SITUATIONS
from tests.laws.run import run_inside

pytestmark = pytest.mark.long

SEEDS, LINES = 10, 900

Run = tuple[Conversation, Counter[str]]


@pytest.fixture(scope="module")
def runs() -> dict[int, Run]:
    """Each seed's conversation, and what it met."""
    return {seed: run_inside(seed, LINES) for seed in range(SEEDS)}


@pytest.mark.parametrize("seed", range(SEEDS))
def test_no_law_breaks_and_a_restored_engine_is_not_told_apart(runs: dict[int, Run], seed: int):
    said, _ = runs[seed]
    assert not said.faults, f"seed {seed}, line {len(said.sent)}:\n{said.tell()}"


def test_every_situation_is_met(runs: dict[int, Run]):
    met = sum((seen for _, seen in runs.values()), Counter())
    assert [situation for situation in SITUATIONS if not met[situation]] == []


def test_the_process_says_what_the_library_says(runs: dict[int, Run]):
    said, _ = runs[1]
    assert converse(said.sent, hash_seed=5) == said.received


def test_an_engine_that_forgets_is_told_apart(monkeypatch: pytest.MonkeyPatch):
    """The twin has teeth: a snapshot that loses its timers is found out."""
    monkeypatch.setattr("tests.laws.inside.thaw", forgetful)
    inside = Inside(every=3)
    inside.ask(b'{"at":0,"event":"agent","agent":"a","state":"ready"}')
    inside.ask(b'{"at":1,"event":"contact","contact":"c","channel":"phone","needs":{}}')
    with pytest.raises(Parted):
        inside.ask(b'{"at":2,"event":"tick"}')


def forgetful(frozen: bytes) -> State:
    """A snapshot without its open offers' timers."""
    state = thaw(frozen)
    state.timers.clear()
    return state
