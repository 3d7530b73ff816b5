"""Noise in a flow's file: the loader and the checks never raise, and what passes can be walked."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from ivr_flows.check import check
from ivr_flows.interpreter import advance
from ivr_flows.loader import draft_of
from ivr_flows.session import Answered, Choose, Collect, Done, Input, Left, Perform, Session, Silent, Started

HERE = Path(__file__).parent
SEEDS = [HERE / "good" / "housing.yaml", *sorted((HERE / "broken").glob("*.yaml"))]
WORDS = (
    *(
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "-",
        "#",
        "'",
        '"',
        "&a ",
        "*a ",
        "!!x ",
        "<<: ",
        "\n",
        "  ",
        "\t",
        "|",
        ">",
    ),
    *(
        "next",
        "say",
        "menu",
        "end",
        "when",
        "route",
        "person",
        "a",
        "b",
        "1",
        "0",
        "true",
        "null",
        "~",
        "é",
        "\0",
    ),
)


def mutated(text: str, chance: random.Random) -> str:
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(text) + 1)
        match chance.randrange(4):
            case 0:
                text = text[:at] + chance.choice(WORDS) + text[at:]
            case 1:
                text = text[:at] + text[at + chance.randint(1, 12) :]
            case 2:
                other = chance.randrange(len(text) + 1)
                text = text[:at] + text[other : other + chance.randint(1, 60)] + text[at:]
            case _:
                text = (
                    text[:at]
                    + chr(chance.choice((0, 9, 13, 0x85, 0x2028, 0xFEFF, 0xD7FF, 0x1F600)))
                    + text[at:]
                )
    return text


def answer(session: Session, chance: random.Random) -> Input:
    waited = session.waits_for
    if isinstance(waited, Perform):
        ports = ("next", "missing", "unavailable", "open", "closed", "emergency", "callback", "x")
        return Done(
            chance.choice(ports), {"contact": "c-1", "amount": 3}, ({"channel": "chat"}, {"begins": 1})
        )
    if chance.random() < 0.3:
        return Silent()
    if chance.random() < 0.02:
        return Left()
    assert isinstance(waited, Choose | Collect)
    return Answered(chance.choice(["1", "2", "3", "0", "*", "", "9" * 30, "é", "123456749", "a b"]))


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "cpu_s", [pytest.param(4, marks=pytest.mark.fuzz), pytest.param(60, marks=pytest.mark.soak)]
)
def test_broken_files_find_nothing(cpu_s):
    seed = 20261130 + cpu_s
    chance = random.Random(seed)
    texts = [path.read_text() for path in SEEDS if path.stat().st_size < 6000 and "bomb" not in path.stem]
    began, tried, walked = time.process_time(), 0, 0
    while time.process_time() - began < cpu_s:
        tried += 1
        text = mutated(chance.choice(texts), chance)
        made = draft_of("housing", {"housing": text})
        found = check(made)
        assert all(fault.place.line >= 1 and fault.message for fault in found), (seed, tried)
        if any(not fault.warning for fault in found):
            continue
        session = advance(made.flows, Session(), Started("chat"), 0).session
        for _ in range(60):
            if session.ended:
                break
            step = advance(made.flows, session, answer(session, chance), 0)
            assert not step.fault, (seed, tried, step.fault)
            session = step.session
        walked += 1
    print(f"{tried} tried, {walked} walked, seed {seed}")
    assert tried  # how many depends on the machine
