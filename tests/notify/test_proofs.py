"""Addresses proved over HTTP: the secret goes there by real servers, comes back once, and proves no more."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from redis.asyncio import Redis

from citizens.claim import Claim
from citizens.spelling import spell
from metrics.instruments import Instruments
from router.api.app import build_app
from router.api.settings import Settings
from router.core.events import Config
from router.core.policy import CHANNELS
from router.notify.email import Email
from router.notify.rules import Rules
from router.notify.sms import Sms
from router.notify.smtp import Smtp, SmtpSettings
from router.notify.wording import Told, Wording
from router.outward import Outward, Server
from tests.notify.mailbox import Mailbox, mailbox
from tests.notify.office import MARK, SECOND, Office, Recorder
from tests.notify.provider import TOKEN
from tests.web.conftest import POLICY, bearer, credentials
from tests.web.door import MemoryDoor

pytestmark = [pytest.mark.redis, pytest.mark.server]

MAIL, PHONE = f"{MARK.lower()}@example.org", "+33612345678"
WORDS = Wording("Votre code", "Voici : {secret}", "Code {secret}", ("intro", "digits/secret", "bye"))
RULES = Rules(
    messages={
        "code": Told({"fr": WORDS}, "asked", frozenset(("secret",)), ("sms", "email")),
        "spoken": Told({"fr": WORDS}, "asked", frozenset(("secret",)), ("voice",)),
        "unasked": Told({"fr": WORDS}, "service", frozenset(("secret",)), ("email",)),
    }
)


@pytest.fixture
async def box() -> AsyncIterator[Mailbox]:
    async with mailbox() as box:
        yield box


@pytest.fixture
def office(redis: Redis, tmp_path: Path, box: Mailbox, provider: int) -> Office:
    (tmp_path / "token").write_text(TOKEN)
    smtp = Smtp(SmtpSettings("127.0.0.1", box.port, security="none"))
    sms = Sms(Outward(Server(f"http://127.0.0.1:{provider}/messages", str(tmp_path / "token"))), "GUICHET", 3)
    return Office(redis, tmp_path, RULES, email=Email(smtp, "g@agency.example"), sms=sms, voice=Recorder())


@pytest.fixture
async def client(office: Office) -> AsyncIterator[TestClient]:
    door = MemoryDoor()
    await door.submit(Config(POLICY, "cafe", "test"))
    await office.register.open()
    app = build_app(
        door, credentials(), Settings(), vault=office.vault, hash_of=lambda policy: "beef",
        instruments=Instruments("main", CHANNELS), post=office.post, known=office,
    )  # fmt: skip
    async with TestClient(TestServer(app)) as client:
        yield client


class Counter:
    """What a gateway elsewhere asks, on behalf of whoever is before it."""

    def __init__(self, client: TestClient, office: Office, box: Mailbox, provider: int) -> None:
        self.client, self.office, self.box, self.provider = client, office, box, provider

    async def post(self, path: str, body: object, role: str = "operator") -> tuple[int, dict]:
        async with self.client.post(f"/api/v1/{path}", json=body, headers=bearer(role)) as answer:
            return answer.status, await answer.json()

    async def somebody(self, **claims: str) -> str:
        stated = [{"kind": kind, "value": value, "how": "stated"} for kind, value in claims.items()]
        status, met = await self.post("citizens/meet", {"channel": "chat", "claims": stated})
        assert (status, met["sure"]) == (200, False)
        return met["citizen"]

    async def asks(self, citizen: str, kind: str, value: str, how: str = "code", message: str = "code"):
        body = {"kind": kind, "value": value, "how": how, "message": message}
        status, told = await self.post(f"citizens/{citizen}/proofs", body)
        await self.office.after()
        return status, told

    async def gives(self, citizen: str, kind: str, value: str, secret: str):
        return await self.post(
            f"citizens/{citizen}/proofs/given", {"kind": kind, "value": value, "secret": secret}
        )

    def mailed(self) -> str:
        """The secret of the last mail, as its reader sees it."""
        text = message_from_bytes(self.box.taken[-1].content, policy=policy.default).get_content()
        return re.search(r"Voici : (\S+)", text)[1]

    async def texted(self) -> tuple[str, str]:
        """To whom the last text message went, and its secret."""
        shown = await Outward(Server(f"http://127.0.0.1:{self.provider}/kept")).ask("GET", ())
        last = shown.value["kept"][-1]
        return last["to"], last["text"].removeprefix("Code ")


@pytest.fixture
def counter(client: TestClient, office: Office, box: Mailbox, provider: int) -> Counter:
    return Counter(client, office, box, provider)


async def test_a_link_by_mail_finds_who_proved_the_address_before(counter: Counter, office: Office, box):
    known = (await office.register.meet([Claim(spell("email", MAIL), "account")], "counter")).citizen
    citizen = await counter.somebody(email=MAIL)
    status, told = await counter.asks(citizen, "email", MAIL.upper(), "link")
    assert (status, box.taken[0].rcpt_tos) == (202, [MAIL])
    secret = counter.mailed()
    assert len(secret) == 32
    assert secret not in json.dumps(told) + json.dumps(await office.journey(citizen))
    status, met = await counter.gives(citizen, "email", MAIL, secret)
    assert (status, met["sure"], met["why"], met["citizen"]) == (200, True, "proved", citizen)
    assert set(await office.people.same(citizen)) == {citizen, known}
    status, told = await counter.gives(citizen, "email", MAIL, secret)  # the link is opened again
    assert (status, told["code"], told["reason"]) == (409, "not_proved", "used_or_old")


async def test_a_code_by_text_message_is_good_for_its_time_and_a_few_guesses(
    counter: Counter, office: Office
):
    citizen = await counter.somebody(phone=PHONE)
    assert (await counter.asks(citizen, "phone", "06 12 34 56 78"))[0] == 202
    to, secret = await counter.texted()
    assert (to, secret.isdigit(), len(secret)) == (PHONE, True, 6)
    wrong = f"{(int(secret) + 1) % 10**6:06d}"
    assert (await counter.gives(citizen, "phone", PHONE, wrong))[1]["reason"] == "wrong"
    assert (await counter.gives(citizen, "phone", PHONE, secret))[0] == 200
    assert [each.value for each in await office.register.reach(citizen)] == [PHONE]
    await counter.asks(citizen, "phone", PHONE)
    office.clock += 601 * SECOND
    _, late = await counter.texted()
    assert (await counter.gives(citizen, "phone", PHONE, late))[1]["reason"] == "used_or_old"
    await counter.asks(citizen, "phone", PHONE)
    _, right = await counter.texted()
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for _ in range(5):
        await counter.gives(citizen, "phone", PHONE, wrong)
    assert (await counter.gives(citizen, "phone", PHONE, right))[1]["reason"] == "too_many"


async def test_nobody_gets_a_code_rung_through_more_than_a_few_times_a_day(counter: Counter):
    citizen = await counter.somebody(phone=PHONE)
    reasons = [(await counter.asks(citizen, "phone", PHONE))[1].get("reason") for _ in range(6)]
    assert reasons == [None] * 5 + ["too_many"]


async def test_a_spoken_code_is_its_digits(counter: Counter, office: Office):
    citizen = await counter.somebody(phone=PHONE)
    assert (await counter.asks(citizen, "phone", PHONE, message="spoken"))[0] == 202
    (rung,) = office.ways["voice"].given
    assert (rung.to, rung.prompts[0], rung.prompts[-1]) == (PHONE, "intro", "bye")
    secret = "".join(each.removeprefix("digits/") for each in rung.prompts[1:-1])
    assert (await counter.gives(citizen, "phone", PHONE, secret))[0] == 200


async def test_a_stolen_claim_gets_nothing_by_anybody_s_secret(counter: Counter, office: Office):
    known = (await office.register.meet([Claim(spell("email", MAIL), "account")], "counter")).citizen
    eve, zoe = await counter.somebody(email=MAIL), await counter.somebody(email=MAIL)
    await counter.asks(eve, "email", MAIL, "link")  # Eve has it sent to Zoe …
    lure = counter.mailed()
    assert (await counter.gives(zoe, "email", MAIL, lure))[1]["reason"] == "used_or_old"  # … who opens it
    assert (await counter.gives(eve, "email", MAIL, "000000"))[1]["reason"] == "wrong"
    await counter.asks(zoe, "email", MAIL, "link")
    own = counter.mailed()
    assert (await counter.gives(eve, "email", MAIL, own))[1]["reason"] == "wrong"
    assert (await counter.gives(zoe, "email", MAIL, own))[0] == 200
    assert await office.people.same(eve) == (eve,)
    assert set(await office.people.same(zoe)) == {zoe, known}


@pytest.mark.parametrize(
    "alike", ["z\u043erglub@example.org", f"{MARK}+a@example.org", f"{MARK}@examp1e.org"]
)
async def test_who_proves_an_address_that_looks_alike_is_somebody_else(
    counter: Counter, office: Office, alike
):
    known = (await office.register.meet([Claim(spell("email", MAIL), "account")], "counter")).citizen
    eve = await counter.somebody(email=alike)
    secret = await office.challenges.ask(eve, spell("email", alike), "link")
    status, met = await counter.gives(eve, "email", alike, secret)
    assert (status, met["why"], met["likely"]) == (200, "proved_first", [])
    assert known not in await office.people.same(eve)


async def test_what_is_no_address_or_no_message_to_be_asked_for_is_refused(counter: Counter):
    citizen = await counter.somebody(email=MAIL)
    for body, code in (
        ({"value": "nobody"}, "bad_identifier"),
        ({"value": "a\u202eb@example.org"}, "bad_identifier"),
        ({"message": "unasked"}, "not_told"),
        ({"message": "none"}, "unknown_message"),
        ({"kind": "phone", "value": "3230"}, "bad_identifier"),
        ({"kind": "handle"}, "bad_field"),
    ):
        whole = {"kind": "email", "value": MAIL, "how": "code", "message": "code"} | body
        status, told = await counter.post(f"citizens/{citizen}/proofs", whole)
        assert (status >= 400, told["code"]) == (True, code)
        assert MARK.lower() not in json.dumps(told).lower()
    whole = {"kind": "email", "value": MAIL, "how": "code", "message": "code"}
    assert (await counter.post(f"citizens/{citizen}/proofs", whole, "ag01"))[1]["code"] == "not_yours"
    assert (await counter.post("citizens/z-00000000000000000000/proofs", whole))[1][
        "code"
    ] == "unknown_citizen"
