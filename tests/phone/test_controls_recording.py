"""Recordings, by their own sound: a conversation on a real Asterisk, recorded, paused and resumed."""

import wave
from pathlib import Path

import pytest

from tests.phone.conversation import conversation
from tests.phone.guichet import configure
from tests.phone.keys import packet, pcap
from tests.phone.until import until
from tests.phone.witness import CITIZEN

pytestmark = [pytest.mark.asterisk, pytest.mark.redis]

PCMA, FRAME, PER_SECOND = 8, 160, 50
TONE = (b"\x2a" * 4 + b"\xaa" * 4) * (FRAME // 8)  # 1 kHz, loud, in A-law
BYTES = 16_000  # a second of the recording: 8 kHz, 16 bits
LATE = BYTES // 2  # what Asterisk may still have in hand when it answers


def recording(lab, folder, http):
    """Agents may record."""
    config = configure(lab, folder, http)
    file = config / "phone.yaml"
    file.write_text(file.read_text() + "    recording: {allowed: true}\n")
    return config


def tone(folder: Path) -> str:
    """The agent's phone sounds for half a minute."""
    packets = (packet(PCMA, n, n * FRAME, TONE, marked=n == 0) for n in range(30 * PER_SECOND))
    file = pcap(folder / "tone.pcap", packets)
    return f'  <nop><action><exec play_pcap_audio="{file}"/></action></nop>\n'


async def test_a_recording_has_the_voices_and_nothing_while_paused(lab, folder):
    async with conversation(lab, folder, configure=recording, sound=tone(folder)) as talk:
        assert await talk.control("record") == {"result": "done"}
        file = lab.folder / "spool" / "monitor" / f"{talk.contact}.wav"
        await _grown(file, 0, 2 * BYTES)
        assert await talk.control("pause") == {"result": "done"}
        paused = await _grown(file, 0, 0)
        resumed = await _grown(file, paused, 2 * BYTES)
        assert await talk.control("resume") == {"result": "done"}
        sounds = await _grown(file, 0, 0)
        await _grown(file, sounds, 2 * BYTES)
        assert await talk.control("stop") == {"result": "done"}
        ended = await _grown(file, 0, 0)
        await talk.witness.together(CITIZEN, "ag01")
        assert await talk.refused("control", what="pause") == (502, "denied")
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    with wave.open(str(file)) as sound:
        heard = sound.readframes(sound.getnframes())
    assert _loudest(heard[LATE : 2 * BYTES - LATE]) > 5_000
    assert _loudest(heard[paused + LATE : resumed - LATE]) == 0
    assert _loudest(heard[sounds + LATE : ended - LATE]) > 5_000


async def test_recording_is_off_unless_allowed(lab, folder):
    async with conversation(lab, folder) as talk:
        assert await talk.refused("control", what="record") == (403, "recording_off")


async def _grown(file: Path, since: int, by: int) -> int:
    """The size of the recording, once it has grown by so much."""
    await until(lambda: _size(file) >= since + by)
    return _size(file)


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _loudest(sound: bytes) -> int:
    samples = memoryview(sound[: len(sound) // 2 * 2]).cast("h")
    assert len(samples) > 1_000, "too little was recorded to say"
    return max(abs(sample) for sample in samples)
