"""A message by telephone on a real Asterisk: heard, not answered, busy, hung up, no Asterisk."""

from __future__ import annotations

import asyncio
import logging

import pytest

from router.notify.delivery import Delivery
from router.notify.ways import Message
from router.phone.notify_call import VoiceCalls, VoiceSettings
from router.phone.settings import AmiSettings
from tests.phone.sipp import agents

pytestmark = pytest.mark.asterisk

NUMBER = "+33199009988"


@pytest.fixture
async def calls(lab):
    """Made with the time to ring; ended with the test."""
    made = []

    def make(ring_s: float = 5.0) -> VoiceCalls:
        ami = AmiSettings(port=lab.ami_port, secret_file=str(lab.folder / "secrets" / "ami"))
        made.append(
            VoiceCalls(VoiceSettings(ami, f"PJSIP/trunk/sip:{{number}}@{lab.agents}", "3230", ring_s))
        )
        return made[-1]

    yield make
    for each in made:
        await each.stop()
    await asyncio.sleep(0)


def message(key: str = "n-1.voice", *prompts: str) -> Message:
    return Message(key, NUMBER, "fr", prompts=prompts or ("beep", "digits/1"))


async def test_who_answers_hears_it(lab, folder, calls, caplog):
    caplog.set_level(logging.INFO)
    voice = calls()
    async with agents(lab, folder, talk=(9000, 9000)):
        assert await voice.send(message()) == Delivery("taken", "heard")
        both = await asyncio.gather(voice.send(message("n-2.voice")), voice.send(message("n-3.voice")))
        assert [each.result for each in both] == ["taken", "taken"]
        assert await voice.send(message("n-4.voice", "no/such-sound")) == Delivery("never", "no_sound")
    assert NUMBER not in caplog.text


async def test_nobody_hears_it(lab, folder, calls):
    voice = calls(2.0)
    async with agents(lab, folder, talk=(100, 200)):
        assert await voice.send(message("n-1.voice", "demo-congrats")) == Delivery("later", "hung_up")
    async with agents(lab, folder, "busy"):
        said = await voice.send(message("n-2.voice"))  # which of the two depends on when the far end says it
        assert (said.result, said.code in ("busy", "unreachable")) == ("later", True)
    async with agents(lab, folder, "noanswer"):
        assert await voice.send(message("n-3.voice")) == Delivery("later", "no_answer")
    await asyncio.to_thread(lab.run, "stop", lab.folder)
    broke = await voice.send(message())  # the first may be sent before the link is seen to have broken
    assert broke in (Delivery("later", "unreachable"), Delivery("later", "cut_off", unsure=True))
    assert await voice.send(message("n-5.voice")) == Delivery("later", "unreachable")
    await asyncio.to_thread(lab.run, "start", lab.folder, lab.host)


@pytest.mark.parametrize(
    "wrong",
    [
        Message("n-1.voice", "+33123\r\nAction: Reload", "fr", prompts=("beep",)),
        Message("n-1.voice", "+33123456789&PJSIP/ag01", "fr", prompts=("beep",)),
        Message("n-1.voice", NUMBER, "fr", prompts=("beep,${SHELL(id)}",)),
        Message("n-1.voice", NUMBER, "fr", prompts=("../etc/passwd\n",)),
        Message("n-1.voice", NUMBER, "fr"),
    ],
)
async def test_nothing_but_a_number_and_sounds_is_dialled(wrong):
    ami = AmiSettings(port=1, secret_file="/nowhere")
    voice = VoiceCalls(VoiceSettings(ami, "PJSIP/{number}@trunk"))
    assert await voice.send(wrong) == Delivery("never", "unusable")
