"""From files to the typed tree, or to every fault in them at once.

A configuration is one file, or a folder: `guichet.yaml` and every other `*.yaml` beside it, joined. Each file
has the same top-level keys, so agents may stand in `agents.yaml` under `agents:`; the same key in two files
is a fault unless both hold maps, which are joined.
"""

from __future__ import annotations

import os
from copy import deepcopy
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from config.fault import Fault, Faults, Place, dotted
from config.meaning import doubts
from config.shape import misfits
from config.source import Source
from config.tree import Tree

if TYPE_CHECKING:
    from config.fault import Path
    from config.shape import Misfit
    from config.source import Plain

MAIN_FILE = "guichet.yaml"
MAX_FILES = 64

SITE = FilePath("/etc/guichet")
DEMO = FilePath(__file__).parent / "examples" / "demo"  # the demonstration agency, shipped


def default_place() -> FilePath:
    """Where to look when no place is named: $GUICHET_CONFIG, the site's folder, the demonstration."""
    named = os.environ.get("GUICHET_CONFIG")
    if named:
        return FilePath(named)
    return SITE if SITE.is_dir() else DEMO


class Loaded(NamedTuple):
    """A tree that may rule, and what is odd in it."""

    tree: Tree
    warnings: list[Fault]


def load(place: FilePath) -> Loaded:
    """Read a file or a folder. Raises Faults with all that is wrong."""
    joined = _Joined(_sources(place), place)
    wrong = list(misfits(joined.value, msgspec.inspect.type_info(Tree)))
    for misfit in wrong:
        joined.fault(misfit.path, misfit.message, on_key=misfit.on_key)
    tree = _rest(joined.value, wrong)
    for doubt in doubts(tree) if tree is not None else ():
        joined.fault(doubt.path, doubt.message, warning=doubt.warning)
    if tree is None or not all(fault.warning for fault in joined.faults):
        raise Faults(joined.faults)
    return Loaded(tree, sorted(joined.faults))


def _rest(value: dict[str, Plain], wrong: list[Misfit]) -> Tree | None:
    """What is left without the misfits, so that its meaning is checked in the same run."""
    rest = deepcopy(value)
    for misfit in wrong:
        inside: Plain = rest
        for part in misfit.path[:-1]:
            inside = inside.get(str(part)) if isinstance(inside, dict) else None
        if isinstance(inside, dict):
            inside.pop(str(misfit.path[-1]), None)
    try:
        return msgspec.convert(rest, Tree)
    except msgspec.ValidationError:
        return None


def _sources(place: FilePath) -> list[Source]:
    if not place.is_dir():
        return [Source.of(place, str(place))]
    main = place / MAIN_FILE
    if not main.is_file():
        raise Faults([Fault(Place(str(main)), f"not found: a configuration folder has a {MAIN_FILE}")])
    others = sorted(file for file in place.glob("*.yaml") if file != main and not file.name.startswith("."))
    if len(others) >= MAX_FILES:
        raise Faults([Fault(Place(str(place)), f"more than {MAX_FILES} files")])
    return [Source.of(file, str(file)) for file in (main, *others)]


class _Joined:
    """Sources laid over each other; every path still knows its place."""

    def __init__(self, sources: list[Source], place: FilePath) -> None:
        self.value: dict[str, Plain] = {}
        self.keys: dict[Path, Place] = {}
        self.values: dict[Path, Place] = {(): Place(str(place))}
        self.faults = [fault for source in sources for fault in source.faults]
        self._unread = {fault.place for fault in self.faults}
        for source in sources:
            if isinstance(source.value, dict):
                self._join(self.value, source.value, source, ())
            elif not source.faults:
                self.faults.append(Fault(source.values[()], "a file is a map of keys, such as `topics:`"))
            self.keys = source.keys | self.keys
            self.values = source.values | self.values

    def fault(self, path: Path, message: str, *, on_key: bool = False, warning: bool = False) -> None:
        first, second = (self.keys, self.values) if on_key else (self.values, self.keys)
        while path and path not in first and path not in second:
            path = path[:-1]
        place = first.get(path) or second[path]
        if place not in self._unread:  # what could not be read has its fault already
            self.faults.append(Fault(place, message, warning))

    def _join(self, into: dict[str, Plain], new: dict[str, Plain], source: Source, path: Path) -> None:
        for key, value in new.items():
            here = (*path, key)
            known = into.get(key)
            if key not in into:
                into[key] = value
            elif isinstance(known, dict) and isinstance(value, dict):
                self._join(known, value, source, here)
            else:
                first = self.keys[here]
                message = f"`{dotted(here)}` is given twice, first in {first}"
                self.faults.append(Fault(source.keys[here], message))
