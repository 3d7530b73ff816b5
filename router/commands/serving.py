"""The process that serves: from a configuration to an exit code, with every hindrance said in one sentence.

It must never be imported by the parent that watches it: that one stays small.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from importlib.metadata import PackageNotFoundError, version

from msgspec import structs

from citizens.master_key import KeyFileError
from citizens.vault import VaultError
from config.fault import Faults
from config.loader import default_place, load
from config.tree import Tree
from router.api.tokens import PublicDemoTokens
from router.check import here
from router.log.errors import LogError
from router.serve.pulse import Pulse, end_with_parent
from router.serve.site import Site, serve


def run_configured(arguments: argparse.Namespace) -> int:
    """Serve as the command line says, with a pulse for the parent if there is one."""
    pulse = None
    if arguments.beat is not None:
        end_with_parent()
        pulse = Pulse(arguments.beat)
    place = arguments.config or default_place()
    try:
        tree = load(place).tree
    except (Faults, OSError) as faults:
        print(f"guichet serve: {faults}", file=sys.stderr)
        return 2
    if arguments.pool not in tree.pools:
        print(f"guichet serve: no pool {arguments.pool}: there is {', '.join(tree.pools)}", file=sys.stderr)
        return 2
    if arguments.port is not None:
        tree = structs.replace(tree, http=structs.replace(tree.http, port=arguments.port))
    return run_tree(tree, arguments.pool, announce, pulse=pulse)


def run_tree(
    tree: Tree,
    pool: str,
    told: Callable[[Site], None],
    leaving: Callable[[], Awaitable[None]] | None = None,
    pulse: Pulse | None = None,
) -> int:
    """Serve a configuration; what stops it is said in one sentence, with its mend."""
    found = here.port(tree)
    if found.mend:  # said before anything is started
        print(f"guichet serve: {found.what} (mend: {found.mend})", file=sys.stderr)
        return 1

    async def life() -> None:
        if pulse is not None:
            pulse.start()
        await serve(tree, pool, own_version(), told, leaving)

    try:
        asyncio.run(life())
    except (LogError, OSError, VaultError, KeyFileError, PublicDemoTokens) as error:
        print(f"guichet serve: {error}", file=sys.stderr)
        return 1
    return 0


def announce(site: Site) -> None:
    """One line on standard output for whoever waits for it."""
    print(f"guichet serves {site.address} agi {site.agi_port}", flush=True)


def own_version() -> str:
    """Of the installed distribution; a bare checkout has none."""
    try:
        return version("guichet")
    except PackageNotFoundError:
        return "0"
