"""What callers meet when Guichet, its Redis, the wire to Asterisk or Asterisk itself dies, with real calls.

Each test has the same load, 30 calls waiting, 10 in the menu and 10 talking, and one fault. It is judged from
Asterisk's own record: what happened to a caller is never taken from Guichet's word.
"""

import asyncio
import os
import re
import signal
import time
from collections.abc import Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from router.replay.proof import states
from tests.phone.guichet import Guichet, configure, serve
from tests.phone.judge import Judgement, judge, table
from tests.phone.record import Verdict
from tests.phone.sipp import Call, Keys, agents, citizens
from tests.phone.tcp_proxy import Proxy
from tests.phone.until import until

pytestmark = [pytest.mark.asterisk, pytest.mark.redis]

PROMISE_S = 10.0  # whoever is not served by Guichet is in the native queue by then
AT_ONCE_S = 0.25  # two phones are rung so near each other that Asterisk's threads may swap them
TALK_MS = (9000, 10_000)
LEAVE_MS = 22_000  # after the first call: who still waits then leaves

TALKING = [f"3230{number:04}" for number in range(1, 11)]
WAITING = [f"3230{number:04}" for number in range(101, 131)]
IN_MENU = [f"3230{number:04}" for number in range(201, 211)]
KEYED_MS = (1200, 1500)  # to the first key, and from there to the second


def load() -> list[Call]:
    delays = {number: 30 * place for place, number in enumerate(TALKING)}
    delays |= {number: 300 + 100 * place for place, number in enumerate(WAITING)}
    delays |= dict.fromkeys(IN_MENU, 5500)
    return [Call(number, delay, max(0, LEAVE_MS - delay - sum(KEYED_MS))) for number, delay in delays.items()]


@dataclass
class Centre:
    """A call centre at work, and the hour of its fault."""

    guichet: Guichet
    record: Path
    phones: Path
    calling: asyncio.Task[Path]
    fault: float = 0.0

    def strike(self, *pids: int, by: signal.Signals = signal.SIGKILL) -> None:
        self.fault = time.time()
        for pid in pids:
            os.kill(pid, by)

    @property
    def child(self) -> int:
        [child] = children(self.guichet.process.pid)
        return child

    @property
    def redis(self) -> int:
        [redis] = children(self.child)
        return redis

    async def promised(self) -> None:
        """Until the promised time is over: what has not happened by then has been promised and not held."""
        await asyncio.sleep(self.fault + PROMISE_S - time.time())

    async def over(self) -> Judgement:
        """Once all calls are over."""
        log = await self.calling
        await until(lambda: "open" not in judge(self.record).counts())
        return judge(self.record, log, self.phones)


def children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@asynccontextmanager
async def centre(lab, folder, ami_port: int | None = None):
    """At the moment when 10 talk, 30 wait and 10 are in the menu."""

    def configured(lab, folder, http):
        config = configure(lab, folder, http)
        phone = config / "phone.yaml"
        phone.write_text(
            re.sub(r"ami: \{port: \d+", f"ami: {{port: {ami_port or lab.ami_port}", phone.read_text())
        )
        return config

    async with (
        serve(lab, folder, configured) as guichet,
        agents(lab, folder, talk=TALK_MS, ring=(100, 200)) as phones,
    ):
        await guichet.ready(*sorted(guichet.able("housing", "fr"))[: len(TALKING)])
        keys = guichet.key("languages", "fr"), guichet.key("topics", "housing")
        keyed = Keys(list(zip(KEYED_MS, keys, strict=True)), "info")
        calling = asyncio.create_task(citizens(lab, folder, load(), keyed=keyed))
        try:
            here = Centre(guichet, lab.record, phones, calling)
            redis = here.redis
            await until(lambda: here.record.exists() and in_menu(here.record, IN_MENU))
            held = [len(await guichet.contacts(state)) for state in ("connected", "waiting")]
            assert held == [len(TALKING), len(WAITING)], f"the load is not as it should be: {held}"
            yield here
        finally:
            calling.cancel()
            with suppress(asyncio.CancelledError):
                await calling
            if guichet.process.returncode is not None:
                os.kill(redis, signal.SIGTERM)  # it outlives a killed Guichet, for the next one


def in_menu(record: Path, numbers: list[str]) -> bool:
    verdicts = by_number(judge(record))
    return all(number in verdicts and verdicts[number].asked for number in numbers)


def by_number(judgement: Judgement) -> dict[str, Verdict]:
    return {verdict.number: verdict for verdict in judgement.verdicts.values()}


# ---------------------------------------------------------------- what is promised


def sound(judgement: Judgement, here: Centre) -> None:
    """What holds whatever fails: no call ends in two ways, no agent is in two, and who talks goes on."""
    report(here, judgement)
    assert judgement.faults == [], table(judgement)
    talked_on(judgement, here)


def talked_on(judgement: Judgement, centre: Centre) -> None:
    """Conversations ended when the agent ended them, not before."""
    verdicts = by_number(judgement)
    for number in TALKING:
        [leg] = [leg for leg in judgement.legs if judgement.verdicts[leg.call].number == number]
        assert verdicts[number].outcome == "served", number
        assert leg.bridged is not None
        assert leg.ended is not None
        assert leg.bridged < centre.fault < leg.ended, f"{number} did not talk during the fault"
        assert leg.ended - leg.bridged > TALK_MS[0] / 1000 - 0.3, f"{number} was cut short"


def native(judgement: Judgement, centre: Centre, numbers: list[str]) -> set[str]:
    """Who was taken by the native queue; each in time, or it is a broken promise."""
    taken = {number: verdict for number, verdict in by_number(judgement).items() if verdict.native_at}
    for number in taken.keys() & set(numbers):
        late = taken[number].native_at - centre.fault
        assert late <= PROMISE_S, f"{number} was in the native queue only after {late:.1f} s"
    return taken.keys() & set(numbers)


def ours(judgement: Judgement) -> list[str]:
    """Who waited for Guichet at the end, or was given to an agent by it: also those it took back."""
    return [number for number in WAITING if by_number(judgement)[number].outcome != "fallback"]


def in_order(judgement: Judgement, numbers: list[str]) -> int:
    """How many of these were rung for; nobody before who had come earlier, by more than phones need."""
    verdicts = by_number(judgement)
    leaving = min((v.end for v in verdicts.values() if v.outcome == "abandoned"), default=float("inf"))
    rung = {}
    for leg in sorted(judgement.legs, key=lambda leg: leg.rung):
        if leg.rung < leaving:
            rung.setdefault(judgement.verdicts[leg.call].number, leg.rung)
    latest = 0.0
    for number in sorted(numbers, key=lambda number: verdicts[number].start):
        at = rung.get(number, float("inf"))
        assert at >= latest - AT_ONCE_S, f"{number} was served before somebody who had come earlier"
        latest = max(latest, at)
    return len(rung.keys() & set(numbers))


async def held(centre: Centre) -> None:
    """Whoever is neither in the native queue nor with an agent waits in Guichet's line, by its own list."""

    async def agreed() -> bool:
        verdicts = judge(centre.record).verdicts.values()
        here = [v for v in verdicts if v.end is None and not v.agents and not v.native]
        lines = [await centre.guichet.contacts(state) for state in ("waiting", "offered")]
        return len(here) == sum(map(len, lines))

    await until(agreed, 2)


def report(centre: Centre, judgement: Judgement) -> None:
    """For `docs/how-to/drill.md`: run with -s."""
    at = [v.native_at - centre.fault for v in judgement.verdicts.values() if v.native_at]
    rung = [leg.rung - centre.fault for leg in judgement.legs if leg.rung > centre.fault]
    first = min(rung, default=0)
    print(f"\n{dict(judgement.counts())}; native after {span(at)}; first ring after {first:.1f} s")


def span(at: list[float]) -> str:
    return f"{min(at):.1f} to {max(at):.1f} s ({len(at)})" if at else "-"


# ---------------------------------------------------------------- Guichet dies


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "stopped"])
async def test_a_serving_process_that_dies_or_freezes_is_replaced(lab, folder, how):
    async with centre(lab, folder) as here:
        here.strike(here.child, by=how)
        await here.promised()
        await held(here)
        judgement = await here.over()
    sound(judgement, here)
    assert native(judgement, here, IN_MENU) == set(IN_MENU)
    native(judgement, here, WAITING)
    in_order(judgement, ours(judgement))


async def test_without_any_guichet_everybody_is_in_the_native_queue(lab, folder):
    async with centre(lab, folder) as here:
        here.strike(here.guichet.process.pid)
        judgement = await here.over()
    sound(judgement, here)
    assert native(judgement, here, WAITING + IN_MENU) == set(WAITING + IN_MENU)


# ---------------------------------------------------------------- Redis dies


async def test_a_killed_redis_is_started_again_and_nobody_loses_their_place(lab, folder):
    async with centre(lab, folder) as here:
        here.strike(here.redis)
        await here.promised()
        await held(here)
        judgement = await here.over()
    sound(judgement, here)
    native(judgement, here, IN_MENU)
    native(judgement, here, WAITING)
    in_order(judgement, ours(judgement))


async def test_with_a_frozen_redis_everybody_is_in_the_native_queue(lab, folder):
    """Nothing tells that it is frozen but the appends that do not return."""
    async with centre(lab, folder) as here:
        redis = here.redis
        here.strike(redis, by=signal.SIGSTOP)
        try:
            judgement = await here.over()
        finally:
            os.kill(redis, signal.SIGCONT)
    sound(judgement, here)
    assert native(judgement, here, WAITING + IN_MENU) == set(WAITING + IN_MENU)


# ---------------------------------------------------------------- the wire dies


async def test_a_cut_link_comes_back_and_nobody_notices(lab, folder):
    async with Proxy(lab.host, lab.ami_port) as wire, centre(lab, folder, wire.port) as here:
        here.strike()
        wire.cut()
        await here.promised()
        await held(here)
        judgement = await here.over()
        assert wire.taken > 1
    sound(judgement, here)
    assert native(judgement, here, WAITING + IN_MENU) == set()
    assert in_order(judgement, ours(judgement)) >= len(TALKING)


@pytest.mark.parametrize("how", [Proxy.refuse, Proxy.swallow], ids=["cut for good", "black hole"])
async def test_without_a_link_everybody_is_in_the_native_queue(lab, folder, how: Callable[[Proxy], None]):
    async with Proxy(lab.host, lab.ami_port) as wire, centre(lab, folder, wire.port) as here:
        here.strike()
        how(wire)
        judgement = await here.over()
    sound(judgement, here)
    assert native(judgement, here, WAITING + IN_MENU) == set(WAITING + IN_MENU)


# ---------------------------------------------------------------- Asterisk dies


async def test_callers_whom_asterisk_lost_are_listed_for_call_back_at_their_place(lab, folder):
    async with centre(lab, folder) as here:
        before = {contact["contact"]: contact for contact in await here.guichet.contacts("waiting")}
        killed = Path(f"/proc/{lab.pid}/cmdline")
        here.strike(lab.pid)
        await until(lambda: not killed.exists() or not killed.read_bytes())  # gone, or only to be forgotten
        await asyncio.to_thread(lab.run, "start", lab.folder, lab.host)

        async def listed() -> bool:
            gone = {contact["contact"]: contact for contact in await here.guichet.contacts("gone")}
            return {name for name, one in gone.items() if one["reason"] == "lost"} >= before.keys()

        await until(listed, here.fault + PROMISE_S - time.time())
        print(f"\nlisted {time.time() - here.fault:.1f} s after the death")
        assert await here.guichet.contacts("connected") == []
    *_, (_, state) = states(folder / "var" / "archive")
    by_rank = sorted(before, key=lambda name: state.contacts[name].rank)
    assert by_rank == sorted(before, key=lambda name: before[name]["arrived_at"]), "they lost their place"
