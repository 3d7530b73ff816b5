"""The engine under the law checker: the protocol's own example, seeded streams, and the same bytes twice."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.engine.checker import Checker
from tests.engine.driver import Engine, converse
from tests.engine.run import Conversation, converse_checked, run_seed

SEEDS, LINES = 16, 500  # more by `python -m tests.engine.soak`

EXAMPLE = """\
> {"at":0,"event":"agent","agent":"a1","state":"ready","skills":{"housing":8,"lang:fr":10},"capacity":{"phone":1,"chat":2}}
< {"at":0,"effects":[],"wake":null}
> {"at":1,"event":"contact","contact":"c1","channel":"phone","needs":{"housing":3,"lang:fr":5},"target_s":60}
< {"at":1,"effects":[{"effect":"offer","offer":"o1","contact":"c1","agent":"a1","expires_at":16,"score":…,"why":{"wait":0,"fit":…}}],"wake":16}
> {"at":2.5,"event":"contact","contact":"c2","channel":"chat","needs":{"housing":1}}
< {"at":2.5,"effects":[],"wake":16}
> {"at":3,"event":"answer","offer":"o1","contact":"c1","agent":"a1","answer":"accepted"}
< {"at":3,"effects":[],"wake":null}
> {"at":95,"event":"ended","contact":"c1","agent":"a1"}
< {"at":95,"effects":[],"wake":null}
> {"at":110,"event":"done","contact":"c1","agent":"a1"}
< {"at":110,"effects":[{"effect":"offer","offer":"o2","contact":"c2","agent":"a1",…}],"wake":125}
> {"at":112,"event":"answer","offer":"o9","contact":"c2","agent":"a1","answer":"accepted"}
< {"at":112,"error":{"code":"unknown_offer","message":"no offer o9 was ever made","line":7}}
"""  # noqa: E501 - word for word from the protocol


def _as_shown(received: str, shown: str) -> bool:
    """Whether the answer is the one shown, in which … stands for anything."""
    place = 0
    for piece in shown.split("…"):
        found = received.find(piece, place)
        if found < 0 or (place == 0 and found > 0):
            return False
        place = found + len(piece)
    return place == len(received)


def test_the_example_of_the_protocol_word_for_word():
    lines = EXAMPLE.splitlines()
    sent = [line[2:].encode() for line in lines if line.startswith("> ")]
    shown = [line[2:] for line in lines if line.startswith("< ")]
    with Engine() as engine:
        said = converse_checked(sent, engine, Checker())
    assert not said.faults, said.tell()
    for received, expected in zip(said.received, shown, strict=True):
        assert _as_shown(received.decode(), expected), f"{received.decode()}\ninstead of\n{expected}"


@pytest.fixture(scope="module")
def conversations() -> Iterator[dict[int, Future[Conversation]]]:
    """Each seed's conversation. Several at once: most of the time goes by waiting for an answer."""
    with ThreadPoolExecutor(4) as several:
        yield {seed: several.submit(run_seed, seed, LINES) for seed in range(SEEDS)}


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_seeded_stream_breaks_no_law(conversations: dict[int, Future[Conversation]], seed: int):
    said = conversations[seed].result()
    assert not said.faults, f"seed {seed}, line {len(said.sent)}:\n{said.tell()}"


@pytest.mark.parametrize("seed", range(0, SEEDS, 10))
def test_the_same_lines_give_the_same_bytes(conversations: dict[int, Future[Conversation]], seed: int):
    """Also where Python orders its sets otherwise: the two engines hash with different seeds."""
    said = conversations[seed].result()
    assert converse(said.sent, hash_seed=seed + 1)[: len(said.received)] == said.received


@pytest.mark.parametrize("seed", range(1, SEEDS, 10))
def test_errors_duplicates_and_asks_leave_no_trace(conversations: dict[int, Future[Conversation]], seed: int):
    """They fire no timer and move no time: left out, every other line is answered with the same bytes."""
    said = conversations[seed].result()
    pairs = list(zip(said.sent, said.received, strict=False))
    moving = [
        (s, r) for s, r in pairs if not any(mark in r for mark in (b'"error":', b'"ignored":', b'"about":'))
    ]
    assert converse([s for s, _ in moving], hash_seed=0) == [r for _, r in moving]


def test_the_streams_meet_what_they_are_meant_to_meet(conversations: dict[int, Future[Conversation]]):
    """Streams that never reach a late answer or a transfer prove nothing about them."""
    all_said = [future.result() for future in conversations.values()]
    seen = b"\n".join(line for said in all_said for line in (*said.sent, *said.received))
    words = ["bad_json", "bad_field", "unknown_event", "unknown_contact", "unknown_agent", "unknown_offer"]
    words += ["not_now", "time_went_back", "duplicate", "expired", "agent_away", "gone"]
    assert [word for word in words if f'"{word}"'.encode() not in seen] == []
    again = [said for said in all_said if any(b'"again"' in line for line in said.sent)]
    assert len(again) > SEEDS // 2


def test_the_checker_knows_nothing_of_the_engine():
    """Its worth is independence: it reads the protocol, never the code."""
    for module in Path(__file__).parent.glob("*.py"):
        imports = [line for line in module.read_text().splitlines() if line.startswith(("import ", "from "))]
        assert not [line for line in imports if line.split()[1].split(".")[0] in {"router", "skills"}], (
            module.name
        )
