"""A router stopped between append and write that wakes too late: no live conversation is torn, 200 times.

While it is stopped another hand (a bare AMI client) does what the next owner would: it makes a conversation.
Then the stopped one is woken, writes what it had decided, and is stopped again before it writes it once more.
"""

import asyncio
import os
import signal
from collections import Counter
from contextlib import suppress
from types import SimpleNamespace

import aiohttp
import pytest

from tests.phone.guichet import serve
from tests.phone.judge import judge, table
from tests.phone.lab import free_ports
from tests.phone.sipp import Call, Keys, agents, citizens
from tests.phone.standin import Standin
from tests.phone.until import until

pytestmark = [pytest.mark.asterisk, pytest.mark.redis, pytest.mark.timeout(120)]

WAKES = 200
OTHER = Call("32300002", delay=1500, patience=25_000)  # waits all the while: the hall stays open
SERVE = "tests.phone.stopping_serve"


class Hand(Standin):
    """The next owner's hand: it takes no calls, it moves one caller."""

    def __init__(self, lab) -> None:
        [port] = free_ports(1)
        super().__init__(
            SimpleNamespace(agi=f"{lab.host}:{port}", host=lab.host, ami_port=lab.ami_port, secret=lab.secret)
        )

    def of(self, channel: str, kind: str) -> list[dict]:
        return [
            event for event in self.events if (event.get("Event"), event.get("Channel")) == (kind, channel)
        ]

    async def move(self, channel: str, turn: int, where: str) -> None:
        """Out of the bridge that the caller is in now."""
        self.beat()
        self.act(Action="Setvar", Channel=channel, Variable="GUICHET_GO", Value=f"{turn}:{where}")
        bridge = self.of(channel, "BridgeEnter")[-1]["BridgeUniqueid"]
        self.act(Action="BridgeKick", BridgeUniqueid=bridge, Channel=channel)

    async def talks(self, channel: str, count: int = 1) -> dict:
        """Until the caller is in their `count`-th conversation."""
        return await self.heard(
            lambda event: (
                (event.get("Event"), event.get("Channel")) == ("BridgeEnter", channel)
                and not event["BridgeName"].startswith("guichet-hall-")
            ),
            count=count,
        )


def waits(event: dict) -> bool:
    return event.get("UserEvent") == "GuichetWaiting"


async def stopped(guichet) -> None:
    """Until the kernel says that the process is stopped."""

    def seen() -> bool:
        return os.waitid(os.P_PID, guichet.process.pid, os.WSTOPPED | os.WNOHANG) is not None

    async with asyncio.timeout(20):
        while not seen():  # noqa: ASYNC110  the kernel tells a stop to nobody who does not ask
            await asyncio.sleep(0.001)


async def wake(guichet, folder) -> Counter[str]:
    """So many times; what Asterisk answered to each late write."""
    for _ in range(WAKES - 1):
        guichet.process.send_signal(signal.SIGCONT)
        await stopped(guichet)
    guichet.process.send_signal(signal.SIGCONT)
    answers = folder / "answers"
    await until(lambda: answers.exists() and len(answers.read_text().splitlines()) == WAKES)
    return Counter(answers.read_text().splitlines())


@pytest.mark.parametrize("decided", ["dial", "withdraw", "release"])
async def test_a_router_that_wakes_too_late_tears_no_conversation(lab, folder, decided):
    ring = (2500, 2500) if decided == "withdraw" else (100, 100)
    async with (
        Hand(lab) as hand,
        serve(lab, folder, program=SERVE) as guichet,
        agents(lab, folder, ring=ring, talk=(9000, 9000)) as phones,
    ):
        keyed = Keys(
            [(1200, guichet.key("languages", "fr")), (1500, guichet.key("topics", "housing"))], "info"
        )
        calls = asyncio.create_task(citizens(lab, folder, [Call("32300001"), OTHER], keyed=keyed))
        channel = (await hand.heard(waits))["Channel"]
        await hand.heard(waits, count=2)
        first, second = sorted(guichet.able("housing", "fr"))[:2]
        if decided != "dial":
            await guichet.ready(first)
        if decided == "withdraw":
            await hand.heard(lambda event: event.get("DialStatus") == "RINGING")
        elif decided == "release":
            await hand.talks(channel)
            await until(lambda: guichet.contacts("connected"))
        (folder / "stops").write_text(str(WAKES))
        deciding = asyncio.create_task(_decide(guichet, decided, first))
        await stopped(guichet)
        if decided == "dial":
            await hand.move(channel, 1, f"dial:{second}")
            live = await hand.talks(channel)
        elif decided == "withdraw":
            live = await hand.talks(channel)
        else:
            bridges = len(hand.of(channel, "BridgeEnter"))
            await hand.move(channel, 1, "wait")
            await hand.heard(lambda event: event in hand.of(channel, "BridgeEnter")[bridges:])
            await hand.move(channel, 2, f"dial:{second}")
            live = await hand.talks(channel, count=2)
        answers = await wake(guichet, folder)
        assert hand.of(channel, "BridgeEnter")[-1] == live, "the caller has been moved"
        left = [event["BridgeUniqueid"] for event in hand.of(channel, "BridgeLeave")]
        assert live["BridgeUniqueid"] not in left
        deciding.cancel()
        with suppress(asyncio.CancelledError, aiohttp.ClientError, AssertionError):
            await deciding
        log = await calls
    print(decided, dict(answers))
    judgement = judge(lab.record, log, phones)
    [verdict] = [each for each in judgement.verdicts.values() if each.number == "32300001"]
    served_by = {"dial": [second], "withdraw": [first], "release": [first, second]}[decided]
    assert (verdict.outcome, verdict.agents) == ("served", served_by), table(judgement)
    assert answers.total() == WAKES
    assert decided == "withdraw" or "done" not in answers, "Asterisk must refuse what is no longer true"


async def _decide(guichet, decided: str, agent: str) -> None:
    """What makes the router decide the move that it will write too late."""
    if decided == "dial":
        await guichet.ready(agent)
    elif decided == "withdraw":
        body = {"state": "away", "reason": "break"}
        await guichet._ask("PUT", f"/agents/{agent}/state", f"demo-agent-{agent}", json=body)
    else:
        [contact] = await guichet.contacts("connected")
        body = {"topic": "housing"}
        await guichet._ask("POST", f"/contacts/{contact['contact']}/transfer", "demo-supervisor", json=body)
