"""An application on a twin door, with a token for each role, and a client for it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from aiohttp.test_utils import TestClient, TestServer

from citizens.sharing import Agencies, Agency
from config.site import Credential
from metrics.instruments import Instruments
from router.api.agencies import Opening
from router.api.app import build_app
from router.api.settings import Settings
from router.core.events import Config
from router.core.policy import CHANNELS, SECOND, AgentRules, ChannelRules, Policy, Topic
from router.facts.ledger import Ledger
from router.serve.agencies import AgencyParts
from tests.citizens.memory import MemoryStore
from tests.citizens.site import Site as Citizens
from tests.unit.citizens.drawer import Drawer
from tests.web.asterisk import Asterisk
from tests.web.door import MemoryDoor

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

POLICY = Policy(
    topics={"housing": Topic({"housing": 3}), "family": Topic({"family": 2}, target=30 * SECOND)},
    languages={"fr": {"lang:fr": 4}, "en": {"lang:en": 4}},
    agents={
        "ag01": AgentRules({"housing": 8, "lang:fr": 10}),
        "ag02": AgentRules({"family": 6, "lang:en": 9}, {"chat": 2}),
    },
)


class Vault:
    """Holds what a test puts there."""

    def __init__(self) -> None:
        self.records: dict[str, dict[str, object]] = {}

    async def get(self, contact: str) -> Mapping[str, object] | None:
        return self.records.get(contact)


def credentials(*, demo: bool = False) -> list[Credential]:
    """The token of each role is its name; `ag01` and `ag02` are agents."""
    staff = [(role, role, None) for role in ("supervisor", "designer", "operator", "auditor")]
    agents = [(name, "agent", name) for name in ("ag01", "ag02")]
    return [
        Credential(hashlib.sha256(token.encode()).hexdigest(), role, agent, demo)
        for token, role, agent in (*staff, *agents)
    ]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
async def door() -> MemoryDoor:
    door = MemoryDoor()
    assert set(POLICY.channels) == set(CHANNELS)
    assert isinstance(POLICY.channels["phone"], ChannelRules)
    await door.submit(Config(POLICY, "cafe", "test"))
    return door


@pytest.fixture
def vault() -> Vault:
    return Vault()


@pytest.fixture
async def known(tmp_path: Path) -> Citizens:
    """Citizens in memory."""
    return await Citizens(MemoryStore(), Drawer(), tmp_path).open()


@pytest.fixture
def network(known: Citizens) -> AgencyParts:
    """One agency, of no pool and without facts."""
    agencies = Agencies({"caf": Agency("caf", "Family", ("housing",))})
    ledger = Ledger(known.register, agencies, {}, lambda: 0)
    return AgencyParts(agencies, ledger, lambda agency: Opening(True))


@pytest.fixture
def instruments() -> Instruments:
    return Instruments("main", CHANNELS)


@pytest.fixture
def settings() -> Settings:
    return Settings(phones=frozenset(("ag01", "desk")), recording=frozenset(("phone",)))


@pytest.fixture
async def asterisk(door: MemoryDoor) -> Asterisk:
    return Asterisk(door)


@pytest.fixture
async def client(
    door: MemoryDoor,
    vault: Vault,
    known: Citizens,
    network: AgencyParts,
    instruments: Instruments,
    settings: Settings,
) -> AsyncIterator[TestClient]:
    app = build_app(
        door,
        credentials(),
        settings,
        vault=vault,
        known=known,
        network=network,
        hash_of=lambda policy: "beef",
        instruments=instruments,
    )
    async with TestClient(TestServer(app)) as client:
        yield client
