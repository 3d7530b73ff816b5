"""`guichet`: the command line. It parses and hands over; each command is a file of `router/commands`.

Exit codes: 0 done, 1 the answer is no (a check failed, a replay differs), 2 wrong use or wrong configuration.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import sys

COMMANDS = ("serve", "engine", "check", "agents", "contacts", "config", "why", "replay", "demo")

EPILOG = """\
a first look:        guichet demo              (or ./run: a demonstration agency with synthetic citizens)
a real site:         guichet check --config config/examples/agency && guichet serve --config …
what happened:       guichet contacts; guichet why CONTACT; guichet replay var/archive
the core by itself:  echo '{"at":0,"event":"tick"}' | guichet engine

`guichet COMMAND --help` teaches each command. The documentation is in docs/.
"""


def parser() -> argparse.ArgumentParser:
    """The whole grammar."""
    top = argparse.ArgumentParser(
        prog="guichet",
        description="Guichet: the routing backend for public-service contact centres.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in COMMANDS:
        if importlib.util.find_spec(f"router.commands.{name}"):
            importlib.import_module(f"router.commands.{name}").add(commands)
    return top


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    parsed = parser().parse_args(arguments)
    try:
        return int(parsed.run(parsed))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader (head, less) has seen enough
        sys.stderr.close()
        return 0


if __name__ == "__main__":
    sys.exit(main())
