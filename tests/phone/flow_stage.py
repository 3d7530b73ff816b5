"""Guichet's own phone gateway and core in this process, with scenarios' worlds in place of other systems.

Real are Asterisk, its dialplan, AMI and FastAGI, the gateway, the interpreter, the core, Redis and the call.
What a scenario gives is pretended: hours, lookups, who somebody is, diaries, text messages. A question that
the scenario answers is patient, one that it leaves in silence is not: no machine is too slow for the test.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
from msgspec import json, structs

from citizens.vault import Vault
from config.loader import DEMO, load
from ivr_flows.sayings import wanted
from ivr_flows.scenario import SILENCE, Scenario
from ivr_flows.session import Answered, Choose, Collect, Done, Perform, Started
from ivr_flows.sound import RATE, wav_of
from ivr_flows.speech import Sounds, Voice
from ivr_flows.stage import performed
from router.flows.ports import Ports
from router.flows.runner import Runner, Running
from router.log.flow_store import FlowStore
from router.owner import Owner
from router.phone.flow_calls import FlowCalls
from router.phone.flow_door import Door
from router.phone.flow_sound import Mouth
from router.phone.gateway import PhoneGateway
from router.phone.said import Submitting
from router.phone.settings import AgiSettings, AmiSettings, PhoneSettings
from router.serve.opening import open_with
from router.serve.storage import remember, storage
from tests.flows.library import flow, hours
from tests.phone.until import until

PATIENT_S, SHORT_S = 60.0, 0.6
LINE_S = 1.5  # in the line before its key is pressed: longer than the gateway is deaf to it there
THEIRS = ("route", "callback")  # for the core, unless the scenario says that it cannot


class Walk(NamedTuple):
    """One citizen of a scenario file, and the number that they call."""

    number: str
    name: str
    scenario: Scenario


class Stage(Ports):
    """The scenario's world, by the session's name; places in line and call-backs are the core's own."""

    def __init__(self, *given, walks: Mapping[str, Walk], slow_s: float, **more) -> None:
        super().__init__(*given, **more)
        self._walks, self._slow_s = walks, slow_s

    async def perform(self, name, session, asked: Perform, known, now: int) -> Done:
        await asyncio.sleep(self._slow_s)  # what others' systems take
        walk = self._walks[known["called"]]
        world = walk.scenario.given
        if asked.service in THEIRS and getattr(world, asked.service) == "next":
            return await super().perform(name, session, asked, known, now)
        done = performed(world, asked, hours(walk.scenario))
        assert done is not None
        return done


class Told(Runner):
    """Remembers each session by the number called, and hurries where nobody is going to answer."""

    def __init__(self, *given, walks: Mapping[str, Walk]) -> None:
        super().__init__(*given)
        self.walks = walks
        self.turn: Callable[[str], None] = lambda called: None  # it is the citizen's turn to do something
        self.done: Callable[[str], None] = lambda called: None  # they have
        self.sessions: dict[str, Running] = {}
        self._left: dict[str, list[str]] = {}
        self.hears_s = 0.4  # of a question, before its key is pressed
        self._turns: set[str] = set()  # whose turn it is
        self.early: set[str] = set()  # who is said to have answered when it was not

    async def start(self, name, flow, channel, known, **more):
        walk = self.walks[known["called"]]
        known["caller"] = str(walk.scenario.given.known.get("caller", ""))
        self._left[known["called"]] = list(walk.scenario.answers)
        return await super().start(name, flow, channel, known, **more)

    async def take(self, running: Running, happened):
        self.sessions[running.known["called"]] = running
        called = running.known["called"]
        if isinstance(happened, Answered) and called not in self._turns:
            self.early.add(called)
        self._turns.discard(called)
        self.done(called)
        asks = await super().take(running, happened)
        if isinstance(happened, Started):
            self.sessions[called] = running
        last = asks[-1] if asks else None
        if isinstance(last, Perform) and last.service == "wait":
            if self.walks[called].scenario.given.wait in ("callback", "left"):
                asyncio.get_running_loop().call_later(LINE_S, self._turn, called)
            return asks
        if not isinstance(last, Choose | Collect):
            return asks
        left = self._left[called]
        silent = (left.pop(0) if left else SILENCE) == SILENCE
        if not silent:
            asyncio.get_running_loop().call_later(self.hears_s, self._turn, called)
        return (*asks[:-1], structs.replace(last, silence_s=SHORT_S if silent else PATIENT_S))

    async def logged(self, called: str) -> list[str]:
        """The path of this caller's session as `guichet flow replay` tells it."""
        lines = await self._traces.traced(self.sessions[called].name) if called in self.sessions else []
        return [node for line in lines for node in json.decode(line).get("path", ())]

    def _turn(self, called: str) -> None:
        self._turns.add(called)
        self.turn(called)


class Shelf:
    """Every flow of the library, live."""

    async def live(self, name: str, alias: str):
        return flow(name), 1


@asynccontextmanager
async def stage(
    lab, folder: Path, walks: Mapping[str, Walk], endpoints: Mapping[str, str], slow_s: float = 0
):
    """The gateway, once it takes calls. Yields the runner and the owner. `slow_s`: of each service."""
    demo = load(DEMO).tree
    tree = structs.replace(
        demo,
        log=structs.replace(demo.log, directory=str(folder / "log"), archive=str(folder / "archive")),
    )
    voice = Voice()  # for what nobody could make ahead: sums of money
    mouth = Mouth(Sounds(folder / "sounds", voice), Sounds(folder / "passing", voice))
    await asyncio.to_thread(tones, folder / "sounds", mouth)
    async with storage(tree.log, "main") as (log, sealed, redis, *_):
        vault = Vault(sealed, folder / "vault.key")
        owner = Owner(log)
        owning = asyncio.create_task(owner.run())
        store = FlowStore(redis)
        doors = tuple(Door(walk.number, walk.name, walk.number) for walk in walks.values())
        runners: list[Told] = []

        def made(note, receipt, menu, count) -> FlowCalls:
            ports = Stage(
                tree, owner, vault, walks=walks, slow_s=slow_s,
                noted=lambda contact: note(Submitting(contact)), via="phone",
            )  # fmt: skip
            runners.append(Told(Shelf(), ports, store, 3600, walks=walks))
            return FlowCalls(doors, runners[0], mouth, note, count, receipt, menu)

        secret = lab.folder / "secrets"
        settings = PhoneSettings(
            ami=AmiSettings(port=lab.ami_port, secret_file=str(secret / "ami")),
            agi=AgiSettings(port=int(lab.agi.split(":")[1]), secret_file=str(secret / "agi")),
            endpoints=endpoints,
        )
        counts: dict[str, int] = {}

        def count(word: str) -> None:
            counts[word] = counts.get(word, 0) + 1

        phone = PhoneGateway(owner, settings, vault, count=count, flows=made)
        await phone.start()
        try:
            await owner.ready()
            remember(tree.log, log)
            await open_with(owner, tree, "main")
            await until(lambda: _beats(lab, phone), 30)
            yield runners[0], owner, phone, counts
        finally:
            await phone.stop()
            await owner.stop()
            await asyncio.gather(owning, return_exceptions=True)


async def _beats(lab, phone: PhoneGateway) -> bool:
    """Asterisk hands it the calls from here on."""
    shown = await asyncio.to_thread(lab.cli, "dialplan", "show", "globals")
    return phone.linked and "GUICHET_BEAT=" in shown


def tones(folder: Path, mouth: Mouth) -> None:
    """A tenth of a second for everything that is said, without starting a program for each."""
    folder.mkdir(parents=True, exist_ok=True)
    beep = wav_of(0.1 * np.sin(np.arange(RATE // 10) * 0.3))
    for language, text in wanted(flow("welcome")):  # which runs all others
        mouth.file(language, text).write_bytes(beep)
