"""Text messages through a provider that is a process, and through one that misbehaves."""

from __future__ import annotations

import logging
import secrets
from pathlib import Path

import pytest

from router.notify.delivery import Delivery
from router.notify.sms import Sms
from router.notify.ways import Message
from router.outward import Failed, Outward, Server, allowed
from tests.notify.odd_server import odd_server, saying
from tests.notify.provider import TOKEN

pytestmark = pytest.mark.server

MARK = "Zorglub"


@pytest.fixture
def token(tmp_path: Path) -> str:
    (tmp_path / "token").write_text(TOKEN + "\n")
    return str(tmp_path / "token")


def sms(port: int, token: str, timeout_s: float = 5.0) -> Sms:
    server = Server(f"http://127.0.0.1:{port}/messages", token, timeout_s=timeout_s)
    return Sms(Outward(server), "GUICHET", 3)


def message(text: str = f"Bonjour {MARK}") -> Message:
    return Message(f"n-{secrets.token_hex(4)}.sms", "+33612345678", "fr", text=text)


async def behave(port: int, *what: str, **states: str) -> None:
    await Outward(Server(f"http://127.0.0.1:{port}/behave")).ask("POST", (), {"next": what, "states": states})


async def kept(port: int, key: str) -> list[dict[str, object]]:
    answer = await Outward(Server(f"http://127.0.0.1:{port}/kept")).ask("GET")
    return [each for each in answer.value["kept"] if each["key"] == key]


async def test_a_message_is_taken_once_however_often_it_is_sent(provider: int, token: str) -> None:
    one = message()
    first = await sms(provider, token).send(one)
    again = await sms(provider, token).send(one)
    assert (first.result, first.reference) == ("taken", again.reference)
    (got,) = await kept(provider, one.key)
    assert got == {"to": one.to, "from": "GUICHET", "text": one.text, "key": one.key, "parts": 1}


@pytest.mark.parametrize(
    ("does", "result", "code", "unsure"),
    [
        ("500", "later", "refused", False),
        ("503", "later", "refused", False),
        ("429", "later", "refused", False),
        ("422", "never", "refused", False),
        ("404", "never", "refused", False),
        ("lie", "later", "nonsense", True),
        ("html", "later", "not_json", True),
        ("charset", "later", "not_json", True),
        ("huge", "later", "too_large", True),
        ("redirect", "later", "redirected", False),
        ("close", "later", "cut_off", True),
        ("hang", "later", "timeout", True),
    ],
)
async def test_a_provider_that_fails(
    provider: int, token: str, does: str, result: str, code: str, unsure: bool
) -> None:
    await behave(provider, does)
    said = await sms(provider, token, 1.0 if does == "hang" else 5.0).send(message())
    assert (said.result, said.code, said.unsure) == (result, code, unsure)


async def test_a_lost_answer_is_no_second_message(provider: int, token: str) -> None:
    one = message()
    await behave(provider, "close after")
    assert (await sms(provider, token).send(one)).unsure
    assert (await sms(provider, token).send(one)).result == "taken"
    assert len(await kept(provider, one.key)) == 1


async def test_a_key_stands_for_one_message(provider: int, token: str) -> None:
    one = message()
    await sms(provider, token).send(one)
    said = await sms(provider, token).send(Message(one.key, one.to, "fr", text="other"))
    assert (said.result, said.code) == ("never", "conflict")


async def test_without_the_token_nothing_is_lost(provider: int, tmp_path: Path) -> None:
    (tmp_path / "wrong").write_text("wrong")
    assert (await sms(provider, str(tmp_path / "wrong")).send(message())).code == "login"
    said = await sms(provider, str(tmp_path / "none")).send(message())
    assert (said.result, said.code) == ("later", "settings")


async def test_what_is_too_long_is_not_paid_for(provider: int, token: str) -> None:
    assert await sms(provider, token).send(message("x" * 460)) == Delivery("never", "too_long")
    assert (await sms(provider, token).send(message("x" * 459))).result == "taken"


async def test_whether_it_arrived(provider: int, token: str) -> None:
    way = sms(provider, token)
    said = await way.send(message())
    assert await way.arrived(said.reference) is None
    await behave(provider, **{said.reference: "failed"})
    assert await way.arrived(said.reference) == Delivery("never", "not_arrived")
    await behave(provider, **{said.reference: "delivered"})
    assert (await way.arrived(said.reference)) == Delivery("taken", "arrived")
    assert await way.arrived("../kept") is None  # one part of a path, whatever is in it


@pytest.mark.parametrize(
    "parts",
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\nContent-Type: application/json\r\n\r\n{",),
        (b"\x00\xff\x00\xff",),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: application/json\r\n\r\n\x1f\x8b",),
        (b"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-16\r\n\r\n{}",),
        (b"220 mail\r\n",),
        (b"",),
    ],
)
async def test_nonsense_costs_a_later_try(parts: tuple[bytes, ...]) -> None:
    async with odd_server(saying(*parts)) as port:
        said = await sms(port, "").send(message())
    assert said.result == "later"


async def test_nobody_there() -> None:
    async with odd_server(saying()) as port:
        pass
    assert await sms(port, "").send(message()) == Delivery("later", "unreachable")


@pytest.mark.parametrize(
    ("address", "outside", "inside"),
    [
        ("8.8.8.8", True, True),
        ("2001:4860:4860::8888", True, True),
        ("10.1.2.3", False, True),
        ("192.168.1.1", False, True),
        ("fd00::1", False, True),
        ("127.0.0.1", False, False),
        ("::1", False, False),
        ("::ffff:127.0.0.1", False, False),
        ("::ffff:10.0.0.1", False, True),
        ("169.254.169.254", False, False),
        ("fe80::1%eth0", False, False),
        ("0.0.0.0", False, False),
        ("224.0.0.1", False, False),
        ("2002:7f00:1::", False, False),  # 127.0.0.1 by 6to4
    ],
)
def test_where_a_server_may_be(address: str, outside: bool, inside: bool) -> None:
    assert allowed(address, private=False) == outside
    assert allowed(address, private=True) == inside


@pytest.mark.parametrize("host", ["10.0.0.1", "169.254.169.254", "[::ffff:127.0.0.1]", "0.0.0.0"])
async def test_an_internal_address_is_not_gone_to(host: str) -> None:
    with pytest.raises(Failed, match="internal_address"):
        await Outward(Server(f"http://{host}:9/x", timeout_s=2.0)).ask("GET")


async def test_a_name_that_leads_inside_is_not_gone_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """What DNS answers is the outside world: here it is made to answer a private address."""
    from aiohttp.resolver import ThreadedResolver

    async def inside(self, host, port=0, family=0):
        return [{"hostname": host, "host": "127.0.0.1", "port": port, "family": 2, "proto": 0, "flags": 0}]

    monkeypatch.setattr(ThreadedResolver, "resolve", inside)
    with pytest.raises(Failed, match="internal_address"):
        await Outward(Server("http://sms.example:9/x", timeout_s=2.0)).ask("GET")


async def test_nothing_personal_is_logged(
    provider: int, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await behave(provider, "422", "close")
    for _ in range(3):
        await sms(provider, token).send(message())
    seen = "".join(
        f"{record.getMessage()} {record.__dict__}"
        for record in caplog.records
        if not record.name.startswith("asyncio")
    )
    assert "text message" in seen
    assert MARK not in seen
    assert "612345678" not in seen
    assert TOKEN not in seen
