"""The composition root: read this to know what one Guichet process is made of, and in which order it starts.

    storage → owner (stands by until the pool is ours) → HTTP → phone, mail → first policy, archive

It ends in the reverse order: nothing new is taken, what was taken is made durable, the lease is given up.
"""

from __future__ import annotations

import asyncio
import gc
import signal
import time
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web
from msgspec import Struct

from config.hours import is_open
from metrics.instruments import Instruments
from router.api.app import build_app
from router.api.tokens import refuse_public
from router.archiver import Archiver
from router.core.policy import CHANNELS
from router.ending import end
from router.journey import JourneyWriter
from router.log.archive_writer import ArchiveWriter
from router.log.flow_store import FlowStore
from router.owner import Owner
from router.phone.gateway import PhoneGateway
from router.phone.leases import AsteriskLease
from router.rules import policy_hash
from router.serve.agencies import open_agencies
from router.serve.api import api_settings
from router.serve.chat import chat_gateway, chat_routes
from router.serve.citizens import keep_up, open_citizens
from router.serve.elsewhere import elsewhere
from router.serve.entries import log_entry
from router.serve.flows import flow_runner
from router.serve.mail import mail_gateway
from router.serve.notify import open_notify
from router.serve.opening import open_with
from router.serve.phone import phone_settings
from router.serve.phone_flows import PhoneFlows
from router.serve.storage import remember, storage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine

    from config.tree import Tree

STOP_WITHIN = 2.0  # seconds that open HTTP requests get at the end


class Site(Struct, frozen=True):
    """Where it is served, for whoever started it."""

    address: str  # of the page and the API
    agi_port: int  # of the first phone gateway; 0: no phone


async def serve(
    tree: Tree,
    pool: str,
    version: str,
    told: Callable[[Site], None],
    leaving: Callable[[], Awaitable[None]] | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT. `told` hears the addresses once HTTP answers; `leaving` is awaited at
    the end, while everything still answers.

    Raises LogError, OSError, VaultError or PublicDemoTokens, each with its mend, if it cannot start or go on.
    """
    tokens = tuple(token.credential() for token in tree.http.tokens)
    refuse_public(tree.http.host, tokens)
    instruments = Instruments(pool, CHANNELS, tree.topics, tree.languages)
    async with AsyncExitStack() as parts:
        log, sealed, redis, kept, chats = await parts.enter_async_context(storage(tree.log, pool))
        citizens = await open_citizens(tree, sealed, kept)
        vault = citizens.vault
        owner = Owner(log, observer=instruments)
        owning = asyncio.create_task(owner.run())
        parts.push_async_callback(owner.stop)
        settings = api_settings(tree, pool, version, FlowStore(redis))
        notify = open_notify(tree, pool, redis, citizens, instruments.notified)
        parts.push_async_callback(notify.stop)
        mail = mail_gateway(
            tree, pool, owner, vault, citizens.register, redis, instruments.mail, notify.returned
        )
        register, ways = citizens.register, notify.ways
        flows = flow_runner(tree, owner, vault, FlowStore(redis), register=register, ways=ways)
        chat = chat_gateway(tree, owner, chats, citizens.register, flows, instruments.chat)
        citizens.people.elsewhere += elsewhere(tree, chat, mail, notify)
        app = build_app(
            owner,
            tokens,
            settings,
            vault=vault,
            hash_of=policy_hash,
            instruments=instruments,
            desk=mail.desk if mail is not None else None,
            more=chat_routes(tree, chat),
            known=citizens,
            post=notify.post,
            network=open_agencies(tree, citizens.register),
        )
        address = await parts.enter_async_context(listening(app, tree.http.host, tree.http.port))
        if chat is not None:
            await chat.start()
            parts.push_async_callback(chat.stop)
        spoken = PhoneFlows(tree, owner, vault, FlowStore(redis), register, ways)
        agi_ports = []
        for name, asterisk in tree.gateways.asterisks().items():
            phone = PhoneGateway(
                owner,
                phone_settings(tree, name, asterisk, pool),
                vault,
                register=citizens.register,
                is_open=lambda: is_open(tree.hours, time.time_ns() // 1000),
                count=instruments.phone,
                drift=instruments.drifted,
                lease=AsteriskLease(redis, asterisk.ami.host, asterisk.ami.port),
                flows=spoken.gateway(name) if spoken.doors else None,
            )
            await phone.start()
            parts.push_async_callback(phone.stop)
            agi_ports.append(phone.agi_port)
        journeys = JourneyWriter(log, owner, citizens.register, citizens.store)
        owner.listen(journeys.hear)
        if mail is not None:
            await mail.start()
            parts.push_async_callback(mail.stop)
        owner.listen(log_entry)  # the last to hear: effects leave before lines are written

        async def reign() -> None:
            await owner.ready()
            remember(tree.log, log)
            await open_with(owner, tree, pool)

        writer = ArchiveWriter(Path(tree.log.archive), pool)
        archiver = Archiver(
            log, writer, owner, keep_days=tree.log.retention_days, needed=lambda: journeys.position
        )
        if leaving is not None:
            parts.push_async_callback(leaving)
        # What lives as long as the process is not searched for garbage again: 80,000 objects, 50 ms and more
        # in which nobody is routed, at times that nobody chose.
        gc.collect()
        gc.freeze()
        told(Site(address, agi_ports[0] if agi_ports else 0))
        watch = [spoken.watch()] if agi_ports and spoken.doors else []
        works = (reign(), archiver.run(), journeys.run(), keep_up(citizens), notify.outbox.run())
        await until_told_to_stop(owning, *works, *watch)


@asynccontextmanager
async def listening(app: web.Application, host: str, port: int) -> AsyncIterator[str]:
    """HTTP answers at the address given."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port, shutdown_timeout=STOP_WITHIN)
        await site.start()
        bound = runner.addresses[0]
        yield f"http://{f'[{bound[0]}]' if ':' in bound[0] else bound[0]}:{bound[1]}/"
    finally:
        await runner.cleanup()


async def until_told_to_stop(owning: asyncio.Task[None], *works: Coroutine[Any, Any, None]) -> None:
    """Run what must go on until a signal comes; raises what ends one of them.

    When it returns or raises the works have ended; the owner has not, if it was well: others end it.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    waiting = asyncio.create_task(stop.wait())
    ours = {waiting, *map(asyncio.create_task, works)}
    running = {owning, *ours}
    try:
        while not waiting.done():
            done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done - {waiting}:
                task.result()  # raises: the process must not go on without it
    finally:
        await end(ours)
        await asyncio.gather(*ours, return_exceptions=True)
