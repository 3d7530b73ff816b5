"""Music on hold, made here so that no licence is needed: a soft arpeggio, 16 s, 8 kHz WAV on standard output.

It must stay quiet (a quarter of full scale) and loop without a click.
"""

import array
import math
import sys
import wave

RATE = 8000
NOTE = 0.5  # seconds
TUNE = (262, 330, 392, 523, 220, 262, 330, 440, 175, 220, 262, 349, 196, 247, 294, 392)  # C, Am, F, G


def sample(position: int) -> int:
    """A note and the decay of the one before it, in signed 16-bit."""
    length = int(RATE * NOTE)
    index, at = divmod(position, length)
    level = 0.0
    for age in range(2):
        pitch = TUNE[(index - age) % len(TUNE)]
        seconds = (at + age * length) / RATE
        attack = min(1.0, seconds * 50)
        level += attack * math.exp(-4 * seconds) * math.sin(2 * math.pi * pitch * seconds)
    return int(6000 * level)


with wave.open(sys.stdout.buffer, "wb") as out:
    count = int(RATE * NOTE * len(TUNE) * 2)
    out.setnchannels(1)
    out.setsampwidth(2)
    out.setframerate(RATE)
    out.setnframes(count)
    out.writeframesraw(array.array("h", (sample(n) for n in range(count))).tobytes())
