"""Whatever goes wrong where the menu should be, the caller is in the native queue within ten seconds."""

import asyncio
import os
import signal
import socket
import sys
from contextlib import asynccontextmanager

import pytest

from router.phone.agi_server import AgiServer
from router.phone.settings import AgiSettings
from tests.phone.guichet import serve
from tests.phone.judge import judge, table
from tests.phone.sipp import Call, Keys, agents, citizens
from tests.phone.standin import Standin
from tests.phone.until import until

pytestmark = pytest.mark.asterisk

PROMISE_S = 10.0
HOLDS_A_PORT = """
import socket, sys
port = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("up", flush=True)
while True: port.accept()
"""


async def begins_and_falls_silent(router, reader, writer):
    await router.say(reader, writer, 'SET VARIABLE GUICHET_CONTACT "c-0000000000000001"')
    await reader.read()


async def says_what_is_no_command(router, reader, writer):
    writer.write(b"\xff" * 4000 + b"\n" + b"EXEC\n" * 10)
    await reader.read()


async def closes_half_way(router, reader, writer):
    await router.say(reader, writer, 'SET VARIABLE GUICHET_CONTACT "c-0000000000000001"')


PEERS = [Standin.die, Standin.hang_on, begins_and_falls_silent, says_what_is_no_command, closes_half_way]


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.__name__)
async def test_a_peer_that_misbehaves(lab, folder, peer):
    async with Standin(lab, entry=peer) as router:
        await falls_back(lab, folder, router)


async def test_nobody_listens(lab, folder):
    async with Standin(lab) as router:
        router.close_entry()
        await falls_back(lab, folder, router)


@pytest.mark.parametrize("how", ["frozen", "backlog"])
async def test_a_frozen_process_holds_the_port(lab, folder, how):
    """The kernel takes the connections, until its queue is full; then they are not even refused."""
    async with Standin(lab) as router, frozen(lab, router) as port:
        full = [await asyncio.to_thread(fill, port) for _ in range(300)] if how == "backlog" else []
        await falls_back(lab, folder, router)
        for each in full:
            each.close()


async def test_a_handler_that_raises(lab, folder):
    async def raises(agi):
        raise ZeroDivisionError

    counted = []
    async with Standin(lab) as router:
        router.close_entry()
        host, port = lab.agi.split(":")
        ours = AgiServer(AgiSettings(host, int(port)), raises, counted.append)
        await ours.start()
        await falls_back(lab, folder, router)
        await ours.stop()
    assert counted == ["failed"]


@pytest.mark.redis
async def test_a_caller_who_takes_long_in_the_menu_is_not_sent_away(lab, folder):
    """The eight seconds are for a peer that says nothing, not for a caller who thinks."""
    async with serve(lab, folder) as guichet:
        slowly = Keys([(9500, "1"), (1500, "1")], "info")
        calling = asyncio.create_task(citizens(lab, folder, [Call("32300001", patience=2000)], keyed=slowly))
        await until(lambda: guichet.contacts("waiting"), 30)
        await calling
    assert judge(lab.record).counts() == {"abandoned": 1}


async def falls_back(lab, folder, router) -> None:
    router.beat()
    async with agents(lab, folder, talk=(200, 200)) as phones:
        log = await citizens(lab, folder, [Call("32300001")])
        await until(lambda: "open" not in judge(lab.record).counts())
    judgement = judge(lab.record, log, phones)
    assert judgement.faults == [], table(judgement)
    [verdict] = judgement.verdicts.values()
    assert verdict.outcome == "fallback"
    assert verdict.native_at - verdict.start < PROMISE_S


@asynccontextmanager
async def frozen(lab, router):
    """A stopped process in the menu's place."""
    router.close_entry()
    port = int(lab.agi.split(":")[1])
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLDS_A_PORT, str(port), stdout=asyncio.subprocess.PIPE
    )
    await process.stdout.readline()
    os.kill(process.pid, signal.SIGSTOP)
    yield port
    process.kill()
    await process.communicate()


def fill(port: int) -> socket.socket:
    """A connection, if there is room for one."""
    one = socket.socket()
    one.setblocking(False)
    one.connect_ex(("127.0.0.1", port))
    return one
