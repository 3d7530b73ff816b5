"""Sounds for a telephone: every WAV people have, equally loud, without what would be clipped."""

from __future__ import annotations

import io
import struct
import wave

import numpy as np
import pytest

from ivr_flows.sound import (
    LOUD_DB,
    RATE,
    NotSound,
    for_phone,
    levelled,
    loudness,
    read_wav,
    resampled,
    trimmed,
    ulaw_of,
    wav_of,
)


def tone(rate: int = RATE, seconds: float = 1.0, level: float = 0.1, hertz: float = 440) -> np.ndarray:
    return level * np.sin(2 * np.pi * hertz * np.arange(int(rate * seconds)) / rate)


def wav(samples: np.ndarray, rate: int, width: int, channels: int = 1) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(width)
        sound.setframerate(rate)
        whole = np.repeat((samples * (2 ** (8 * width - 1) - 1)).astype(np.int64), channels)
        if width == 1:
            raw = (whole + 128).astype(np.uint8).tobytes()
        else:
            raw = b"".join(struct.pack("<q", value)[:width] for value in whole)
        sound.writeframes(raw)
    return out.getvalue()


@pytest.mark.parametrize("width", [1, 2, 3, 4])
@pytest.mark.parametrize(("rate", "channels"), [(8000, 1), (22050, 1), (44100, 2), (48000, 1)])
def test_any_wav_comes_out_for_a_telephone_at_the_same_loudness(rate: int, channels: int, width: int):
    samples, out = read_wav(for_phone(wav(tone(rate), rate, width, channels)))
    assert out == RATE
    assert len(samples) == pytest.approx(RATE, abs=0.01 * RATE)
    assert loudness(samples) == pytest.approx(LOUD_DB, abs=0.5)
    spectrum = np.abs(np.fft.rfft(samples))
    assert np.argmax(spectrum) * RATE / len(samples) == pytest.approx(440, abs=2)


@pytest.mark.parametrize("level", [0.003, 0.02, 0.3, 1.0])
def test_quiet_and_loud_recordings_become_alike(level: float):
    samples, _ = read_wav(for_phone(wav(tone(level=level), RATE, 2)))
    assert loudness(samples) == pytest.approx(LOUD_DB, abs=0.5)
    assert np.max(np.abs(samples)) < 0.9


def test_pauses_do_not_count_for_loudness():
    talk = np.concatenate([tone(seconds=1), np.zeros(3 * RATE), tone(seconds=1)])
    assert loudness(talk) == pytest.approx(loudness(tone()), abs=1.0)


def test_what_a_telephone_cannot_carry_does_not_come_back_as_another_tone():
    high = resampled(tone(48000, hertz=9000), 48000)
    assert np.max(np.abs(high)) < 0.001


def test_silence_around_is_cut_to_a_pause():
    padded = np.concatenate([np.zeros(RATE), tone(), np.zeros(2 * RATE)])
    assert len(trimmed(padded)) == pytest.approx(1.12 * RATE, abs=20)


def test_peaks_are_bent_not_cut():
    spiky = tone(level=0.02)
    spiky[::400] = 1.0
    assert np.max(np.abs(levelled(spiky))) <= 0.89


def test_ulaw_keeps_the_sound():
    samples = tone(level=0.5)
    coded = np.frombuffer(ulaw_of(samples), np.uint8)
    kept = ~coded & 0xFF
    size = (((kept & 0x0F).astype(int) << 3) + 132 << ((kept >> 4) & 7)) - 132
    decoded = np.where(kept & 0x80, -size, size) / 32767
    assert np.max(np.abs(decoded - samples)) < 0.02


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "PCM"),
        (b"RIFF" + bytes(40), "PCM"),
        (b"\xff\xfb\x90\x00" * 100, "PCM"),  # an MP3
        (wav(np.zeros(0), RATE, 2), "no sound"),
        (wav(tone(4000), 4000, 2), "kHz"),
        (wav_of(np.zeros(181 * RATE)), "nobody listens"),
    ],
)
def test_what_is_no_sound_is_refused_with_a_reason(data: bytes, why: str):
    with pytest.raises(NotSound, match=why):
        for_phone(data)
