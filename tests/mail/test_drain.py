"""A full mailbox is drained while all around it is killed: each letter one contact, one acknowledgement."""

from __future__ import annotations

import asyncio
import os
import time
from email import message_from_bytes

import pytest

from tests.mail.office import Office, letter, until
from tests.mail.sink import Sink

pytestmark = [pytest.mark.server, pytest.mark.redis]


def numbered(count: int) -> list[bytes]:
    """Each from another citizen."""
    return [
        letter(
            f"c{number}@citizens.test",
            f"Question {number}",
            f"Une question, la {number}e de ce jour.",
            number,
        )
        for number in range(count)
    ]


async def killed_again_and_again(office: Office, servers, count: int, kills: int) -> None:
    """Each kill comes when another part of the letters is filed: in the middle of the work."""
    for number in range(kills):
        share = count * (number + 1) // (kills + 1)
        await until(lambda share=share: servers.count(office.name, "Guichet") >= share, 240)
        if number % 3 == 1:
            await asyncio.to_thread(servers.kill, "dovecot")
            await asyncio.to_thread(servers.start_dovecot)
        else:
            await office.guichet.kill()
            await office.guichet.start()


async def drained(office: Office, servers, count: int, within: float) -> list[dict]:
    await until(lambda: servers.count(office.name, "Guichet") == count, within)
    assert servers.count(office.name) == 0
    return await office.contacts()


@pytest.mark.timeout(240)
async def test_each_letter_is_one_contact_and_one_acknowledgement_over_kills(servers, tmp_path):
    count, box = 150, "drain"
    servers.box(box)
    servers.put(box, [*numbered(count), *numbered(3)])  # three came twice
    async with Office(servers, tmp_path, box) as office:
        await killed_again_and_again(office, servers, count, 3)
        contacts = await drained(office, servers, count + 3, 120)
        assert len({each["contact"] for each in contacts}) == len(contacts) == count
        await until(lambda: len(acknowledged(servers)) >= count, 120)
        answered = acknowledged(servers)
        assert set(answered) == {f"<{number}@citizens.test>" for number in range(count)}
        assert all(len(ids) == 1 for ids in answered.values())  # a second copy has the same id


async def test_a_letter_whose_contact_came_to_be_before_a_kill_is_finished(servers, tmp_path):
    """The kill fell between the contact and the mark that all is done; what it waited is another then."""
    box = "between"
    servers.box(box)
    async with Office(servers, tmp_path, box) as office:
        servers.put(box, [letter("b@citizens.test", "Mon loyer", "La question de ce jour", "between")])
        await until(lambda: servers.count(box, "Guichet") == 1)
        [contact] = await office.contacts()
        await until(lambda: office.figure("sent"))
        await office.guichet.kill()
        [mark] = (await redis(office, "--scan", "--pattern", "mail:*:letter:*")).split()
        assert await redis(office, "HDEL", mark, "done") == "1"
        await office.guichet.start()
        servers.put(box, [letter("b@citizens.test", "Mon loyer", "La question de ce jour", "between")])
        await until(lambda: servers.count(box, "Guichet") == 2)
        assert await office.figure("put_aside") == 0
        assert [each["contact"] for each in await office.contacts()] == [contact["contact"]]
        assert await redis(office, "HGET", mark, "done") == "1"


async def redis(office: Office, *words: str) -> str:
    """Of the Redis that this Guichet started for itself."""
    [socket] = office.guichet.folder.rglob("redis.sock")
    process = await asyncio.create_subprocess_exec(
        "redis-cli", "-s", str(socket), *words, stdout=asyncio.subprocess.PIPE
    )
    told, _ = await process.communicate()
    return told.decode().strip()


def acknowledged(servers) -> dict[str, set[str]]:
    """What was answered -> ids of the answers to it."""
    found: dict[str, set[str]] = {}
    for raw in servers.letters("sink"):
        ack = message_from_bytes(raw)
        if "drain@" in ack["From"]:
            found.setdefault(ack["In-Reply-To"], set()).add(ack["Message-ID"])
    return found


@pytest.mark.soak
@pytest.mark.timeout(3000)
async def test_ten_thousand_letters_over_kills(servers, tmp_path):
    count, box, sink = int(os.environ.get("GUICHET_LETTERS", "10000")), "soak", Sink()
    servers.box(box)
    servers.put(box, numbered(count))
    sink.start()
    began = time.monotonic()
    try:
        async with Office(servers, tmp_path, box, sink.port) as office:
            await killed_again_and_again(office, servers, count, 9)
            contacts = await drained(office, servers, count, 1200)
            took = time.monotonic() - began
            assert len({each["contact"] for each in contacts}) == len(contacts) == count
            await until(lambda: len(sink.copies) >= count, 1200)
            await until(lambda: set(sink.answers.values()) == {f"<{n}@citizens.test>" for n in range(count)})
            assert len(sink.copies) == count
            again = sum(sink.copies.values()) - count
            print(f"{count} letters, 6 kills of Guichet, 3 of Dovecot: drained in {took:.0f} s;")
            print(
                f"{len(sink.copies)} acknowledgements, {again} of them delivered twice under one Message-ID"
            )
    finally:
        sink.stop()
