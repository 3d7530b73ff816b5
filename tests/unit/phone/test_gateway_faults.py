"""The gateway's shell when things go wrong: too late, no log, not the owner, a broken link."""

import asyncio
import time
from contextlib import asynccontextmanager

import pytest

from router.core.events import Contact, Found, Gone
from router.door import Unavailable
from router.phone import beat, looks, outbox
from router.phone.gateway import PhoneGateway
from router.phone.settings import AgiSettings, AmiSettings, PhoneSettings
from tests.unit.phone.door import LEASE, MemoryDoor, one_contact
from tests.unit.phone.peer import Peer

pytestmark = pytest.mark.server

WAITING = (
    b"Event: UserEvent\r\nUserEvent: GuichetWaiting\r\nContact: c1\r\nChannel: PJSIP/trunk-1\r\n"
    b"Uniqueid: 1.1\r\nDialStatus: \r\nTurn: 1\r\n\r\n"
    b"Event: BridgeEnter\r\nBridgeUniqueid: hall-1\r\nBridgeName: guichet-hall-1\r\n"
    b"Channel: PJSIP/trunk-1\r\nUniqueid: 1.1\r\n\r\n"
)
CALL = Contact("c1", "phone", ({"housing": 1},), via="phone")


class Asterisk(Peer):
    """A peer that lists its channels."""

    def __init__(self):
        super().__init__()
        self.channels = b""
        self.answer = self.act

    def act(self, action):
        if action["Action"] not in ("Status", "DeviceStateList", "QueueStatus"):
            return self.succeed(action)
        head = f"ActionID: {action['ActionID']}\r\n".encode()
        if action["Action"] != "Status":
            return (
                b"Response: Success\r\n" + head + b"EventList: start\r\n\r\n"
                + b"Event: ListComplete\r\n" + head + b"EventList: Complete\r\n\r\n"
            )  # fmt: skip
        return (
            b"Response: Success\r\n" + head + b"EventList: start\r\n\r\n"
            + (b"Event: Status\r\n" + head + self.channels + b"\r\n" if self.channels else b"")
            + b"Event: StatusComplete\r\n" + head + b"EventList: Complete\r\n\r\n"
        )  # fmt: skip

    def done(self, name):
        return [action for action in self.actions if action["Action"] == name]

    def value(self, variable):
        return [action["Value"] for action in self.done("Setvar") if action["Variable"] == variable]


@asynccontextmanager
async def gateway(door, asterisk, tmp_path, count=lambda word: None):
    server = await asyncio.start_server(asterisk.connected, "127.0.0.1", 0)
    (tmp_path / "ami").write_text("secret\n")
    settings = PhoneSettings(
        ami=AmiSettings(port=server.sockets[0].getsockname()[1], secret_file=str(tmp_path / "ami")),
        agi=AgiSettings(port=0),
        endpoints={"a1": "ag01"},
    )
    phone = PhoneGateway(door, settings, vault=None, count=count)
    await phone.start()
    try:
        yield phone
    finally:
        await phone.stop()
        for writer in asterisk.writers:
            writer.transport.abort()
        server.close()


async def test_the_ring_time_is_set_and_the_beat_while_the_log_takes_entries(tmp_path, monkeypatch):
    monkeypatch.setattr(beat, "EVERY_S", 0.02)
    door, asterisk = MemoryDoor(), Asterisk()
    async with gateway(door, asterisk, tmp_path) as phone:
        await asterisk.until(lambda peer: peer.value("GUICHET_BEAT") and peer.value("GUICHET_RING"))
        assert asterisk.value("GUICHET_RING") == ["12"]
        await asterisk.until(lambda peer: peer.done("Status"))
        door.away = True
        beats = len(asterisk.value("GUICHET_BEAT"))
        await asyncio.sleep(0.2)
        assert len(asterisk.value("GUICHET_BEAT")) <= beats + 1
        assert phone.linked


async def test_the_beat_is_as_old_as_the_last_append(tmp_path, monkeypatch):
    """A frozen Redis is noticed after two seconds: callers must not count from then on."""
    door, asterisk = MemoryDoor(), Asterisk()
    monkeypatch.setattr(beat, "APPEND_WITHIN_S", 100.0)  # so that a slow machine makes no difference
    monkeypatch.setattr(door, "last_append_age", lambda: 50.0)
    began = time.time()
    async with gateway(door, asterisk, tmp_path):
        await asterisk.until(lambda peer: peer.value("GUICHET_BEAT"))
    assert began - 52 < int(asterisk.value("GUICHET_BEAT")[0]) < began - 30


async def test_an_effect_that_is_too_late_is_not_done_and_the_core_hears_that_the_caller_waits(tmp_path):
    door, asterisk, counted = MemoryDoor(), Asterisk(), []

    def count(word):
        counted.append(word)
        if word == "dial_late":
            door.lease = LEASE

    async with gateway(door, asterisk, tmp_path, count):
        await asterisk.until(lambda peer: peer.done("Status"))
        await door.submit(CALL)
        asterisk.say(WAITING)
        await door.until(lambda _: door.events(Found))
        door.lease = 0
        await door.ready("a1", housing=5)
        await asterisk.until(lambda peer: peer.done("BridgeKick"))
        assert "dial_late" in counted
        assert len(asterisk.done("BridgeKick")) == 1
        assert [event.where for event in door.events(Found)] == ["waiting", "waiting"]


async def test_a_kick_whose_link_breaks_is_never_repeated_and_the_channels_are_asked(tmp_path):
    door, asterisk = MemoryDoor(), Asterisk()
    answer = asterisk.answer
    asterisk.answer = lambda action: None if action["Action"] == "BridgeKick" else answer(action)
    async with gateway(door, asterisk, tmp_path):
        await asterisk.until(lambda peer: peer.done("Status"))
        await door.submit(CALL)
        asterisk.say(WAITING)
        await door.until(lambda _: door.events(Found))
        await door.ready("a1", housing=5)
        await asterisk.until(lambda peer: peer.done("BridgeKick"))
        asterisk.hang_up()
        await door.until(one_contact("gone"))
        assert len(asterisk.done("BridgeKick")) == 1
        assert door.events(Gone) == [Gone("c1", "left")]


async def test_a_standby_has_no_link_until_the_pool_is_its_own(tmp_path):
    door, asterisk = MemoryDoor(), Asterisk()
    read, asked = door.read, asyncio.Event()

    async def not_owner(question):
        asked.set()
        raise Unavailable("not_owner", "another rules", retry_after=0.01)

    door.read = not_owner
    async with gateway(door, asterisk, tmp_path):
        await asked.wait()
        await asyncio.sleep(0.05)
        assert asterisk.writers == []
        door.read = read
        await asterisk.until(lambda peer: peer.done("Status"))


async def test_a_contact_ended_by_another_while_the_caller_is_there_goes_to_the_native_queue(tmp_path):
    door, asterisk = MemoryDoor(), Asterisk()
    async with gateway(door, asterisk, tmp_path):
        await asterisk.until(lambda peer: peer.done("Status"))
        await door.submit(CALL)
        asterisk.say(WAITING)
        await door.until(lambda _: door.events(Found))
        await door.submit(Gone("c1", "left"))
        await asterisk.until(lambda peer: peer.done("BridgeKick"))
        assert asterisk.done("BridgeKick")[0]["Bridgeuniqueid"] == "hall-1"
        assert asterisk.value("GUICHET_GO") == ["1:fallback"]


async def test_what_the_outbox_dropped_is_found_by_another_look(tmp_path, monkeypatch):
    """No room for the news that the caller hung up: the channels tell it a moment later."""
    monkeypatch.setattr(looks, "AGAIN_S", 0.01)
    door, asterisk, dropped = MemoryDoor(), Asterisk(), asyncio.Event()

    def count(word):
        if word == "dropped":
            dropped.set()

    async with gateway(door, asterisk, tmp_path, count):
        await asterisk.until(lambda peer: peer.done("Status"))
        await door.submit(CALL)
        asterisk.say(WAITING)
        await door.until(lambda _: door.events(Found))
        monkeypatch.setattr(outbox, "CONTACTS_MAX", 0)
        asterisk.say(b"Event: Hangup\r\nChannel: PJSIP/trunk-1\r\nUniqueid: 1.1\r\nCause: 16\r\n\r\n")
        await asyncio.wait_for(dropped.wait(), 5)
        monkeypatch.setattr(outbox, "CONTACTS_MAX", 10)
        await door.until(one_contact("gone"))
