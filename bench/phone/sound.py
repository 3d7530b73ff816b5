"""Calls with sound: a tone from both sides, what Asterisk counted of it in each channel, a tenth recorded.

The counting is a hang-up handler, so it is in Asterisk's record like all else; nothing of Guichet is asked.
"""

from __future__ import annotations

import csv
import json
import math
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from msgspec import Struct

from tests.phone.keys import packet, pcap
from tests.phone.record import calls

SECONDS = 40  # of tone: longer than any call of the bench
FRAME = 160  # samples of 20 ms
PCMA = 8  # payload type of G.711 A-law
COUNTED = "BENCH_SOUND"
RATE = 50  # packets a second

HANDLER = f"""
[bench-sound]
exten => s,1,CELGenUserEvent({COUNTED},${{CHANNEL(rtcp,rxcount)}}/${{CHANNEL(rtcp,txcount)}})
 same => n,Return()
"""
COUNT = "Set(CHANNEL(hangup_handler_push)=bench-sound,s,1)"
LEG = "exten => s,1,Set(GROUP(agent)=${CHANNEL(endpoint)})\n"
RECORD = "MixMonitor(${UNIQUEID}.wav,b)"


class Sound(Struct, frozen=True):
    """Of the calls that were answered. Packets are what Asterisk got from that side."""

    conversations: int
    mute: list[str]  # channels of a conversation from which, or to which, nothing came
    citizens_share: float  # of the packets that the conversation's length asks for: the worst call
    agents_share: float
    recordings: int
    empty: int  # recordings without a tone


def play(folder: Path) -> str:
    """The scenario's step that begins the tone."""
    tone = bytes(_alaw(8000 * math.sin(2 * math.pi * 440 * n / 8000)) for n in range(8000))
    packets = [
        packet(PCMA, n, n * FRAME, tone[(n * FRAME) % 8000 :][:FRAME], marked=n == 0)
        for n in range(SECONDS * RATE)
    ]
    path = pcap(folder / "tone.pcap", packets)
    return f'  <nop><action><exec play_pcap_audio="{path}"/></action></nop>\n'


class Tone:
    """As `citizens(keyed=…)` wants it: what they do once they are through."""

    way = "rfc2833"

    def steps(self, folder: Path, name: str, user: str) -> str:
        return play(folder)


def prepare(etc: Path) -> None:
    """Count in every channel, and record each tenth call, in a copy of the configuration."""
    changes = [
        ("cel.conf", "events = ", "events = USER_DEFINED,"),
        (
            "modules.conf",
            "[modules]\n",
            "[modules]\nload = app_celgenuserevent.so\nload = app_mixmonitor.so\n",
        ),
        ("extensions.conf", "Queue(bench)", "Queue(bench,b(guichet-leg^s^1))"),
        ("extensions.conf", LEG, f"{LEG} same => n,{COUNT}\n"),
    ]
    for number, then in (("3230", "Goto(guichet-entry,s,1)"), ("3231", "Goto(bench-queue,s,1)")):
        every = f"exten => _{number}XXXX,1,{COUNT}\n same => n,{then}\n"
        tenth = f"exten => _{number}XXX0,1,{COUNT}\n same => n,{RECORD}\n same => n,{then}\n"
        changes.append(("extensions.conf", f"exten => _{number}XXXX,1,{then}\n", every + tenth))
    for name, old, new in changes:
        file = etc / name
        text = file.read_text()
        if text.count(old) != 1:
            raise ValueError(f"{name} has changed: there is not one {old!r}")
        file.write_text(text.replace(old, new))
    with (etc / "extensions.conf").open("a") as dialplan:
        dialplan.write(HANDLER)


def heard(record: Path, spool: Path) -> Sound:
    """What came of it, by Asterisk's record and by its recordings, which are taken away."""
    _, legs = calls(record)
    counts = dict(_counts(record))
    mute, shares = [], ([], [])
    talks = [leg for leg in legs if leg.bridged and leg.ended]
    for leg in talks:
        due = RATE * (leg.ended - leg.bridged)
        for side, channel in enumerate((leg.call, leg.id)):
            got, sent = counts.get(channel, (0, 0))
            shares[side].append(got / due)
            if not got or not sent:
                mute.append(channel)
    files = sorted(spool.rglob("*.wav"))
    empty = sum(not _sounds(file) for file in files)
    for file in files:
        file.unlink()
    worst = [min(side, default=0.0) for side in shares]
    return Sound(len(talks), mute, *worst, len(files), empty)


def _counts(record: Path) -> Iterator[tuple[str, tuple[int, int]]]:
    """Packets from and to each channel."""
    with record.open(newline="", encoding="utf-8", errors="replace") as lines:
        for row in csv.reader(lines):
            if row[0] == COUNTED:
                got, _, sent = json.loads(row[9])["extra"].partition("/")
                yield row[3], (int(got or 0), int(sent or 0))


def _sounds(file: Path) -> bool:
    """Whether the recording holds a tone that lasts: half of its samples are loud."""
    with wave.open(str(file)) as recorded:
        samples = np.frombuffer(recorded.readframes(recorded.getnframes()), dtype="<i2")
    return samples.size > 0 and float(np.mean(np.abs(samples) > 1000)) > 0.5


def _alaw(sample: float) -> int:
    """G.711 A-law of a 16-bit sample."""
    sign, level = (0x80, int(sample)) if sample >= 0 else (0, int(-sample) - 1)
    exponent = max(0, min(level, 32767).bit_length() - 8)
    mantissa = (min(level, 32767) >> (exponent + 3 if exponent else 4)) & 0x0F
    return (sign | exponent << 4 | mantissa) ^ 0x55
