"""Sound for a telephone: any WAV in, 8 kHz mono out, as loud as every other prompt. Pure, numpy alone.

Loudness is measured as broadcasters do (blocks of 400 ms, silence left out), in the band of a telephone:
a voice, a recording in a studio and one by mobile phone then follow each other without a jump.
"""

from __future__ import annotations

import io
import struct
import wave
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Samples: TypeAlias = NDArray[np.float64]  # mono, -1 to 1

RATE = 8000
LOUD_DB = -20.0  # of each prompt, below the loudest a telephone can carry
PEAK = 0.89  # -1 dB: nothing is clipped on the way
PAUSE_S = 0.06  # left of the silence before and after
LONGEST_S = 180
SILENCE = 10 ** (-50 / 20)


class NotSound(ValueError):
    """These bytes are no WAV that can be used; the text says why, and how to mend it."""


def for_phone(recorded: bytes) -> bytes:
    """The WAV of a recording or a voice as one for the telephone. Raises NotSound."""
    samples, rate = read_wav(recorded)
    return wav_of(levelled(trimmed(resampled(samples, rate))))


def read_wav(data: bytes) -> tuple[Samples, int]:
    """Samples and their rate. Raises NotSound."""
    try:
        with wave.open(io.BytesIO(data)) as sound:
            channels, width, rate = sound.getnchannels(), sound.getsampwidth(), sound.getframerate()
            if not (8000 <= rate <= 192_000 and channels in (1, 2) and width in (1, 2, 3, 4)):
                raise NotSound("use 8 to 192 kHz, one or two channels, 8 to 32 bits")
            raw = sound.readframes(LONGEST_S * rate + 1)
    except (wave.Error, EOFError, struct.error) as fault:
        raise NotSound(f"not a WAV of plain samples (PCM): {fault}") from None
    samples = _samples(raw[: len(raw) // (channels * width) * channels * width], width)
    samples = np.asarray(samples.reshape(-1, channels).mean(axis=1), np.float64)
    if not len(samples):
        raise NotSound("there is no sound in it")
    if len(samples) > LONGEST_S * rate:
        raise NotSound(f"longer than {LONGEST_S} s: nobody listens so long")
    return samples, rate


def _samples(raw: bytes, width: int) -> Samples:
    if width == 1:  # the one width without a sign
        return (np.frombuffer(raw, np.uint8).astype(np.float64) - 128) / 128
    if width == 3:
        parts = np.frombuffer(raw, np.uint8).reshape(-1, 3).astype(np.int32)
        whole = parts[:, 0] << 8 | parts[:, 1] << 16 | parts[:, 2] << 24
        return np.asarray(whole, np.float64) / 2.0**31
    whole = np.frombuffer(raw, f"<i{width}")
    return np.asarray(whole, np.float64) / 2.0 ** (8 * width - 1)


def resampled(samples: Samples, rate: int, to: int = RATE) -> Samples:
    """At another rate, without what that cannot carry: by its spectrum, in one piece."""
    if rate == to:
        return samples
    length = max(1, round(len(samples) * to / rate))
    spectrum = np.fft.rfft(samples)
    kept = np.zeros(length // 2 + 1, spectrum.dtype)
    most = min(len(kept), len(spectrum))
    kept[:most] = spectrum[:most]
    made: Samples = np.fft.irfft(kept, length) * (length / len(samples))
    return made


def trimmed(samples: Samples) -> Samples:
    """Without the silence around it, a short pause apart: pieces follow each other as one sentence."""
    loud = np.flatnonzero(np.abs(samples) > SILENCE)
    if not len(loud):
        return samples[: int(PAUSE_S * RATE)]
    pause = int(PAUSE_S * RATE)
    first, last = int(loud[0]), int(loud[-1])
    return samples[max(0, first - pause) : last + pause]


def loudness(samples: Samples) -> float:
    """In dB below full scale, silence left out; -inf for silence alone."""
    block, hop = int(0.4 * RATE), int(0.1 * RATE)
    if len(samples) < block:
        powers = np.array([np.mean(samples**2)]) if len(samples) else np.array([0.0])
    else:
        sums = np.concatenate(([0.0], np.cumsum(samples**2)))
        starts = np.arange(0, len(samples) - block + 1, hop)
        powers = (sums[starts + block] - sums[starts]) / block
    heard = powers[powers > 10 ** (-70 / 10)]
    if not len(heard):
        return -np.inf
    heard = heard[heard > heard.mean() / 10]  # 10 dB below the rest is a pause
    return float(10 * np.log10(heard.mean()))


def levelled(samples: Samples, wanted_db: float = LOUD_DB) -> Samples:
    """As loud as `wanted_db`; what would be clipped is bent, not cut."""
    now = loudness(samples)
    if not np.isfinite(now):
        return samples
    louder = samples * 10 ** ((wanted_db - now) / 20)
    over = np.abs(louder) > PEAK / 2
    bent = np.sign(louder) * (PEAK / 2 + PEAK / 2 * np.tanh((np.abs(louder) - PEAK / 2) / (PEAK / 2)))
    return np.where(over, bent, louder)


def wav_of(samples: Samples) -> bytes:
    """8 kHz, 16 bits, one channel."""
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(np.clip(np.round(samples * 32767), -32768, 32767).astype("<i2").tobytes())
    return out.getvalue()


def ulaw_of(samples: Samples) -> bytes:
    """The same as µ-law (G.711), which needs no transcoding in North America; Europe's lines carry A-law."""
    whole = np.clip(np.round(samples * 32767), -32635, 32635).astype(np.int32)
    size = np.abs(whole) + 132
    exponent = np.clip(np.floor(np.log2(size)).astype(np.int32) - 7, 0, 7)
    mantissa = (size >> (exponent + 3)) & 0x0F
    coded = ~(np.where(whole < 0, 0x80, 0) | exponent << 4 | mantissa) & 0xFF
    return bytes(coded.astype(np.uint8))
