"""What `guichet why` tells of a call that was transferred and talked over: a real archive, stepped again."""

from __future__ import annotations

from pathlib import Path

import msgspec

from router.core.events import (
    Again,
    Agent,
    Answer,
    Consult,
    Consulted,
    Contact,
    Control,
    Event,
    Found,
    Outcome,
)
from router.core.policy import Policy
from router.core.state import State
from router.core.step import step
from router.core.version import CORE_VERSION
from router.log.archive_writer import ArchiveWriter
from router.log.entry import Entry
from router.replay.decisions import causes, decisions
from router.tell.sight import seen_by
from router.tell.story import Story

SECOND = 1_000_000
PHONE = {"phone": 1}
STORY: tuple[Event, ...] = (
    Agent("a1", "ready", skills={"housing": 5}, capacity=PHONE),
    Agent("a2", "ready", skills={"family": 5}, capacity=PHONE),
    Contact("c1", "phone", ({"housing": 3},), via="phone"),
    Answer("o1", "c1", "a1", "accepted"),
    Again("c1", ({"family": 3},), prefers=("a2",), by="a1"),
    Outcome("e1", "done"),
    Answer("o2", "c1", "a2", "accepted"),
    Control("c1", "hold", "a2"),
    Outcome("e2", "done"),
    Consult("c1", "a1", "a2"),
    Consulted("c1", "a1", "answered"),
    Found("c1", "bridged", "a1"),
)


def archived(folder: Path) -> Path:
    state, payloads = State(), []
    for n, event in enumerate(STORY, 1):
        result = step(state, event, n * SECOND)
        assert result.refusal is None, result.refusal
        payloads.append(
            msgspec.msgpack.encode(Entry(n, n * SECOND, event, result.effects, core=CORE_VERSION))
        )
    writer = ArchiveWriter(folder, "main")
    writer.open(None)
    writer.write(payloads)
    writer.close()
    return folder


def test_every_cause_of_a_credit_is_named_and_none_that_gives_nothing() -> None:
    came = Contact("c", "phone", ({},), vulnerable=True, cut=True, journey=2)
    assert causes(Policy(), came) == ("vulnerable", "cut", "journey")
    assert causes(Policy(cut_credit=0), came) == ("vulnerable", "journey")
    assert causes(Policy(), Contact("c", "phone", ({},))) == ()


def test_the_winner_s_points_are_told_to_who_may_see_agents(tmp_path: Path) -> None:
    found = next(iter(decisions(archived(tmp_path), "c1")))
    for reader, told in (("supervisor", True), ("auditor", True), ("citizen", False), ("agent", False)):
        sentences = "\n".join(Story(reader, "en").told(seen_by(found, reader)))
        assert ("Points for agent a1: " in sentences) == told
        assert ("how closely the skills match (+50)" in sentences) == told


def test_each_step_is_told_with_who_asked_and_who_else_there_was(tmp_path: Path) -> None:
    found = list(decisions(archived(tmp_path), "c1"))
    assert [(decision.event, decision.state) for decision in found] == [
        ("contact", "offered"),
        ("answer accepted", "connected"),
        ("again to a2 by a1", "offered"),
        ("answer accepted", "connected"),
        ("control hold by a2", "connected"),
        ("consult a1", "connected"),
        ("consulted a1 answered", "connected"),
        ("found bridged", "connected"),
    ]
    transferred = "\n".join(Story("supervisor", "en").told(found[2]))
    assert "offered to agent a2" in transferred
    assert "1 agent did not have the skills needed" in transferred
    assert "The one who came closest lacked: family (level 3)." in transferred
