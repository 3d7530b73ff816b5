"""`guichet`: the command line. It parses and hands over; each command is a file of `router/commands`.

Exit codes: 0 done, 1 the answer is no (a check failed, a replay differs), 2 wrong use or wrong configuration.
"""

from __future__ import annotations

import argparse
import importlib
import sys

COMMANDS = {
    "serve": "serve one pool by its configuration",
    "engine": "run the routing core over standard input and output",
    "check": "try configuration, Redis and Asterisk, with a mend for each finding",
    "agents": "list agents, or change one's state",
    "contacts": "list contacts, tell one with its story, control a conversation",
    "citizen": "find, show, export, erase, merge, split citizens; rotate their master key",
    "config": "show, compare and apply the configuration",
    "policy": "the policy in words: every weight, what it means, what is not as shipped",
    "why": "why a contact was offered to whom, and not to others",
    "replay": "prove that an archive repeats, effect by effect",
    "erlang": "how many agents a load takes, and how long callers wait",
    "simulate": "let a centre's days go by under several policies, and compare",
    "whatif": "yesterday under another policy or rota: who would have waited more, who less",
    "notify": "tell a citizen something by the way they prefer, see what reached nobody",
    "flow": "write, check, try, test, publish and roll back what citizens hear and read",
    "demo": "serve a demonstration agency with synthetic traffic",
}

EPILOG = """\
a first look:        guichet demo              (or ./run: a demonstration agency with synthetic citizens)
a real site:         guichet check --config config/examples/agency && guichet serve --config …
what happened:       guichet contacts; guichet why CONTACT; guichet replay var/archive
the core by itself:  echo '{"at":0,"event":"tick"}' | guichet engine

`guichet COMMAND --help` teaches each command. The documentation is in docs/.
"""


def parser(chosen: str) -> argparse.ArgumentParser:
    """The grammar of the chosen command, and the names of the others: only what will run is imported."""
    top = argparse.ArgumentParser(
        prog="guichet",
        description="Guichet: the routing backend for public-service contact centres.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, help_line in COMMANDS.items():
        if name != chosen:
            commands.add_parser(name, help=help_line)
            continue
        module = importlib.import_module(f"router.commands.{name}")
        command = commands.add_parser(
            name, help=help_line, description=module.TEACH, formatter_class=top.formatter_class
        )
        command.set_defaults(run=module.run)
        module.add(command)
    return top


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    parsed = parser(next(iter(given), "")).parse_args(given)
    try:
        return int(parsed.run(parsed))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader (head, less) has seen enough
        sys.stderr.close()
        return 0


if __name__ == "__main__":
    sys.exit(main())
