"""The FastAGI port under scanners, slow peers and garbage: it answers the next call all the same."""

import asyncio
import hashlib
from contextlib import asynccontextmanager, suppress

import pytest

from router.phone import agi_server, agi_token
from router.phone.agi import AgiFault, HungUp
from router.phone.agi_server import AgiServer, parse_headers
from router.phone.settings import AgiSettings

HEAD = b"agi_network: yes\nagi_channel: PJSIP/trunk-1\nagi_uniqueid: 1.1\n\n"


class Port:
    """The server under test and what it counted."""

    def __init__(self, handler, **settings):
        self.counted = []
        self._news = asyncio.Event()
        self.writers = []
        self.server = AgiServer(AgiSettings(port=0, **settings), handler, self.count)

    def count(self, word):
        self.counted.append(word)
        self._news.set()

    async def until(self, *words, within=5):
        async with asyncio.timeout(within):
            while sorted(self.counted) != sorted(words):
                self._news.clear()
                await self._news.wait()

    async def send(self, data):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port)
        self.writers.append(writer)
        writer.write(data)
        return reader, writer

    async def stop(self):
        for writer in self.writers:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()
        await self.server.stop()


@asynccontextmanager
async def listening(handler, **settings):
    port = Port(handler, **settings)
    await port.server.start()
    try:
        yield port
    finally:
        await port.stop()


async def greet(agi):
    await agi.set_variable("X", agi.headers["channel"])


async def call(port, head=HEAD):
    """A call that behaves; what was asked of it."""
    reader, writer = await port.send(head)
    asked = await reader.readline()
    writer.write(b"200 result=1\n")
    assert await reader.read() == b""
    writer.close()
    return asked


async def cut_off(reader):
    """Ended or reset: nothing more comes."""
    with suppress(ConnectionError):
        assert await reader.read() == b""


async def test_a_call_is_served():
    async with listening(greet) as port:
        assert await call(port) == b'SET VARIABLE "X" "PJSIP/trunk-1"\n'
        await port.until("served")


@pytest.mark.parametrize(
    "data",
    [b"", b"GET / HTTP/1.1\r\n\r\n", b"\0\xff\xfe" * 50, b"agi_channel: x\n", b"agi_x: " + b"y" * 70_000],
    ids=["connect and close", "HTTP", "garbage", "half a header", "64 KiB and more"],
)
async def test_whoever_speaks_no_agi_is_cut_off_and_the_next_call_served(data):
    async with listening(greet) as port:
        _, writer = await port.send(data)
        writer.close()
        await port.until("garbage")
        await call(port)
        await port.until("garbage", "served")


async def test_a_peer_that_sends_nothing_is_cut_off_while_calls_go_on(monkeypatch):
    monkeypatch.setattr(agi_server, "HEADER_S", 0.1)
    async with listening(greet) as port:
        reader, _ = await port.send(b"agi_network: yes\n")
        await call(port)
        assert await reader.read() == b""
        await port.until("served", "garbage")


async def test_only_allowed_networks_are_heard():
    async with listening(greet, allow=("192.0.2.0/24",)) as port:
        reader, _ = await port.send(HEAD)
        await cut_off(reader)
        await port.until("refused")


SECRET = "0123456789abcdef" * 2


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "agi"
    path.write_text(f"{SECRET}\n")
    path.chmod(0o600)
    return path


@pytest.mark.parametrize(
    "token", [b"", b"0" * 40, hashlib.sha1(b"1.2:" + SECRET.encode()).hexdigest().encode()]
)
async def test_a_head_without_the_token_of_its_channel_is_no_call(secret, token, caplog):
    async with listening(greet, secret_file=str(secret)) as port:
        reader, _ = await port.send(HEAD[:-1] + b"agi_arg_1: " + token + b"\n\n")
        await cut_off(reader)
        again, _ = await port.send(HEAD)
        await cut_off(again)
        await port.until("forged", "forged")
    assert caplog.text.count("GUICHET_AGI_SECRET") == 1


async def test_a_head_with_the_token_of_its_channel_is_a_call(secret):
    token = hashlib.sha1(b"1.1:" + SECRET.encode()).hexdigest().encode()
    async with listening(greet, secret_file=str(secret)) as port:
        reader, writer = await port.send(HEAD[:-1] + b"agi_arg_1: " + token + b"\n\n")
        assert await reader.readline() == b'SET VARIABLE "X" "PJSIP/trunk-1"\n'
        writer.write(b"200 result=1\n")
        await port.until("served")


@pytest.mark.parametrize(
    ("text", "mode", "words"),
    [
        (SECRET, 0o644, "chmod 600"),
        ("short", 0o600, "openssl rand"),
        ("${SHELL(x)}" * 4, 0o600, "openssl rand"),
    ],
)
def test_a_secret_that_is_none_or_that_others_may_read_is_refused(tmp_path, text, mode, words):
    (tmp_path / "agi").write_text(text)
    (tmp_path / "agi").chmod(mode)
    with pytest.raises(OSError, match=words):
        agi_token.read(tmp_path / "agi")


async def test_strangers_take_no_place_of_a_call(monkeypatch):
    """Connections that say nothing fill their own room, and the oldest of them goes."""
    monkeypatch.setattr(agi_server, "STRANGERS_MAX", 3)
    async with listening(greet, connections=1) as port:
        oldest, _ = await port.send(b"")
        for _ in range(2):
            await port.send(b"agi_network: yes\n")
        await call(port)
        await cut_off(oldest)
        await port.until("garbage", "served")


@pytest.mark.server
async def test_ten_thousand_connections_that_close_at_once_cost_no_call(secret):
    """Calls go on meanwhile, fifty in turn with two hundred scans each: all are served."""
    token = hashlib.sha1(b"1.1:" + SECRET.encode()).hexdigest().encode()
    head = HEAD[:-1] + b"agi_arg_1: " + token + b"\n\n"

    async def scan():
        _, writer = await asyncio.open_connection("127.0.0.1", port.server.port)
        writer.transport.abort()

    async with listening(greet, secret_file=str(secret)) as port:
        for _ in range(50):
            _, asked = await asyncio.gather(asyncio.gather(*(scan() for _ in range(200))), call(port, head))
            assert asked == b'SET VARIABLE "X" "PJSIP/trunk-1"\n'
        await port.until(*["served"] * 50, *["garbage"] * 10_000, within=20)


async def test_more_calls_than_there_is_room_for_are_turned_away_at_once():
    async with listening(greet, connections=1) as port:
        reader, writer = await port.send(HEAD)
        await reader.readline()
        second, _ = await port.send(HEAD)
        await cut_off(second)
        await port.until("crowded")
        writer.write(b"200 result=1\n")
        await port.until("crowded", "served")
        await call(port)


@pytest.mark.parametrize(
    ("fault", "word"), [(HungUp("x"), "hung_up"), (AgiFault("x"), "failed"), (RuntimeError("x"), "failed")]
)
async def test_a_handler_that_fails_costs_its_own_call_alone(fault, word):
    faults = [fault]

    async def handler(agi):
        if faults:
            raise faults.pop()
        await greet(agi)

    async with listening(handler) as port:
        reader, _ = await port.send(HEAD)
        assert await reader.read() == b""
        await port.until(word)
        await call(port)


async def test_stopping_lets_go_of_a_call_in_hand():
    began = asyncio.Event()

    async def handler(agi):
        began.set()
        await agi.read(("beep",), 1, 60.0, 60.0)

    async with listening(handler) as port:
        reader, _ = await port.send(HEAD)
        await began.wait()
        await port.server.stop()
        assert b"Read" in await reader.read()


def test_headers_in_any_encoding_are_read():
    head = "agi_calleridname: Zoé\nagi_dnid: 3230\nnot a header\n\n"
    for encoding in ("utf-8", "latin-1"):
        assert parse_headers(head.encode(encoding)) == {"calleridname": "Zoé", "dnid": "3230"}
