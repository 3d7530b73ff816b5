"""Which flow a command is about, and the configuration it is looked at under."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from config.fault import Faults
from config.loader import default_place, load
from config.tree import Tree
from ivr_flows.check import check
from ivr_flows.loader import Draft, draft

ENDING = ".yaml"
SCENARIOS = ".scenarios.yaml"
LIBRARY = Path(__file__).parents[2] / "ivr_flows" / "library"


def add_options(action: argparse.ArgumentParser, *, several: bool = False) -> None:
    """FLOW, --folder, --config."""
    if several:
        action.add_argument("flows", nargs="*", metavar="FLOW", help="a file, or a name in the folder")
    else:
        action.add_argument("flow", metavar="FLOW", help="a file, or a name in the folder")
    action.add_argument("--folder", type=Path, metavar="DIR", help="where flows are (default: flows.folder)")
    action.add_argument(
        "--config",
        type=Path,
        metavar="DIR",
        help="the site's configuration (default: $GUICHET_CONFIG, else /etc/guichet, else the demonstration)",
    )
    action.add_argument(
        "--no-config", action="store_true", help="look at the flow by itself, not at what the site has"
    )


def tree_of(arguments: argparse.Namespace) -> Tree | None:
    """The configuration; None if it is not to be looked at."""
    if arguments.no_config:
        return None
    return load(arguments.config or default_place()).tree


def folder_of(arguments: argparse.Namespace, tree: Tree | None) -> Path:
    """Where flows are: what is said, else what is configured, else the library that is shipped."""
    if arguments.folder is not None:
        return Path(arguments.folder)
    folder = Path(tree.flows.folder if tree is not None else "flows")
    return folder if folder.is_dir() or not LIBRARY.is_dir() else LIBRARY


def file_of(name: str, folder: Path) -> Path:
    """The flow's file. Raises FileNotFoundError with what there is."""
    given = Path(name)
    if given.suffix == ENDING:
        if not given.is_file():
            raise FileNotFoundError(f"no file {given}")
        return given
    file = folder / f"{name}{ENDING}"
    if not file.is_file():
        there = ", ".join(names(folder)) or "none"
        raise FileNotFoundError(f"no flow `{name}` in {folder}: there are {there} (guichet flow new NAME)")
    return file


def names(folder: Path) -> list[str]:
    """Every flow of a folder."""
    files = sorted(folder.glob(f"*{ENDING}")) if folder.is_dir() else []
    return [file.stem for file in files if not file.name.endswith(SCENARIOS)]


def good(arguments: argparse.Namespace, tree: Tree | None) -> Draft:
    """The flow, if nothing is wrong with it. Raises Faults."""
    made = draft(file_of(arguments.flow, folder_of(arguments, tree)))
    found = check(made, tree)
    if any(not fault.warning for fault in found):
        raise Faults([fault for fault in found if not fault.warning])
    for warning in found:
        print(warning, file=sys.stderr)
    return made
