"""What `simulate` and `whatif` are asked alike: how often, on how many cores, where to write.

It is looked at before the work begins: nobody shall wait a quarter of an hour to learn of a wrong folder.
"""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from pathlib import Path

LEAST = {"replications": 1, "seed": 0, "cores": 1}


def add(command: ArgumentParser, drawn: str, written: str) -> None:
    """`drawn` and `written`: what is in the picture, and in the JSON."""
    command.add_argument("--cores", type=int, default=os.cpu_count() or 1, metavar="N", help="default: all")
    command.add_argument("--plot", type=Path, metavar="FILE.svg", help=drawn)
    command.add_argument("--json", type=Path, metavar="FILE", help=written)


def check(asked: Namespace) -> None:
    """Raises ValueError with what is wrong and what would do."""
    for name, least in LEAST.items():
        given = getattr(asked, name)
        if given is not None and given < least:
            raise ValueError(f"--{name} {given} is too small: from {least}")
    if asked.plot is not None and asked.plot.suffix != ".svg":
        name = asked.plot.with_suffix(".svg").name
        raise ValueError(f"--plot {asked.plot}: pictures are SVG, which every browser opens: name it {name}")
    for option, path in (("--plot", asked.plot), ("--json", asked.json)):
        if path is None:
            continue
        if path.is_dir():
            raise ValueError(f"{option} {path}: that is a folder; name a file in it")
        if not os.access(path if path.exists() else path.parent, os.W_OK):
            there = "cannot be written to" if path.parent.is_dir() else f"there is no folder {path.parent}"
            raise ValueError(f"{option} {path}: {there}")
