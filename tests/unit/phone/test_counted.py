"""Everything that the phone counts has its series: a word the labels lack would be lost in `other`."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import get_args, get_type_hints

from metrics.labels import PHONE
from router.phone import said

HERE = Path(said.__file__).parent


def counted() -> set[str]:
    """Every constant word given to a counter, and each aim of an action with each of its results."""
    aims = get_args(get_type_hints(said.Do)["aim"])
    found = {f"{aim}_{result}" for aim in aims for result in get_args(said.Result)}
    for path in HERE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(
                    func=ast.Attribute(attr="_count" | "count") | ast.Name(id="count"), args=[word]
                ):
                    if path.stem in ("agi_server", "wire"):
                        continue  # counted under `agi_`; numbers of actions
                    constants = (part for part in ast.walk(word) if isinstance(part, ast.Constant))
                    found |= {
                        part.value
                        for part in constants
                        if isinstance(part.value, str) and len(part.value) > 1
                    }
    return found - {"agi_"}  # goes before what becomes of a FastAGI connection


def test_each_word_the_phone_counts_has_its_series() -> None:
    assert {"accepted", "logins", "dial_done"} <= counted()
    assert counted() - set(PHONE) == set()
