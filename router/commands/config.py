"""`guichet config`: show the configuration, compare it with the policy that rules, make it rule."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from config.fault import Faults
from config.loader import default_place, load
from config.show import shown
from router.commands.client import Client, Failed, add_options
from router.core.policy import Policy
from router.rules import differences, lines, policy_hash, policy_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.tree import Tree

TEACH = """\
The configuration is YAML: one file, or a folder with guichet.yaml and other *.yaml beside it.
What routes (pools, targets, channels, topics, languages, agents) is applied live; the rest at start.

  guichet config check --config DIR         all that is wrong, with file, line, column and the mend
  guichet config show --config DIR          every key with its value, those left out too
  guichet config show --active              the policy that rules in the running Guichet
  guichet config diff --config DIR          what apply would change; exit code 1 if anything
  guichet config apply --config DIR --reason "second phone team"

A change is one event in the log: it survives restarts, and replay knows from when it ruled.
docs/reference/configuration.md has every key.
Exit codes: 0 done or no difference, 1 differences, 2 a wrong configuration, or Guichet refused or is away.
"""


def add(command: argparse.ArgumentParser) -> None:
    """Its arguments."""
    actions = command.add_subparsers(dest="action", metavar="ACTION", required=True)
    _action(actions, "check", "say all that is wrong in the files", _check)
    show = _action(actions, "show", "print every key with its value", _show)
    show.add_argument("--active", action="store_true", help="the policy that rules now, not the files")
    add_options(show)
    add_options(_action(actions, "diff", "compare the files with the policy that rules", _diff))
    apply = _action(actions, "apply", "make the files rule", _apply)
    apply.add_argument("--reason", default="", metavar="TEXT", help="why, for the log (never a name)")
    add_options(apply)


def _action(
    actions: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    words: str,
    act: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    action = actions.add_parser(name, help=words, description=f"{words[0].upper()}{words[1:]}.")
    action.add_argument(
        "--config",
        type=Path,
        metavar="DIR",
        help="folder or file (default: $GUICHET_CONFIG, else /etc/guichet, else the demonstration)",
    )
    action.add_argument("--pool", metavar="POOL", help="which pool's policy (default: the only one)")
    action.set_defaults(act=act)
    return action


def run(arguments: argparse.Namespace) -> int:
    """The action; whatever is wrong is said in sentences."""
    try:
        return int(arguments.act(arguments))
    except Faults as faults:
        for fault in faults.faults:
            print(fault, file=sys.stderr)
    except (Failed, ValueError) as error:
        print(f"guichet config: {error}", file=sys.stderr)
    return 2


def _check(arguments: argparse.Namespace) -> int:
    tree = tree_of(arguments)
    for pool in tree.pools:
        policy = policy_of(tree, pool)
        print(f"pool {pool}: {len(policy.agents)} agents, {len(policy.topics)} topics, {policy_hash(policy)}")
    return 0


def _show(arguments: argparse.Namespace) -> int:
    if not arguments.active:
        print(shown(tree_of(arguments)), end="")
        return 0
    active, hashed = active_of(client_of(arguments, tree_of(arguments)))
    print(f"# policy {hashed}", *lines(active), sep="\n")
    return 0


def _diff(arguments: argparse.Namespace) -> int:
    tree = tree_of(arguments)
    active, _ = active_of(client_of(arguments, tree))
    changes = differences(active, policy_of(tree, pool_of(arguments, tree)))
    print(*changes, sep="\n", end="\n" if changes else "")
    return 1 if changes else 0


def _apply(arguments: argparse.Namespace) -> int:
    tree = tree_of(arguments)
    client = client_of(arguments, tree)
    active, hashed = active_of(client)
    policy = policy_of(tree, pool_of(arguments, tree))
    changes = differences(active, policy)
    if not changes:
        print(f"nothing to change: policy {hashed} rules already")
        return 0
    applied = client.ask("PUT", "/config", {"policy": policy, "reason": arguments.reason})
    print(*changes, f"policy {applied['hash']} rules from now on (before: {hashed or 'none'})", sep="\n")
    return 0


def tree_of(arguments: argparse.Namespace) -> Tree:
    """The configuration asked for; which one it is, and its warnings, are said."""
    place = arguments.config or default_place()
    tree, warnings = load(place)
    if arguments.config is None:
        print(f"configuration: {place}", file=sys.stderr)
    for warning in warnings:
        print(warning, file=sys.stderr)
    return tree


def pool_of(arguments: argparse.Namespace, tree: Tree) -> str:
    """The pool asked for, or the only one."""
    if arguments.pool is None and len(tree.pools) != 1:
        raise ValueError(f"say which --pool: {', '.join(tree.pools)}")
    return arguments.pool or next(iter(tree.pools))


def client_of(arguments: argparse.Namespace, tree: Tree) -> Client:
    """A demonstration brings its operator's token along."""
    demo = (token.demo for token in tree.http.tokens if token.role == "operator" and token.demo)
    return Client(arguments, next(demo, ""))


def active_of(client: Client) -> tuple[Policy, str]:
    """The policy that rules in the running Guichet, and its hash."""
    answer = client.ask("GET", "/config")
    try:
        return msgspec.convert(answer["policy"], Policy), str(answer["hash"])
    except (msgspec.ValidationError, KeyError, TypeError) as error:
        raise Failed(f"{client.url} gives a policy of another version: {error}") from None
