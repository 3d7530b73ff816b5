"""A key pressed on a phone as SIPp can play it: RFC 2833 packets in a pcap file.

Made here because SIPp's own key player fixes a payload type that its versions do not agree on.
"""

import struct
from collections.abc import Iterable
from pathlib import Path

PAYLOAD_TYPE = 101  # telephone-event, as the caller's SDP says
STEP = 160  # samples of 20 ms
PACKETS = 8
END, VOLUME = 0x80, 10
CODES = {key: code for code, key in enumerate("0123456789*#ABCD")}


def packet(kind: int, sequence: int, stamp: int, payload: bytes, marked: bool = False) -> bytes:
    """Ethernet, IPv4, UDP, RTP of payload type `kind`: SIPp reads the last two and makes the others anew."""
    rtp = struct.pack("!BBHII", 0x80, kind | (0x80 if marked else 0), sequence, stamp, 0x6775) + payload
    udp = struct.pack("!HHHH", 5000, 5000, 8 + len(rtp), 0) + rtp
    loopback = bytes((127, 0, 0, 1))
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(udp), sequence, 0, 64, 17, 0) + 2 * loopback + udp
    return bytes(12) + b"\x08\x00" + ip


def pcap(path: Path, packets: Iterable[bytes]) -> Path:
    """A file of packets 20 ms apart."""
    out = [struct.pack("=IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)]
    for index, each in enumerate(packets):
        seconds, rest = divmod(index * 20_000, 1_000_000)
        out += [struct.pack("=IIII", seconds, rest, len(each), len(each)), each]
    path.write_bytes(b"".join(out))
    return path


def write(path: Path, key: str, order: int) -> Path:
    """The pcap of one press; `order` keeps the RTP sequence of several presses rising."""
    start = 1000 + order * 100
    return pcap(path, (_pressed(key, index, start) for index in range(PACKETS)))


def _pressed(key: str, index: int, start: int) -> bytes:
    last = index >= PACKETS - 3  # the end is said three times, as RFC 2833 asks
    duration = min(index + 1, PACKETS - 2) * STEP
    event = struct.pack("!BBH", CODES[key], (END if last else 0) | VOLUME, duration)
    return packet(PAYLOAD_TYPE, start + index, start * STEP, event, marked=index == 0)
