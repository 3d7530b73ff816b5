"""What the actions of `guichet flow` share that talk to a running Guichet."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from typing import Any

from config.fault import Faults
from config.loader import default_place, load
from config.tree import Tree
from router.commands.client import Client
from router.commands.client import add_options as who_asks
from router.commands.table import table


def add_server(action: argparse.ArgumentParser, *, flow: bool = True) -> None:
    """FLOW, and which Guichet."""
    if flow:
        action.add_argument("flow", metavar="FLOW", help="the flow's name")
    action.add_argument("--config", type=Path, metavar="DIR", help="for a demonstration's token")
    who_asks(action)


def client_of(arguments: argparse.Namespace, tree: Tree | None = None) -> Client:
    """A demonstration brings its operator's token along."""
    if tree is None:
        try:
            tree = load(arguments.config or default_place()).tree
        except Faults:
            tree = Tree()
    demo = (token.demo for token in tree.http.tokens if token.role == "operator" and token.demo)
    return Client(arguments, next(demo, ""))


def show(view: dict[str, Any]) -> None:
    """What is live, and how it came to be."""
    live = ", ".join(f"{alias}: {number}" for alias, number in sorted(view["live"].items()))
    count = view["versions"]
    print(f"{view['flow']}: {count} version{'s' if count > 1 else ''}; {live}")
    rows = [
        (
            each["version"],
            each["alias"],
            dt.datetime.fromtimestamp(each["at"], dt.UTC).strftime("%Y-%m-%d %H:%M:%SZ"),
            each["by"],
            each["note"],
            "live"
            if view["live"].get(each["alias"]) == each["version"] and each is _last(view, each)
            else "",
        )
        for each in view["history"]
    ]
    print(table(("version", "alias", "since", "by", "note", ""), rows))


def _last(view: dict[str, Any], of: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in reversed(view["history"]) if each["alias"] == of["alias"])
    return found
