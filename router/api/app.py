"""The whole HTTP side, wired by hand: read this file to know what there is."""

from __future__ import annotations

import asyncio
import contextlib
import re
from typing import TYPE_CHECKING, Protocol

from aiohttp import web

from router.api.agencies import AgencyDesk, Opening
from router.api.agents import Agents
from router.api.anew import Anew
from router.api.answered import Questions
from router.api.board import Board
from router.api.challenges import Proofs
from router.api.choices import Choices
from router.api.citizen_acts import CitizenActs
from router.api.citizens import Citizens
from router.api.config import Configuration
from router.api.contacts import Contacts
from router.api.conversations import Conversations
from router.api.endings import Endings
from router.api.explained import Explanations
from router.api.facts import Facts
from router.api.figures import Figures
from router.api.flows import Flows
from router.api.gate import Gate
from router.api.health import Health
from router.api.hub import Hub
from router.api.letters import Letters
from router.api.live import Live
from router.api.measure import Measure
from router.api.moves import Moves
from router.api.notices import Notices
from router.api.offers import Offers
from router.api.outcomes import Outcomes
from router.api.page import Page
from router.api.past import Past
from router.api.promises import Promises
from router.api.rotation import Rotations
from router.api.sessions import Sessions
from router.api.shapes import ID_IN_PATH
from router.api.standing import Standings
from router.api.tokens import Keyring
from router.api.watch import Watch

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from citizens.challenges import Challenges
    from citizens.people import People
    from citizens.register import Register
    from citizens.rotation import Rotation
    from citizens.sharing import Agencies
    from metrics.instruments import Instruments
    from router.api.offers import Vault
    from router.api.route import RawRoute, Route
    from router.api.settings import Settings
    from router.api.tokens import Token
    from router.core.policy import Policy
    from router.door import Door
    from router.facts.ledger import Ledger
    from router.mail.desk import Desk
    from router.notify.post import Post


class Network(Protocol):
    """Agencies behind the one door: see `router.serve.agencies`."""

    @property
    def agencies(self) -> Agencies: ...

    @property
    def ledger(self) -> Ledger: ...

    @property
    def opening(self) -> Callable[[str], Opening]: ...


class Known(Protocol):
    """What is known of citizens: see `router.serve.citizens`."""

    @property
    def register(self) -> Register: ...

    @property
    def people(self) -> People: ...

    @property
    def challenges(self) -> Challenges: ...

    @property
    def rotation(self) -> Rotation: ...


def build_app(
    door: Door,
    tokens: Sequence[Token],
    settings: Settings,
    *,
    vault: Vault,
    hash_of: Callable[[Policy], str],
    instruments: Instruments,
    desk: Desk | None = None,
    more: Sequence[RawRoute] = (),
    known: Known | None = None,
    post: Post | None = None,
    network: Network | None = None,
) -> web.Application:
    """The application; its feeds begin with its start-up and end with its clean-up.

    `more`: what other gateways answer.
    """
    keyring, sessions = Keyring(tokens), Sessions()
    gate = Gate(keyring, sessions, instruments)
    watch, hub, outcomes = Watch(), Hub(door, instruments.listeners), Outcomes()
    promises = Promises(door, watch)
    measure, board = Measure(door, watch, instruments, promises), Board(door, watch)
    page = Page(board, keyring, sessions, settings)

    routes = operations(door, vault, hash_of, outcomes, settings, promises, desk, known, post, network)
    raw = [
        *Live(door, gate, keyring, sessions, hub).routes(),
        *Figures(measure, routes, settings.version).routes(),
        *page.routes(),
        *more,
    ]

    app = web.Application(middlewares=[gate.middleware], client_max_size=1024 * 1024)
    for route in routes:
        app.router.add_route(route.method, _template(route.address), gate.json(route))
    for plain in raw:
        app.router.add_route(plain.method, plain.address, gate.raw(plain))

    async def feeds(app: web.Application) -> AsyncIterator[None]:
        anew = Anew(door, (watch.take_up, measure.take_up, board.take_up))
        ears = (watch.hear, measure.hear, board.hear, hub.hear, anew.hear, outcomes.hear)
        stops = [door.listen(hear) for hear in ears]
        hub.start()
        tasks = [asyncio.create_task(anew.run()), asyncio.create_task(measure.watch_loop())]
        yield
        for stop in stops:
            stop()
        for task in tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def goodbye(app: web.Application) -> None:
        await hub.stop()
        await page.stop()

    app.cleanup_ctx.append(feeds)
    app.on_shutdown.append(goodbye)  # before aiohttp waits for open connections
    return app


def operations(
    door: Door,
    vault: Vault,
    hash_of: Callable[[Policy], str],
    outcomes: Outcomes,
    settings: Settings,
    promises: Promises,
    desk: Desk | None = None,
    known: Known | None = None,
    post: Post | None = None,
    network: Network | None = None,
) -> list[Route]:
    """Every JSON operation there is."""
    parts = (
        Agents(door),
        Contacts(door),
        Explanations(door, Past(settings.archive, settings.pool) if settings.archive else None),
        Endings(door),
        Moves(door),
        Choices(door),
        Conversations(door, outcomes, settings),
        Offers(door, vault),
        Letters(door, desk),
        Notices(door, post),
        Configuration(door, hash_of),
        Standings(door),
        Flows(settings.flows, settings.flow_store),
        promises,
        Health(door),
    )
    routes = [route for part in parts for route in part.routes()]
    if known is not None:
        routes += Citizens(door, known.register, known.people).routes()
        routes += CitizenActs(door, known.people).routes()
        routes += Proofs(door, known.people, known.challenges, post).routes()
        routes += Questions(door, known.register, known.people).routes()
        routes += Rotations(known.rotation).routes()
    if known is not None and network is not None:
        there, people = network.agencies, known.people
        routes += AgencyDesk(door, known.register, people, there, network.opening).routes()
        routes += Facts(door, people, there, network.ledger).routes()
    return routes


def _template(address: str) -> str:
    """An aiohttp path in which each id matches only what an id may be."""
    address = re.sub(r"\{(\w+)\}", rf"{{\1:{ID_IN_PATH}}}", address)
    # What is asked of all citizens is no citizen: else a wrong method is told what the other address takes.
    return address.replace("{citizen:", "{citizen:(?!(?:find|meet)$)", 1)
