"""`guichet policy`: the policy in words, with what each weight means and what is not as shipped."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

import msgspec

from config.fault import Faults
from router.commands.client import Failed, add_options
from router.commands.config import active_of, client_of, pool_of, tree_of
from router.core.policy import Policy
from router.rules import policy_hash, policy_of
from router.tell.policy import Line, told
from router.tell.speech import LANGUAGES

TEACH = """\
Prints a policy in words: every weight, limit and default, what each weight means in seconds of waiting, and
where it differs from what Guichet ships.

  guichet policy                      of the configuration ($GUICHET_CONFIG, else the demonstration)
  guichet policy --config /etc/guichet --lang fr
  guichet policy --active             the one that rules in the running Guichet
  guichet policy --shipped            what Guichet ships, without any configuration
  guichet policy --changed            only what is not as shipped
  guichet policy --json               path, value, shipped value and sentence, one object a line

It names no agent. `guichet config show` has every key for those who write files;
docs/how-to/explain-a-decision.md says how the weights decide. Exit codes: 0 told, 2 wrong use or wrong
configuration.
"""


def add(command: argparse.ArgumentParser) -> None:
    """Its arguments."""
    which = command.add_mutually_exclusive_group()
    which.add_argument("--config", type=Path, metavar="DIR", help="folder or file of a configuration")
    which.add_argument("--active", action="store_true", help="the policy that rules in the running Guichet")
    which.add_argument("--shipped", action="store_true", help="the policy without any configuration")
    command.add_argument("--pool", metavar="POOL", help="which pool's policy (default: the only one)")
    command.add_argument("--lang", choices=LANGUAGES, default="en", help="language (default: en)")
    command.add_argument("--changed", action="store_true", help="only what is not as shipped")
    command.add_argument("--json", action="store_true", help="one JSON object a line")
    add_options(command)


def run(arguments: argparse.Namespace) -> int:
    """Print every line."""
    try:
        policy = _policy(arguments)
    except Faults as faults:
        for fault in faults.faults:
            print(fault, file=sys.stderr)
        return 2
    except (Failed, ValueError, FileNotFoundError) as error:
        print(f"guichet policy: {error}", file=sys.stderr)
        return 2
    lines = [line for line in told(policy, arguments.lang) if line.differs or not arguments.changed]
    if arguments.json:
        print("".join(f"{msgspec.json.encode(line).decode()}\n" for line in lines), end="")
        return 0
    if not lines:
        print("Everything is as shipped.\n")
    for sections, sentences in together(lines):
        print("\n".join([*sections, *(f"  {sentence}" for sentence in sentences), ""]))
    print(f"Entries of the log that this policy decides name it {policy_hash(policy)}.")
    return 0


def together(lines: Iterable[Line]) -> list[tuple[list[str], tuple[str, ...]]]:
    """What is said, under every heading of which the same is said: a reader compares no two lists."""
    said: dict[str, list[str]] = {}
    for line in lines:
        said.setdefault(line.section, []).append(line.sentence)
    alike: dict[tuple[str, ...], list[str]] = {}
    for section, sentences in said.items():
        alike.setdefault(tuple(sentences), []).append(section)
    return [(sections, sentences) for sentences, sections in alike.items()]


def _policy(arguments: argparse.Namespace) -> Policy:
    """The one that was asked for."""
    if arguments.shipped:
        return Policy()
    tree = tree_of(arguments)
    if arguments.active:
        return active_of(client_of(arguments, tree))[0]
    return policy_of(tree, pool_of(arguments, tree))
