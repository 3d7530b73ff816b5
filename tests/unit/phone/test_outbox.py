"""What waits for the log: in order per contact, none behind another, bounded."""

import asyncio

from router.core.events import Contact, Ended, Gone
from router.phone import outbox
from router.phone.outbox import Outbox
from tests.unit.phone.door import MemoryDoor


class Ears:
    def __init__(self):
        self.heard = []
        self.lost = 0
        self.news = asyncio.Event()

    def hear(self, event, refusal):
        self.heard.append((event, refusal))
        self.news.set()

    def lose(self):
        self.lost += 1

    async def until(self, count):
        async with asyncio.timeout(5):
            while len(self.heard) < count:
                self.news.clear()
                await self.news.wait()
        return self.heard


def arrival(name):
    return Contact(name, "phone", ({},))


async def test_while_the_log_is_away_events_are_kept_in_their_order():
    door, ears = MemoryDoor(), Ears()
    box = Outbox(door, ears.hear, ears.lose)
    door.away = True
    for event in (arrival("c1"), Gone("c1")):
        box.put("c1", event)
    await asyncio.sleep(0.05)
    assert ears.heard == []
    door.away = False
    assert await ears.until(2) == [(arrival("c1"), ""), (Gone("c1"), "")]
    assert door.state.contacts["c1"].state == "gone"
    await box.stop(1)


async def test_a_refusal_is_heard_and_ends_nothing():
    door, ears = MemoryDoor(), Ears()
    box = Outbox(door, ears.hear, ears.lose)
    for event in (Ended("c1"), arrival("c1")):
        box.put("c1", event)
    assert await ears.until(2) == [(Ended("c1"), "unknown_contact"), (arrival("c1"), "")]
    await box.stop(1)


async def test_one_contacts_events_wait_for_no_others():
    door, ears = MemoryDoor(), Ears()
    box = Outbox(door, ears.hear, ears.lose)
    door.away = True
    box.put("c1", arrival("c1"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    door.away = False
    box.put("c2", arrival("c2"))
    assert await ears.until(1) == [(arrival("c2"), "")]
    await ears.until(2)
    await box.stop(1)


async def test_there_is_a_bound(monkeypatch):
    monkeypatch.setattr(outbox, "CONTACTS_MAX", 2)
    door, ears = MemoryDoor(), Ears()
    door.away = True
    box = Outbox(door, ears.hear, ears.lose)
    for name in ("c1", "c2", "c3"):
        box.put(name, arrival(name))
    assert ears.lost == 1
    await box.stop(0.01)
    assert ears.heard == []


async def test_one_contact_has_a_bound_too(monkeypatch):
    monkeypatch.setattr(outbox, "EVENTS_MAX", 2)
    door, ears = MemoryDoor(), Ears()
    door.away = True
    box = Outbox(door, ears.hear, ears.lose)
    for event in (arrival("c1"), Gone("c1"), Ended("c1")):
        box.put("c1", event)
    assert ears.lost == 1
    door.away = False
    assert [event for event, _ in await ears.until(2)] == [arrival("c1"), Gone("c1")]
    await box.stop(1)


async def test_an_event_that_breaks_the_door_takes_no_other_with_it():
    door, ears = MemoryDoor(), Ears()
    submit = door.submit

    async def breaks_on_ended(event):
        if isinstance(event, Ended):
            raise ZeroDivisionError
        return await submit(event)

    door.submit = breaks_on_ended
    box = Outbox(door, ears.hear, ears.lose)
    for event in (Ended("c1"), arrival("c1"), Gone("c1")):
        box.put("c1", event)
    assert await ears.until(2) == [(arrival("c1"), ""), (Gone("c1"), "")]
    assert ears.lost == 1
    await box.stop(1)
