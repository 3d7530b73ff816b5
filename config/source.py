"""YAML as plain values that remember their place. Bounded: a hostile file costs little and runs nothing.

Only what JSON can say is taken, so `no` is text and a date is text until a type asks for one. A key given
twice, a tag, a merge key, a second document are faults; aliases are followed within the same bounds.
"""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from config.fault import Fault, Place, dotted

if TYPE_CHECKING:
    from config.fault import Path

MAX_BYTES = 1_000_000  # of one file: some 8,000 agents
MAX_DEPTH = 20
MAX_VALUES = 200_000  # of one file, aliases counted each time they are used
MAX_OPEN = 200  # brackets that stand open, those in texts too: more is an attack

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]

_SCALARS = ("str", "int", "float", "bool", "null", "timestamp")
_TAG = "tag:yaml.org,2002:"


class Source:
    """One file: its `value`, where each key and value stands, and what was wrong with its form."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self.keys: dict[Path, Place] = {}
        self.values: dict[Path, Place] = {}
        self.faults: list[Fault] = []
        self._budget = MAX_VALUES
        node = self._compose(text)
        self.value: Plain = {} if node is None else self._plain(node, ())

    @classmethod
    def of(cls, path: FilePath, name: str, most: int = MAX_BYTES) -> Source:
        """Read a file. Not finding it, or not UTF-8 in it, is a fault of the source."""
        try:
            with path.open("rb") as file:
                raw = file.read(most + 1)
            if len(raw) > most:
                return cls._broken(name, f"longer than {most} bytes: spread it over several files")
            return cls(name, raw.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            return cls._broken(name, f"byte {error.start + 1} is not UTF-8: save the file as UTF-8")
        except OSError as error:
            return cls._broken(name, f"cannot be read: {error.strerror}")

    @classmethod
    def _broken(cls, name: str, message: str) -> Source:
        source = cls(name, "")
        source.faults.append(Fault(Place(name), message))
        return source

    def _compose(self, text: str) -> Node | None:
        if (line := _too_deep(text)) is not None:
            self.faults.append(Fault(Place(self.name, line), f"nested more than {MAX_DEPTH} deep"))
            return None
        try:
            node: Node | None = YAML(typ="safe", pure=True).compose(text)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = Place(self.name, mark.line + 1, mark.column + 1) if mark else Place(self.name)
            self.faults.append(Fault(place, f"not YAML: {error.problem or error.context}"))
            return None
        except YAMLError as error:
            self.faults.append(Fault(Place(self.name), f"not YAML: {str(error).splitlines()[0]}"))
            return None
        except RecursionError:
            self.faults.append(Fault(Place(self.name), f"nested more than {MAX_DEPTH} deep"))
            return None
        return node

    def _plain(self, node: Node, path: Path) -> Plain:
        self.values[path] = self._place(node)
        self._budget -= 1
        if self._budget < 0:
            if self._budget == -1:
                self._fault(node, f"more than {MAX_VALUES} values, aliases counted each time they are used")
            return None
        if len(path) > MAX_DEPTH:
            self._fault(node, f"nested more than {MAX_DEPTH} deep")
            return None
        tag = node.tag or ""
        if isinstance(node, MappingNode) and tag == _TAG + "map":
            return self._mapping(node, path)
        if isinstance(node, SequenceNode) and tag == _TAG + "seq":
            return [self._plain(item, (*path, index)) for index, item in enumerate(node.value)]
        if isinstance(node, ScalarNode) and (kind := tag.removeprefix(_TAG)) in _SCALARS:
            return _scalar(kind, node.value)
        self._fault(node, f"`{tag.replace(_TAG, '!!')}`: tags are not taken, write a plain value")
        return None

    def _mapping(self, node: MappingNode, path: Path) -> Plain:
        mapping: dict[str, Plain] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                self._fault(key, "a key must be one word, not a list or a map")
            elif key.tag == _TAG + "merge":
                self._fault(
                    key, "merge keys (`<<`) are not taken: write the keys out, or alias a whole value"
                )
            elif key.value in mapping:
                first = self.keys[(*path, key.value)]
                self._fault(key, f"`{dotted((*path, key.value))}` is given twice, first in line {first.line}")
            else:
                self.keys[(*path, key.value)] = self._place(key)
                mapping[key.value] = self._plain(value, (*path, key.value))
        return mapping

    def _place(self, node: Node) -> Place:
        return Place(self.name, node.start_mark.line + 1, node.start_mark.column + 1)

    def _fault(self, node: Node, message: str) -> None:
        self.faults.append(Fault(self._place(node), message))


def _too_deep(text: str) -> int | None:
    """The line where brackets pile up beyond any sense: the parser's time grows with their square."""
    deep = 0
    for number, line in enumerate(text.splitlines(), 1):
        for sign in line:
            deep += (sign in "[{") - (sign in "]}")
            if deep > MAX_OPEN:
                return number
        deep = max(0, deep)
    return None


def _scalar(tag: str, text: str) -> Plain:
    if tag == "null":
        return None
    if tag == "bool":
        return text.lower() == "true"
    try:
        if tag == "int":
            return int(text, 0)  # 012 is text: what it means differs between versions of YAML
        if tag == "float":
            return float(text)
    except ValueError:
        return text
    return text
