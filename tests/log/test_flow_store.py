"""Published flows on a real Redis: versions that never change, aliases that switch in one moment."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from msgspec import json

from config.fault import Faults
from ivr_flows.session import Answered, Done
from router.flows.published import Published, Unpublished, Version
from router.flows.runner import Runner
from router.log.flow_store import FlowStore

pytestmark = pytest.mark.redis

GOOD = (Path(__file__).parents[1] / "flows" / "good" / "housing.yaml").read_text()


def version(text: str = GOOD) -> Version:
    return Version("housing", {"housing": text, "unused": "flow: unused"})


@pytest.fixture
def published(redis, tmp_path):
    return Published(FlowStore(redis), tmp_path)


async def test_versions_are_kept_numbered_and_switched(published):
    with pytest.raises(Unpublished):
        await published.live("housing")
    assert await published.publish(version(), ("live",), "designer", "the first") == 1
    assert await published.publish(version(), ("live",), "designer", "again") == 1  # the same text
    assert (
        await published.publish(version(GOOD.replace("Bienvenue", "Bonjour")), ("live", "evening"), "d", "")
        == 2
    )
    assert await published.store.live("housing") == {"live": 2, "evening": 2}
    assert (await published.version("housing", 1)).texts == {
        "housing": GOOD
    }  # what it does not run is not kept
    assert await published.before("housing", "live") == 1
    assert await published.switch("housing", 1, ("live",), "d", "back")
    assert await published.store.live("housing") == {"live": 1, "evening": 2}
    assert not await published.switch("housing", 9, ("live",), "d", "")
    assert [(each.alias, each.number) for each in await published.store.history("housing")] == [
        ("live", 1), ("live", 1), ("live", 2), ("evening", 2), ("live", 1),
    ]  # fmt: skip


async def test_a_faulty_flow_changes_nothing(published):
    await published.publish(version(), ("live",), "d", "")
    with pytest.raises(Faults):
        await published.publish(version(GOOD.replace("next: language", "next: lnaguage")), ("live",), "d", "")
    assert await published.store.live("housing") == {"live": 1}
    assert await published.store.count("housing") == 1


async def test_an_alias_without_a_version_of_its_own_follows_the_flow(published):
    await published.publish(version(), ("live",), "d", "")
    assert (await published.live("housing", "evening"))[1] == 1


async def test_many_at_once_lose_no_version(published):
    texts = [GOOD.replace("Bienvenue", f"Bienvenue {n}") for n in range(6)]
    numbers = await asyncio.gather(*(published.publish(version(text), ("live",), "d", "") for text in texts))
    assert sorted(numbers) == list(range(1, 7))
    for number, text in zip(numbers, texts, strict=True):
        assert (await published.version("housing", number)).texts["housing"] == text


class NoPorts:
    async def perform(self, name, session, asked, known, now):
        return Done("open") if asked.service == "hours" else Done("unavailable")


async def test_running_sessions_finish_on_the_version_they_began_with(published, redis):
    runner = Runner(published, NoPorts(), FlowStore(redis))
    await published.publish(version(), ("live",), "d", "")
    old, said = await runner.start("s-1", "housing", "chat", {})
    assert said[0].text == "Bienvenue à la caisse."
    await published.publish(version(GOOD.replace("Que souhaitez-vous", "Et vous")), ("live",), "d", "")
    new, _ = await runner.start("s-2", "housing", "chat", {})
    assert (old.version, new.version) == (1, 2)
    assert (await runner.take(old, Answered("1")))[0].text == "Que souhaitez-vous ?"
    assert (await runner.take(new, Answered("1")))[0].text == "Et vous ?"


async def test_a_draft_answers_with_the_files_as_they_are(published, tmp_path):
    (tmp_path / "housing.yaml").write_text(GOOD)
    runner = Runner(published, NoPorts())
    _, said = await runner.start("s-1", "housing", "phone", {}, draft=True)
    (tmp_path / "housing.yaml").write_text(GOOD.replace("Bienvenue à", "Voici"))
    _, changed = await runner.start("s-2", "housing", "phone", {}, draft=True)
    assert (said[0].text, changed[0].text) == ("Bienvenue à la caisse.", "Voici la caisse.")


async def test_a_trace_tells_every_step_and_nothing_personal(published, redis):
    store = FlowStore(redis)
    runner = Runner(published, NoPorts(), store)
    await published.publish(version(), ("live",), "d", "")
    running, _ = await runner.start("s-1", "housing", "phone", {"caller": "+33612345678"})
    for keys in ("1", "1", "123456789", "123456749"):
        await runner.take(running, Answered(keys))
    await running.tracing
    lines = b"\n".join(await store.traced("s-1"))
    for secret in (b"612345678", b"123456789", b"123456749"):
        assert secret not in lines
    assert b"chose 1" in lines
    assert b"answered 9 signs" in lines
    assert b"housing.agent" in lines
    path = [node for line in lines.splitlines() for node in json.decode(line).get("path", ())]
    assert path == list(running.session.path)  # no node twice because its question was put twice
    assert await store.traced("s-9") == []


async def test_the_switch_of_calendars(redis):
    store = FlowStore(redis)
    await store.close("main", closed=True)
    assert await store.closed() == {"main"}
    await store.close("main", closed=False)
    assert await store.closed() == frozenset()
