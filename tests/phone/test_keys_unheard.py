"""The keys that Guichet sends (PlayDTMF) and that come too late, into a conversation, are heard by nobody."""

import asyncio
import shutil

import pytest

from tests.phone.lab import PRIVATE, Lab
from tests.phone.sipp import Call, agents, citizens
from tests.phone.standin import Standin

pytestmark = pytest.mark.asterisk

KEYS = "DCAB"


@pytest.fixture
def lab(folder):
    """The shipped configuration, with a manager who is told of keys."""
    etc = shutil.copytree(PRIVATE.parent / "etc", folder / "etc")
    manager = etc / "manager.conf"
    manager.write_text(manager.read_text().replace("read = call,", "read = dtmf,call,"))
    with Lab(folder / "asterisk", etc) as running:
        yield running


def key(direction):
    return lambda event: event.get("Event") == "DTMFEnd" and event.get("Direction") == direction


async def test_a_late_key_is_no_sound_in_a_conversation_and_a_citizens_own_is(lab, folder):
    async with Standin(lab, route=lambda event: "ag07") as router, agents(lab, folder, talk=(2500, 2500)):
        router.beat()
        calls = asyncio.create_task(citizens(lab, folder, [Call("32300001")]))
        leg = (await router.heard(lambda event: event.get("Event") == "DialEnd"))["DestChannel"]
        caller = (await router.heard(lambda event: event.get("DestChannel") == leg))["Channel"]
        await router.heard(lambda event: event.get("Event") == "BridgeEnter" and event["Channel"] == leg)
        await asyncio.sleep(0.3)  # both sides are in their bridge before anything is keyed
        for each in (*KEYS, "7"):
            router.act(Action="PlayDTMF", Channel=caller, Digit=each, Duration=50, Receive="true")
            await router.heard(lambda event, each=each: key("Received")(event) and event["Digit"] == each)
        await router.heard(lambda event: key("Sent")(event) and event["Digit"] == "7")
        await calls
    assert not [
        event for event in router.events if event.get("Event", "").startswith("AGIExec")
    ]  # no question
    sent = [event["Digit"] for event in router.events if key("Sent")(event) and event["Channel"] == leg]
    assert sent == ["7"]
