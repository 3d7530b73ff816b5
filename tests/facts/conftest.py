"""A server of facts as a process, an API over a real register, and two agencies."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from msgspec import structs
from redis.asyncio import Redis

from citizens.claim import Claim
from citizens.sharing import Agencies, Agency
from citizens.spelling import key_of, spell
from metrics.instruments import Instruments
from router.api.agencies import Opening
from router.api.app import build_app
from router.api.settings import Settings
from router.core.events import Answer, Config, Contact
from router.core.policy import CHANNELS, AgentRules, InnerPool
from router.facts.asking import Source
from router.facts.ledger import Asked, Ledger
from router.outward import Outward, Server
from router.serve.agencies import AgencyParts
from tests.notify.conftest import redis, redis_server, started  # noqa: F401
from tests.notify.office import Office
from tests.web.conftest import POLICY, bearer, credentials
from tests.web.door import MemoryDoor

NUMBER = "1850" + "123456789"  # of Zorglub, who is nobody
BENEFICIARY = NUMBER + key_of(NUMBER)
AGENCIES = Agencies(
    {
        "caf": Agency(
            "caf", "Family", ("housing",), "north", {"cpam": frozenset(("context", "address", "family"))}
        ),
        "cpam": Agency("cpam", "Health", ("family",), "south", {"caf": frozenset(("address", "income"))}),
        "mairie": Agency("mairie", "Town hall", (), "", {}),
    }
)


@pytest.fixture(scope="session")
def facts_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    process, port = started("tests.facts.server", tmp_path_factory.mktemp("facts"))
    yield port
    process.kill()
    process.wait()


class Desks:
    """Two agencies' agents, one citizen in the hands of `ag01` (caf)."""

    def __init__(self, office: Office, door: MemoryDoor, port: int) -> None:
        self.office, self.door, self.port = office, door, port
        self.opening = Opening(True)
        servers = {name: self._server(name) for name in ("caf", "cpam")}
        ledger = Ledger(office.register, AGENCIES, servers, lambda: office.clock)
        self.parts = AgencyParts(AGENCIES, ledger, lambda agency: self.opening)

    def _server(self, name: str) -> Asked:
        outward = Outward(Server(f"http://127.0.0.1:{self.port}/{name}/facts", timeout_s=1.0))
        return Asked(Source(name, outward), frozenset(("family", "address", "income")), 365, 300_000_000)

    async def behave(self, *what: str) -> None:
        await Outward(Server(f"http://127.0.0.1:{self.port}/behave")).ask("POST", (), list(what))

    async def asked(self) -> list[dict]:
        return (await Outward(Server(f"http://127.0.0.1:{self.port}/asked")).ask("GET")).value

    async def citizen(self) -> str:
        citizen = await self.office.citizen()
        return (
            await self.office.register.prove(citizen, Claim(spell("beneficiary", BENEFICIARY), "secret"))
        ).citizen

    async def in_hand(self, client: TestClient, citizen: str, contact: str = "c-1") -> None:
        for agent in ("ag01", "ag02"):
            await client.put(f"/api/v1/agents/{agent}/state", json={"state": "ready"}, headers=bearer(agent))
        needs = ({"housing": 3},)
        await self.door.submit(
            Contact(contact, "phone", needs, citizen=citizen, topic="housing", pool="north", language="fr")
        )
        await self.accept(contact, "ag01")

    async def accept(self, contact: str, agent: str) -> None:
        wanted = (contact, agent, "open")
        offers = self.door.state.offers.items()
        offer = next(name for name, each in offers if (each.contact, each.agent, each.state) == wanted)
        await self.door.submit(Answer(offer, contact, agent, "accepted"))


@pytest.fixture
async def desks(redis: Redis, tmp_path: Path, facts_port: int) -> Desks:  # noqa: F811
    door = MemoryDoor()
    policy = structs.replace(
        POLICY,
        pools={"north": InnerPool(), "south": InnerPool()},
        agents={
            "ag01": AgentRules({"housing": 8, "lang:fr": 10, "pool:north": 1}),
            "ag02": AgentRules({"family": 6, "lang:fr": 9, "pool:south": 1}),
        },
    )
    await door.submit(Config(policy, "cafe", "test"))
    desks = Desks(Office(redis, tmp_path), door, facts_port)
    desks.office.clock = time.time_ns() // 1000 + 3_600_000_000  # the API has no other clock than the wall's
    await desks.behave()
    await desks.asked()
    return desks


@pytest.fixture
async def client(desks: Desks) -> AsyncIterator[TestClient]:
    app = build_app(
        desks.door, credentials(), Settings(), vault=desks.office.vault, hash_of=lambda policy: "beef",
        instruments=Instruments("main", CHANNELS), known=desks.office, network=desks.parts,
    )  # fmt: skip
    async with TestClient(TestServer(app)) as client:
        yield client
