"""An export as a folder to hand over: a text to read, everything as JSON, and their files beside it.

It writes into a folder of its own, which nobody else may read, and never over anything.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from router.commands.citizen_text import Reading
from router.commands.client import Failed

UNSAFE = re.compile(r"[^\w.() -]")
LONGEST = 80  # characters of a file's name
TEXT = {"fr": "a-lire.txt", "en": "to-read.txt"}


def hand_over(export: Mapping[str, Any], folder: Path, language: str, zone: str) -> list[Path]:
    """What was written. Raises Failed if the folder is there already, or cannot be made."""
    try:
        folder.mkdir(mode=0o700)
        files = _files(export, folder)
        whole = json.dumps(export, indent=2, ensure_ascii=False)
        text = Reading(export, language, zone, files).text(dt.datetime.now(dt.UTC))
        _write(folder / TEXT[language], text.encode())
        _write(folder / "everything.json", whole.encode())
    except FileExistsError:
        raise Failed(f"{folder} is there already: name a new folder") from None
    except OSError as fault:
        raise Failed(f"{folder} cannot be written: {fault.strerror}") from None
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _files(export: Mapping[str, Any], folder: Path) -> dict[str, str]:
    """Their files, in clear: base64 -> where it is."""
    found: dict[str, str] = {}
    for file in _enclosed(export["elsewhere"]):
        content = file["content"]
        if content not in found:
            (folder / "files").mkdir(mode=0o700, exist_ok=True)
            name = (
                f"files/{len(found) + 1:03}-{UNSAFE.sub('_', file['name'])[-LONGEST:].strip('. _') or 'file'}"
            )
            _write(folder / name, base64.b64decode(content))
            found[content] = name
    return found


def _enclosed(thing: Any) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401 - JSON of any shape
    """Everything that is a file, wherever it is."""
    if isinstance(thing, Mapping):
        if isinstance(thing.get("content"), str) and isinstance(thing.get("name"), str):
            yield thing
        else:
            for each in thing.values():
                yield from _enclosed(each)
    elif isinstance(thing, list):
        for each in thing:
            yield from _enclosed(each)


def _write(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(data)
