"""Fuzzing of what reads Asterisk's bytes: `python -m tests.fuzz.wire --seconds 60` for each parser.

A finding is printed with its seed: `--seed` has it again. Nothing is sent anywhere.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from random import Random

from router.phone import ami, frame
from router.phone.agi import Agi, AgiFault
from router.phone.agi_server import parse_headers
from router.phone.agi_token import right
from router.phone.wire import Protocol
from tests.fuzz.mutate import cut, mutated

GREETING = b"Asterisk Call Manager/9.0.0\r\n"
AMI = [
    b"Event: FullyBooted\r\nPrivilege: system,all\r\nUptime: 12\r\nLastReload: 12\r\n\r\n",
    b"Event: UserEvent\r\nUserEvent: GuichetWaiting\r\nContact: c-1\r\nChannel: PJSIP/trunk-1\r\n"
    b"Uniqueid: 1.1\r\nDialStatus: BUSY\r\nTurn: 2\r\nTimestamp: 1.5\r\n\r\n",
    b"Event: DialEnd\r\nUniqueid: 1.1\r\nDestChannel: PJSIP/ag01-2\r\nDestUniqueid: 1.2\r\n"
    b"DialStatus: ANSWER\r\n\r\n",
    b"Event: Hangup\r\nUniqueid: 1.1\r\nCause: 16\r\n\r\nEvent: BridgeEnter\r\nUniqueid: 1.1\r\n\r\n",
    b"Event: AGIExecStart\r\nChannel: PJSIP/trunk-1\r\nUniqueid: 1.1\r\nCommandId: 7\r\n"
    b'Command: EXEC "Read" "GUICHET_ANSWER,beep,1,e,1,5"\r\n\r\nEvent: DTMFEnd\r\nUniqueid: 1.1\r\n'
    b"Digit: 5\r\nDirection: Received\r\nTimestamp: 1.5\r\n\r\n",
    b"Event: OriginateResponse\r\nActionID: 1\r\nResponse: Failure\r\nReason: 5\r\n\r\n",
    b"Response: Success\r\nActionID: 1\r\nEventList: start\r\nMessage: Channel status will follow\r\n\r\n"
    b"Event: Status\r\nActionID: 1\r\nChannel: PJSIP/trunk-1\r\nVariable: GUICHET_CONTACT=c-1\r\n\r\n"
    b"Event: StatusComplete\r\nActionID: 1\r\nEventList: Complete\r\nItems: 1\r\n\r\n",
    b"Response: Error\r\nActionID: 2\r\nMessage: No such channel\r\n\r\n",
    "Response: Success\r\nActionID: 2\r\nPing: Pong\r\nTimestamp: 1.5\r\nName: Zoé\r\n\r\n".encode(),
]
AGI = [
    b"200 result=0\n", b"200 result=1 (value)\n", b"200 result=1 (two\nlines)\n", b"200 result= (timeout)\n",
    b"200 result=50 endpos=80\n", b"200 result=-1\n", b"HANGUP\n200 result=1\n",
    b"100 Trying\n200 result=0\n",
    b"510 Invalid or unknown command\n", b"511 Command Not Permitted on a dead channel\n",
    b"520-Invalid command syntax.  Proper usage follows:\nUsage: X\n520 End of proper usage.\n",
    "200 result=1 (Zoé)\n".encode(), "200 result=1 (Zoé)\n".encode("latin-1"),
]  # fmt: skip
HEAD = [
    b"agi_network: yes\nagi_channel: PJSIP/trunk-1\nagi_uniqueid: 1.1\nagi_arg_1: " + b"0" * 40 + b"\n\n",
    "agi_calleridname: Zoé\nagi_callerid: unknown\n\n".encode("latin-1"),
]


class Nowhere:
    """A transport and a wire at once: nothing is sent, everything is heard."""

    def __init__(self) -> None:
        self.heard: list[object] = []
        self.aborted = False

    def write(self, data: bytes) -> None:
        pass

    def abort(self) -> None:
        self.aborted = True

    def is_closing(self) -> bool:
        return self.aborted

    def dispatch(self, event: dict[str, str]) -> None:
        self.heard.append(ami.read(event))


async def try_ami(chance: Random) -> None:
    """No exception but NotAsterisk, the same messages however they were cut, bounded memory."""
    data = GREETING * (chance.random() < 0.95) + b"".join(
        mutated(chance, AMI) if chance.random() < 0.7 else chance.choice(AMI) for _ in range(3)
    )
    found = []
    for segments in ([data], cut(chance, data)):
        nowhere, frames = Nowhere(), []
        protocol = Protocol(nowhere)
        protocol.connection_made(nowhere)
        protocol.prefix = ""
        asked = [protocol.send({"Action": "Status"}, as_list=True), protocol.send({"Action": "Redirect"})]
        for name, each in zip(("1", "2"), list(protocol.responses), strict=True):
            protocol.responses[name] = protocol.responses.pop(each)
        try:
            for segment in segments:
                frames += protocol.frames.feed(segment)
        except frame.NotAsterisk:
            frames.append(b"not Asterisk")
        for each in frames:
            protocol.frame_received(each)
        found.append(frames)
        protocol.close()
        await asyncio.gather(*asked, return_exceptions=True)
    assert found[0] == found[1], "the cut between segments changes what is read"


async def try_agi(chance: Random) -> None:
    """A command ends, by its reply or by AgiFault, whatever is said; a head is read whatever it holds."""
    headers = parse_headers(mutated(chance, HEAD))
    right(b"x" * 32, headers.get("uniqueid", ""), headers.get("arg_1", ""))
    reader = asyncio.StreamReader(limit=64 * 1024)
    for segment in cut(chance, b"".join(mutated(chance, AGI) for _ in range(3))):
        reader.feed_data(segment)
    reader.feed_eof()
    agi = Agi(headers, reader, Writer())
    for _ in range(4):
        try:
            match chance.randrange(4):
                case 0:
                    await agi.get_variable("A")
                case 1:
                    await agi.read(("beep",), 4, 1.0, 60.0)
                case 2:
                    await agi.execute("Playback", "beep", 60.0)
                case _:
                    await agi.set_variable("A", "1")
        except AgiFault:
            pass


class Writer:
    """Takes commands and forgets them."""

    def write(self, data: bytes) -> None:
        assert data.count(b"\n") == 1

    async def drain(self) -> None:
        pass


TARGETS: dict[str, Callable[[Random], Awaitable[None]]] = {"ami": try_ami, "agi": try_agi}


async def fuzz(target: str, seconds: float, seed: int) -> int:
    """So many seconds of processor time; how many cases were tried. Raises what it finds, seed and all."""
    until = time.process_time() + seconds
    cases = 0
    while time.process_time() < until:
        try:
            async with asyncio.timeout(10):
                await TARGETS[target](Random(seed + cases))
        except Exception as fault:
            fault.add_note(f"python -m tests.fuzz.wire --target {target} --seed {seed + cases}")
            raise
        cases += 1
    return cases


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="processor time for each parser")
    parser.add_argument("--target", choices=sorted(TARGETS), action="append")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    for target in arguments.target or sorted(TARGETS):
        cases = asyncio.run(fuzz(target, arguments.seconds, arguments.seed))
        print(
            f"{target}: {cases} cases in {arguments.seconds:g} s of processor time, nothing found", flush=True
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
