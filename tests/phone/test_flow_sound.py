"""What a flow says on the phone begins at once: a voice that is still at work keeps nobody waiting for it."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from ivr_flows.session import Say
from ivr_flows.speech import Sounds, Voice
from router.phone.flow_sound import Mouth

pytestmark = pytest.mark.server  # the voice is a process of its own

SLOW = """
import pathlib, sys, time, wave
text = sys.stdin.read()
while not pathlib.Path(sys.argv[1]).exists(): time.sleep(0.01)
out = wave.open(sys.stdout.buffer, "wb"); out.setparams((1, 2, 8000, 0, "NONE", ""))
out.writeframes(b"\\x00\\x10\\x00\\xf0" * 400)
"""


@pytest.fixture
def mouth(tmp_path):
    voice = Voice(command=(sys.executable, "-c", SLOW, str(tmp_path / "go")))
    made = Mouth(Sounds(tmp_path / "kept", voice), Sounds(tmp_path / "passing", voice))
    (tmp_path / "kept").mkdir()
    made.file("fr", "Vous recevrez").write_bytes(b"")
    return made


def say(**values):
    return Say("t.paid", "fr", "Vous recevrez {sum, money}. Merci.", values)


async def test_what_is_there_is_said_while_the_rest_is_made(mouth, tmp_path):
    ready, rest = mouth.start([say(sum=31245)])
    assert [Path(each).name for each in ready] == [mouth.file("fr", "Vous recevrez").stem]
    assert rest is not None
    assert not rest.done()
    await asyncio.to_thread((tmp_path / "go").touch)
    assert len(await rest) == 3  # 312 euros, 45, and thanks
    again, nothing = mouth.start([say(sum=31245)])
    assert (len(again), nothing) == (4, None)


async def test_what_begins_with_what_is_not_there_is_whole_all_the_same(mouth, tmp_path):
    await asyncio.to_thread((tmp_path / "go").touch)
    assert len(await mouth.files([say(sum=500), say(sum=31245)])) == 7
