"""`guichet serve`: run one Guichet by its configuration."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from msgspec import structs

from citizens.master_key import KeyFileError
from citizens.vault import VaultError
from config.fault import Faults
from config.loader import default_place, load
from config.tree import Tree
from router import check
from router.api.tokens import PublicDemoTokens
from router.commands.port import port
from router.log.errors import LogError
from router.serve import Site, serve
from router.serve.logs import log_json

TEACH = """\
Serves one pool: the phone gateway, the HTTP API, the page, the metrics, on a durable log in Redis.

  guichet serve                              $GUICHET_CONFIG, else /etc/guichet, else the demonstration
  guichet serve --config /etc/guichet        a site
  guichet serve --config DIR --port 0        on a free port, printed when it serves

Start the same command twice on one Redis: the second process stands by, warm, and takes over within two
seconds if the first one dies. `guichet check` tries everything first. Logs are JSON lines on standard error.
SIGTERM or Ctrl-C stops: what was taken is made durable, calls go on in Asterisk.
Exit codes: 0 stopped as told, 1 cannot start or go on, 2 wrong configuration.
"""


def add(command: argparse.ArgumentParser) -> None:
    """Its arguments."""
    command.add_argument("--config", type=Path, metavar="DIR", help="configuration: a folder or one file")
    command.add_argument("--pool", default="main", help="which pool this process serves (default: main)")
    command.add_argument("--port", type=port, help="HTTP port, instead of the configuration's; 0: a free one")
    command.add_argument("--log-level", default="info", choices=("debug", "info", "warning", "error"))


def run(arguments: argparse.Namespace) -> int:
    """Serve until told to stop."""
    log_json(arguments.log_level)
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
    return run_tree(tree, arguments.pool, announce)


def run_tree(
    tree: Tree,
    pool: str,
    told: Callable[[Site], None],
    leaving: Callable[[], Awaitable[None]] | None = None,
) -> int:
    """Serve a configuration; what stops it is said in one sentence, with its mend."""
    found = check.port(tree)
    if found.mend:  # said before anything is started
        print(f"guichet serve: {found.what} (mend: {found.mend})", file=sys.stderr)
        return 1
    try:
        asyncio.run(serve(tree, pool, own_version(), told, leaving))
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
