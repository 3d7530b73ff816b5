"""Messages on their way: real Redis and register; ways whose answers the test decides."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from pathlib import Path

import pytest
from redis.asyncio import Redis

from citizens.preferences import Preferences
from citizens.purposes import Asked
from router.log.connection import connect
from router.notify.delivery import Delivery
from router.notify.email import notice_of
from router.notify.post import NotTaken
from tests.log.conftest import RedisServer
from tests.notify.office import MARK, SECOND, Office, Recorder

pytestmark = pytest.mark.redis

LATER, NEVER = Delivery("later", "refused", 503), Delivery("never", "refused", 550)


@pytest.fixture
def office(redis: Redis, tmp_path: Path) -> Office:
    return Office(redis, tmp_path)


async def test_sent_by_the_first_way_and_noted_in_the_journey(office: Office) -> None:
    citizen = await office.citizen("sms", "email")
    notice = await office.send(citizen)
    assert await office.after() == 1
    (given,) = office.ways["sms"].given
    assert (given.to, given.text, given.key) == (
        "+33612345678",
        f"RDV le 3 mai {MARK}",
        f"{notice.notice}.sms",
    )
    assert (await office.now(notice)).stage == "done"
    assert await office.journey(citizen) == [("notified", "sms", "")]
    assert await office.after(1e6) == 0
    assert office.counted == [("sms", "taken")]


async def test_in_the_citizens_language_by_the_way_they_like(office: Office) -> None:
    citizen = await office.citizen("sms", "email")
    await office.register.prefer(citizen, Preferences(channel="email", language="en-gb"))
    await office.send(citizen)
    await office.after()
    (given,) = office.ways["email"].given
    assert (given.language, given.subject, given.text) == ("en", "Appointment", f"On 3 mai {MARK}.")


@pytest.mark.parametrize(
    ("message", "values", "code"),
    [
        ("nothing", {"date": "x"}, "unknown_message"),
        ("appointment", {}, "missing"),
        ("appointment", {"date": "x", "name": "y"}, "unknown"),
        ("appointment", {"date": "x" * 501}, "too_long"),
    ],
)
async def test_what_cannot_be_filled_is_not_taken(
    office: Office, message: str, values: dict[str, str], code: str
) -> None:
    citizen = await office.citizen("sms")
    with pytest.raises(NotTaken) as fault:
        await office.post.send(citizen, message, values, "sup")
    assert fault.value.code == code


async def test_nobody_without_consent_but_who_asked(office: Office) -> None:
    citizen = await office.citizen()
    with pytest.raises(NotTaken, match="no_consent"):
        await office.send(citizen)
    await office.send(citizen, "code", date="1234")
    await office.after()
    assert [given.text for given in office.ways["sms"].given] == ["Code 1234"]


async def test_consent_taken_back_before_it_left(office: Office) -> None:
    office.clock += 9 * 3600 * SECOND  # nine in the evening
    citizen = await office.citizen("sms")
    notice = await office.send(citizen)
    await office.after()
    waits = await office.now(notice)
    assert (waits.stage, waits.code) == ("waiting", "quiet")
    await office.register.withdraw(citizen, "contact_by_sms", "citizen")
    await office.after(12 * 3600)
    assert (await office.now(notice)).code == "no_consent"
    assert not office.ways["sms"].given
    assert ("undelivered", "none", "no_consent") in await office.journey(citizen) or (
        "undelivered", "", "no_consent"
    ) in await office.journey(citizen)  # fmt: skip
    assert [each.notice for each in await office.post.failed(9)] == [notice.notice]


async def test_it_waits_for_the_morning(office: Office) -> None:
    office.clock += 9 * 3600 * SECOND
    citizen = await office.citizen("sms")
    await office.send(citizen)
    await office.after()
    await office.after(10 * 3600)  # seven in the morning
    assert not office.ways["sms"].given
    await office.after(3600 + 1)
    assert len(office.ways["sms"].given) == 1


async def test_failures_are_tried_again_ever_later_under_the_same_key(office: Office) -> None:
    office.ways["sms"].answers = [LATER] * 3
    citizen = await office.citizen("sms", "email")
    notice = await office.send(citizen)
    for pause, tries in ((0, 1), (29, 1), (2, 2), (59, 2), (2, 3), (119, 3), (2, 4)):
        await office.after(pause)
        assert len(office.ways["sms"].given) == tries
    assert len({given.key for given in office.ways["sms"].given}) == 1
    assert (await office.now(notice)).stage == "done"
    assert await office.journey(citizen) == [("notified", "sms", "")]


async def test_after_some_failures_the_next_way(office: Office) -> None:
    office.ways["sms"].answers = [LATER] * 5
    citizen = await office.citizen("sms", "email")
    await office.send(citizen)
    for _ in range(12):
        await office.after(600)
    assert (len(office.ways["sms"].given), len(office.ways["email"].given)) == (5, 1)
    assert await office.journey(citizen) == [("undelivered", "sms", "refused"), ("notified", "email", "")]


async def test_a_way_that_will_never_do_is_not_tried_again(office: Office) -> None:
    office.ways["sms"].answers, office.ways["email"].answers = [NEVER], [NEVER]
    citizen = await office.citizen("sms", "email")
    notice = await office.send(citizen)
    for _ in range(4):
        await office.after(1)
    assert (await office.now(notice)).stage == "failed"
    assert (await office.now(notice)).code == "refused"
    undelivered = [("undelivered", "sms", "refused"), ("undelivered", "email", "refused")]
    assert await office.journey(citizen) == undelivered
    assert len((await office.register.journey(citizen)).open) == 1


async def test_taken_and_yet_not_arrived(office: Office) -> None:
    office.ways["sms"].answers = [Delivery("taken", "accepted", reference="sms-1")]
    office.ways["sms"].arrivals = [None, Delivery("never", "not_arrived")]
    citizen = await office.citizen("sms", "email")
    notice = await office.send(citizen)
    for pause in (0, 61, 601, 1, 1):
        await office.after(pause)
    assert len(office.ways["email"].given) == 1
    assert [each[:2] for each in await office.journey(citizen)] == [
        ("notified", "sms"), ("undelivered", "sms"), ("notified", "email")
    ]  # fmt: skip
    assert (await office.now(notice)).stage == "done"


async def test_a_mail_that_bounced_goes_another_way(office: Office) -> None:
    citizen = await office.citizen("sms", "email")
    await office.register.prefer(citizen, Preferences(channel="email"))
    notice = await office.send(citizen)
    await office.after()
    assert await office.outbox.returned(notice.notice, "email", "mailbox_unknown")
    assert not await office.outbox.returned(notice.notice, "email", "mailbox_unknown")
    assert not await office.outbox.returned("n-none", "email", "mailbox_unknown")
    await office.after(1)
    await office.after(1)
    assert len(office.ways["sms"].given) == 1


@pytest.mark.parametrize(
    ("message_id", "notice"),
    [
        ("<n-1f2e.email@agency.example>", "n-1f2e"),
        (" <n-1f2e.email@agency.example> ", "n-1f2e"),
        ("<rdv-4711.email@agency.example>", "rdv-4711"),
        ("<n-1f2e.sms@agency.example>", ""),
        ("<20261130.4711@elsewhere.example>", ""),
        ("<.email@agency.example>", ""),
        ("", ""),
    ],
)
def test_which_message_ids_are_ours(message_id: str, notice: str) -> None:
    assert notice_of(message_id) == notice


async def test_the_same_notice_twice_is_one_message(office: Office) -> None:
    citizen = await office.citizen("sms")
    both = await asyncio.gather(office.send(citizen, notice="n-same"), office.send(citizen, notice="n-same"))
    assert both[0] == both[1]
    await office.after()
    await office.send(citizen, notice="n-same")
    await office.after()
    assert len(office.ways["sms"].given) == 1
    with pytest.raises(NotTaken, match="conflict"):
        await office.send(citizen, "code", "n-same", date="1")


async def test_two_who_work_at_once_send_once(redis: Redis, tmp_path: Path) -> None:
    one, two = Office(redis, tmp_path), Office(redis, tmp_path)
    citizen = await one.citizen("sms")
    for _ in range(20):
        await one.send(citizen)
    while sum(await asyncio.gather(one.after(), two.after())):
        pass
    keys = [given.key for office in (one, two) for given in office.ways["sms"].given]
    assert (len(keys), len(set(keys))) == (20, 20)


@pytest.mark.parametrize("line", range(12))
async def test_a_crash_at_any_line_loses_nothing_and_doubles_under_the_same_key(
    redis: Redis, redis_server: RedisServer, tmp_path: Path, line: int
) -> None:
    """Redis is asked through a wire that is cut after so many questions; then another process takes over."""

    left = 10**9
    wire = connect(redis_server.url)
    real = wire.execute_command

    async def cut(*words, **more):
        nonlocal left
        left -= 1
        if left < 0:
            raise asyncio.CancelledError  # the process died here
        return await real(*words, **more)

    wire.execute_command = cut  # type: ignore[method-assign]
    first = Office(wire, tmp_path)
    citizen = await first.citizen("sms")
    notice = await first.send(citizen)
    left = line
    with contextlib.suppress(asyncio.CancelledError):
        await first.after()
    left = 10**9
    await wire.aclose()
    second = Office(redis, tmp_path)
    second.clock = first.clock
    for _ in range(4):
        await second.after(181)
    keys = [given.key for office in (first, second) for given in office.ways["sms"].given]
    assert len(keys) >= 1
    assert set(keys) == {f"{notice.notice}.sms"}
    assert (await second.now(notice)).stage == "done"
    assert await second.journey(citizen) == [("notified", "sms", "")]


async def test_whoever_is_erased_is_written_to_no_more(office: Office) -> None:
    office.clock += 9 * 3600 * SECOND
    citizen = await office.citizen("sms")
    notice = await office.send(citizen)
    await office.people.erase(citizen, Asked("officer", "operator", "erase", "request"))
    await office.after(13 * 3600)
    assert not office.ways["sms"].given
    assert (await office.now(notice)).stage == "failed"


async def test_one_message_that_breaks_stops_no_other(office: Office) -> None:
    class Broken(Recorder):
        async def send(self, message):
            raise RuntimeError("a defect")

    office.ways["email"] = Broken()
    citizen = await office.citizen("sms", "email")
    await office.register.prefer(citizen, Preferences(channel="email"))
    await office.send(citizen)
    other = await office.citizen("sms", phone="+33612345679", mail="b@example.org")
    await office.send(other)
    await office.after()
    assert len(office.ways["sms"].given) == 1


async def test_nothing_personal_outside_the_vaults_ciphertext(
    office: Office, redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    office.ways["sms"].answers = [LATER, NEVER]
    office.ways["email"].answers = [NEVER]
    citizen = await office.citizen("sms", "email")
    notice = await office.send(citizen)
    seen = []
    for _ in range(4):
        await office.after(60)
        seen += [repr(await held(redis, key)) for key in await redis.keys()]
    text = "\n".join(seen) + caplog.text + repr(await office.now(notice))
    assert notice.notice in text
    for mark in (MARK, MARK.lower(), "612345678", "3 mai"):
        assert mark not in text
    assert await office.safe.unlock(notice.notice) is None, "what is over is not kept"


async def held(redis: Redis, key: bytes) -> tuple[bytes, object]:
    """Whatever is kept under a key."""
    how = {
        "string": ("GET", key), "hash": ("HGETALL", key), "zset": ("ZRANGE", key, 0, -1),
        "list": ("LRANGE", key, 0, -1), "stream": ("XRANGE", key, "-", "+"), "set": ("SMEMBERS", key),
    }  # fmt: skip
    return key, await redis.execute_command(*how[(await redis.type(key)).decode()])
