"""SIPp as citizens and as agents' phones: real SIP, seeded calls, one process for many phones.

What SIPp logs of its own accord is evidence for the judge; nothing here reads Guichet's.
"""

import asyncio
import re
from collections.abc import Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.phone import keys
from tests.phone.lab import Lab, free_ports

SCENARIOS = Path(__file__).parent / "scenarios"
INFO = """
  <send retrans="500"><![CDATA[
INFO sip:[field0]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
From: {name}<sip:{user}@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:[field0]@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: {number} INFO
Max-Forwards: 70
Content-Type: application/dtmf-relay
Content-Length: [len]

Signal={key}
Duration=160
]]></send>
  <recv response="200"/>
"""


PORTS_TRIED = 5
AGAIN_S = 5.0  # between two cues of one turn: a number of ten digits takes two
CUED = """
  <recv request="OPTIONS" timeout="90000" ontimeout="leave"/>
  <send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
"""


@dataclass(frozen=True)
class Call:
    """One citizen: `number` tells the call apart in every record; milliseconds."""

    number: str
    delay: int = 0
    patience: int = 60_000
    keys: tuple[str, ...] = ()  # fill [field3] and on, which a `Keys` by INFO may name


@dataclass(frozen=True)
class Keys:
    """What the citizen keys, each key after its pause (ms), by RFC 2833 or by SIP INFO.

    A pause of None lasts until `cue`: the citizen has heard enough. "" is no key.
    """

    presses: Sequence[tuple[int | None, str]]
    way: str = "rfc2833"

    def steps(self, folder: Path, name: str, user: str) -> str:
        """The scenario's steps; for RFC 2833 also the files they play."""
        steps = []
        for number, (pause, key) in enumerate(self.presses, 2):
            steps.append(CUED if pause is None else f'  <pause milliseconds="{pause}"/>\n')
            if not key:
                continue
            if self.way == "info":
                steps.append(INFO.format(key=key, number=number, name=name, user=user))
            else:
                pcap = keys.write(folder / f"key{number}.pcap", key, number)
                steps.append(f'  <nop><action><exec play_pcap_audio="{pcap}"/></action></nop>\n')
        return "".join(steps)


def scenario(name: str, folder: Path, **values: object) -> Path:
    """The scenario with its @WORDS@ replaced, written into `folder`."""
    text = (SCENARIOS / f"{name}.xml").read_bytes()
    for key, value in values.items():
        filled = value if isinstance(value, bytes) else str(value).encode()
        text = text.replace(f"@{key}@".encode(), filled)
    if left := re.search(rb"@[A-Z_]+@", text):
        raise ValueError(f"{name}: {left[0]!r} is not filled in")
    path = folder / f"{name}.xml"
    path.write_bytes(text)
    return path


@asynccontextmanager
async def _sipp(folder: Path, script: Path, log: str, *arguments: object):
    """A SIPp process that is ended by its id when the block ends. Yields it and its log file."""
    with (folder / f"{log}.screen").open("wb") as screen:
        process = await asyncio.create_subprocess_exec(
            "sipp", *map(str, arguments), "-sf", script, "-i", "127.0.0.1", "-nostdin", "-trace_logs",
            "-log_file", f"{log}.log", "-trace_err", "-error_file", f"{log}.err", "-skip_rlimit",
            cwd=folder, stdin=asyncio.subprocess.DEVNULL, stdout=screen, stderr=screen,
        )  # fmt: skip
        try:
            yield process, folder / f"{log}.log"
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


@asynccontextmanager
async def agents(
    lab: Lab,
    folder: Path,
    behaviour: str = "answer",
    ring=(200, 400),
    talk=(1000, 2000),
    sound: str = "",
    **chances: float,
):
    """All agents' phones, behaving alike; `mixed` by chances: busy, silent, vain. Yields their log's path."""
    times = {"RING_MIN": ring[0], "RING_MAX": ring[1], "TALK_MIN": talk[0], "TALK_MAX": talk[1]}
    named = {"SOUND": sound} | {name.upper(): chance for name, chance in chances.items()}
    script = scenario(f"agent_{behaviour}", folder, **times, **named)
    port = lab.agents.split(":")[1]
    # A busy machine sends an INVITE again: no phone hangs up for that, as SIPp would by default.
    arguments = ["-p", port, "-default_behaviors", "all,-abortunexp"]
    for _ in range(PORTS_TRIED):
        media = ("-mp", free_ports(1)[0])
        async with _sipp(folder, script, "agents", *arguments, *media) as (process, log):
            if await _bound(process, int(port)):
                yield log
                return
    raise RuntimeError("SIPp ended at once: see agents.err")


async def _bound(process: asyncio.subprocess.Process, port: int) -> bool:
    """Once SIPp has its socket: the kernel's own table says so. False: it ended at once."""
    wanted = f"0100007F:{port:04X}"
    while wanted not in await asyncio.to_thread(Path("/proc/net/udp").read_text):
        if process.returncode is not None:
            return False
        await asyncio.sleep(0.02)
    return True


async def citizens(
    lab: Lab,
    folder: Path,
    calls: Sequence[Call],
    *,
    name: bytes = b"",
    keyed: Keys | None = None,
    user: str = "citizen",
    rate: float = 50,
    port: int = 0,
    call_id: str = "",
) -> Path:
    """Make these calls, begun at this rate, and wait until the last is over. Gives SIPp's log of them."""
    rows = ([call.number, call.delay, call.patience, *call.keys] for call in calls)
    table = "".join(";".join(map(str, row)) + "\n" for row in rows)
    (folder / "calls.csv").write_text(f"SEQUENTIAL\n{table}")
    dtmf = keyed is None or keyed.way == "rfc2833"
    script = scenario(
        "caller", folder, NAME=name, USER=user,
        DTMF_FORMAT=" 101" if dtmf else "",
        DTMF_LINES="a=rtpmap:101 telephone-event/8000" if dtmf else "a=sendrecv",
        KEYS=keyed.steps(folder, name.decode("latin-1"), user).encode("latin-1") if keyed else "",
    )  # fmt: skip
    arguments = [f"{lab.host}:{lab.sip_port}", "-p", port or lab.callers_port]
    arguments += ["-inf", "calls.csv", "-m", len(calls), "-r", rate, "-l", len(calls)]
    if call_id:  # and who cues too early is not hung up on
        arguments += ["-cid_str", call_id, "-default_behaviors", "all,-abortunexp"]
    for _ in range(PORTS_TRIED):
        media = ("-mp", free_ports(1)[0])
        async with _sipp(folder, script, "citizens", *arguments, *media) as (process, log):
            await process.wait()
        if not await asyncio.to_thread(_unbound, folder / "citizens.err"):
            break
    return log


def _unbound(errors: Path) -> bool:
    """Whether SIPp called nobody because somebody has its media's port, or the next but one, by now."""
    if not errors.exists() or "Unable to bind" not in errors.read_text(errors="replace"):
        return False
    errors.unlink()
    return True


async def cue(port: int, call_id: str) -> None:
    """Tell the citizen who calls from this port that it is time to press. Again, until this is cancelled.

    SIPp hears it only while it waits for it.
    """
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        asyncio.DatagramProtocol, local_addr=("127.0.0.1", 0), remote_addr=("127.0.0.1", port)
    )
    here = "127.0.0.1:{}".format(transport.get_extra_info("sockname")[1])
    try:
        for number in range(1, 20):
            transport.sendto(
                f"OPTIONS sip:citizen@127.0.0.1:{port} SIP/2.0\r\n"
                f"Via: SIP/2.0/UDP {here};branch=z9hG4bK{here}-{number}\r\n"
                f"From: <sip:cue@{here}>;tag=cue{number}\r\nTo: <sip:citizen@127.0.0.1:{port}>\r\n"
                f"Call-ID: {call_id}\r\nCSeq: {number} OPTIONS\r\nContent-Length: 0\r\n\r\n".encode()
            )
            await asyncio.sleep(AGAIN_S)
    finally:
        transport.close()


async def softphone(lab: Lab, folder: Path, account: str, password: str) -> bool:
    """Register with this account and call the service. Whether both were allowed."""
    script = scenario("softphone", folder, ACCOUNT=account, PASSWORD=password)
    arguments = [f"{lab.host}:{lab.sip_port}", "-p", lab.callers_port, "-mp", free_ports(1)[0], "-m", 1]
    async with _sipp(folder, script, "softphone", *arguments) as (process, _):
        return await process.wait() == 0
