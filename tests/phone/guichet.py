"""The real `guichet serve` as a process, joined to a lab's Asterisk, with the demonstration agency.

Driven through its public HTTP interface only. Its files lie under a temporary folder; it is ended by its id.
"""

import asyncio
import os
import re
import shutil
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from ruamel.yaml import YAML

from tests.phone.lab import Lab, free_ports
from tests.phone.until import until

DEMO = Path(__file__).parents[2] / "config" / "examples" / "demo"
PHONE = """\
gateways:
  phone:
    service_number: "3230"
    compare_s: 1
    ami: {{port: {ami}, secret_file: {secret}}}
    agi: {{port: {agi}, secret_file: {agi_secret}}}
"""


class Guichet:
    """What a test says and asks over HTTP."""

    def __init__(
        self, session: aiohttp.ClientSession, config: Path, process: asyncio.subprocess.Process
    ) -> None:
        self.session = session
        self.process = process
        files = (YAML(typ="safe").load(path) for path in config.glob("*.yaml"))
        self.tree = {key: value for file in files for key, value in file.items()}

    def able(self, topic: str, language: str) -> set[str]:
        """Who may serve this, by the configuration alone."""
        needs = self.tree["topics"][topic]["needs"] | self.tree["languages"][language]["needs"]
        return {
            agent
            for agent, rules in self.tree["agents"].items()
            if all(rules["skills"].get(skill, 0) >= level for skill, level in needs.items())
        }

    def key(self, kind: str, name: str) -> str:
        """The key that chooses this language or topic in the menu."""
        return str(list(self.tree[kind]).index(name) + 1)

    async def ready(self, *agents: str) -> None:
        for agent in agents:
            await self._ask("PUT", f"/agents/{agent}/state", f"demo-agent-{agent}", json={"state": "ready"})

    async def contacts(self, state: str) -> list[dict]:
        return (await self._ask("GET", f"/contacts?state={state}", "demo-supervisor"))["contacts"]

    async def metrics(self) -> str:
        async with self.session.get("/metrics") as answer:
            return await answer.text()

    async def drift(self) -> list[str]:
        """Differences between Asterisk and the state that nothing explained: kinds that are not 0."""
        lines = (await self.metrics()).splitlines()
        return [
            line
            for line in lines
            if line.startswith("guichet_phone_drift_total{") and not line.endswith(" 0.0")
        ]

    async def _ask(self, method: str, path: str, token: str, **more) -> dict:
        headers = {"Authorization": f"Bearer {token}"}
        async with self.session.request(method, f"/api/v1{path}", headers=headers, **more) as answer:
            assert answer.ok, f"{method} {path}: {answer.status} {await answer.text()}"
            return await answer.json()


def phone(lab: Lab) -> str:
    """The configuration that joins Guichet to this lab's Asterisk."""
    secrets, agi = lab.folder / "secrets", lab.agi.split(":")[1]
    return PHONE.format(ami=lab.ami_port, secret=secrets / "ami", agi=agi, agi_secret=secrets / "agi")


def configure(lab: Lab, folder: Path, http: int) -> Path:
    config = folder / "config"
    shutil.copytree(DEMO, config)
    for path, old, new in (
        (config / "http.yaml", "port: 8080", f"port: {http}"),
        (config / "guichet.yaml", "wrap_up_s: 5", "wrap_up_s: 1"),
    ):
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))
    (config / "phone.yaml").write_text(phone(lab))
    return config


async def begin(folder: Path, program: str = "router.cli") -> asyncio.subprocess.Process:
    """The command with the configuration in this folder, for the first time or once more."""
    command = [sys.executable, "-m", program, "serve", "--config", folder / "config"]
    root = str(Path(__file__).parents[2])
    with (folder / "guichet.log").open("ab") as log:
        return await asyncio.create_subprocess_exec(
            *command, cwd=folder, env=os.environ | {"PYTHONPATH": root}, stdout=log, stderr=log
        )


@asynccontextmanager
async def serve(lab: Lab, folder: Path, configure=configure, program: str = "router.cli"):
    """Guichet, once it takes calls. `program` is the module to run in its command's place."""
    [http] = free_ports(1)
    config = configure(lab, folder, http)
    beat = await asyncio.to_thread(_beat, lab)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{http}") as session:
        guichet = Guichet(session, config, await begin(folder, program))
        try:
            await _takes_calls(guichet, lab, folder, beat)
            yield guichet
        finally:
            await _end(guichet.process)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), 10)
    except TimeoutError:
        process.kill()
        await process.wait()


def _beat(lab: Lab) -> str:
    return "".join(re.findall(r"GUICHET_BEAT=.*", lab.cli("dialplan", "show", "globals")))


async def _takes_calls(guichet: Guichet, lab: Lab, folder: Path, before: str) -> None:
    """Its heartbeat, not one before it, is in Asterisk: from here on the dialplan hands it the calls."""

    async def beats() -> bool:
        if guichet.process.returncode is not None:
            raise RuntimeError((folder / "guichet.log").read_text()[-3000:])
        return await asyncio.to_thread(_beat, lab) != before

    await until(beats, 30)
