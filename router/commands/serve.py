"""`guichet serve`: run one Guichet by its configuration, watched by a parent."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from router.commands.port import port
from router.serve.logs import log_json
from router.serve.parent import Parent, same_command

TEACH = """\
Serves one pool: the phone gateway, the HTTP API, the page, the metrics, on a durable log in Redis.

  guichet serve                              $GUICHET_CONFIG, else /etc/guichet, else the demonstration
  guichet serve --config /etc/guichet        a site
  guichet serve --config DIR --port 0        on a free port, printed when it serves

Start the same command twice on one Redis: the second process stands by, warm, and takes over within two
seconds if the first one dies. `guichet check` tries everything first. Logs are JSON lines on standard error.

Two processes: a parent watches the one that serves, ends it when it has not turned for three seconds, and
starts it again when it dies of a signal. Ending the parent, by whatever signal, ends both. --no-parent serves
in one process: a supervisor can start it again when it dies, but nobody ends it when it is frozen.

SIGTERM or Ctrl-C stops: what was taken is made durable, calls go on in Asterisk.
Exit codes: 0 stopped as told, 1 cannot start or go on, 2 wrong configuration.
"""


def add(command: argparse.ArgumentParser) -> None:
    """Its arguments."""
    command.add_argument("--config", type=Path, metavar="DIR", help="configuration: a folder or one file")
    command.add_argument("--pool", default="main", help="which pool this process serves (default: main)")
    command.add_argument("--port", type=port, help="HTTP port, instead of the configuration's; 0: a free one")
    command.add_argument("--log-level", default="info", choices=("debug", "info", "warning", "error"))
    command.add_argument("--no-parent", action="store_true", help="one process, watched by nobody")
    command.add_argument("--beat", type=int, metavar="PIPE", help=argparse.SUPPRESS)  # from the parent alone


def run(arguments: argparse.Namespace) -> int:
    """Serve until told to stop, or watch who does."""
    log_json(arguments.log_level)
    if arguments.beat is None and not arguments.no_parent:
        return asyncio.run(Parent(same_command()).run())
    from router.commands.serving import run_configured  # not above: the parent is small and starts at once

    return run_configured(arguments)
