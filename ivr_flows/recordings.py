"""What people have recorded, found by what is said in it: `recordings/fr/index.yaml` maps a text to its file.

A text that is changed has no recording any more: the wrong one is never played. The voice says what is
missing, until somebody records it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

INDEX = "index.yaml"
INDEX_MAX = 4_000_000  # bytes


class BadIndex(ValueError):
    """An index that cannot be used, with its place and mend."""


class Recorded(Struct, frozen=True):
    """A file, and the hash of what is in it."""

    file: Path
    content: str


def same(text: str) -> str:
    """The text as it is looked for: blanks and their kinds make no difference."""
    return " ".join(text.split())


def load(folder: Path) -> dict[tuple[str, str], Recorded]:
    """By language and text. A folder that is not there holds nothing. Raises BadIndex."""
    found: dict[tuple[str, str], Recorded] = {}
    for index in sorted(folder.glob(f"*/{INDEX}")):
        for text, name in _read(index).items():
            file = (index.parent / str(name)).resolve()
            if not file.is_relative_to(folder.resolve()):
                raise BadIndex(f"{index}: {name} lies outside; put it beside the index")
            if not file.is_file():
                raise BadIndex(f"{index}: there is no {name}; record it, or take its line out")
            content = hashlib.blake2b(file.read_bytes(), digest_size=16).hexdigest()
            found[index.parent.name, same(str(text))] = Recorded(file, content)
    return found


def _read(index: Path) -> Mapping[object, object]:
    if index.stat().st_size > INDEX_MAX:
        raise BadIndex(f"{index} is larger than {INDEX_MAX} bytes; split the recordings by language")
    try:
        tree = YAML(typ="safe").load(index.read_text("utf-8"))
    except (YAMLError, UnicodeDecodeError) as fault:
        raise BadIndex(f"{index} is no YAML: {str(fault).splitlines()[0]}; write `text: file.wav`") from None
    if tree is None:
        return {}
    if not isinstance(tree, Mapping):
        raise BadIndex(f"{index} must map each text to its file: write `text: file.wav`")
    return tree


def missing(
    wanted: Iterable[tuple[str, str]], recorded: Mapping[tuple[str, str], Recorded]
) -> list[tuple[str, str]]:
    """What nobody has recorded yet, in order, each once."""
    return [
        each
        for each in dict.fromkeys((language, same(text)) for language, text in wanted)
        if each not in recorded
    ]
