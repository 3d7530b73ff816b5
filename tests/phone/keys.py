"""A key pressed on a phone as SIPp can play it: RFC 2833 packets in a pcap file.

Made here because SIPp's own key player fixes a payload type that its versions do not agree on.
"""

import struct
from pathlib import Path

PAYLOAD_TYPE = 101  # telephone-event, as the caller's SDP says
STEP = 160  # samples of 20 ms
PACKETS = 8
END, VOLUME = 0x80, 10
CODES = {key: code for code, key in enumerate("0123456789*#ABCD")}


def _packet(key: str, index: int, start: int) -> bytes:
    """Ethernet, IPv4, UDP, RTP and the event: SIPp reads the last two and makes the others anew."""
    last = index >= PACKETS - 3  # the end is said three times, as RFC 2833 asks
    duration = min(index + 1, PACKETS - 2) * STEP
    event = struct.pack("!BBH", CODES[key], (END if last else 0) | VOLUME, duration)
    marked = PAYLOAD_TYPE | (0x80 if index == 0 else 0)
    rtp = struct.pack("!BBHII", 0x80, marked, start + index, start * STEP, 0x6775)
    udp = struct.pack("!HHHH", 5000, 5000, 8 + len(rtp) + len(event), 0) + rtp + event
    loopback = bytes((127, 0, 0, 1))
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(udp), index, 0, 64, 17, 0) + 2 * loopback + udp
    return bytes(12) + b"\x08\x00" + ip


def write(path: Path, key: str, order: int) -> Path:
    """The pcap of one press; `order` keeps the RTP sequence of several presses rising."""
    start = 1000 + order * 100
    out = [struct.pack("=IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)]
    for index in range(PACKETS):
        packet = _packet(key, index, start)
        out += [struct.pack("=IIII", 0, index * 20_000, len(packet), len(packet)), packet]
    path.write_bytes(b"".join(out))
    return path
