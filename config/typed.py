"""A YAML file of its own (a scenario, a rota) as a typed value: every misfit at once, each with its line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

import msgspec

from config.fault import Fault, Faults, Path, Place
from config.shape import misfits
from config.source import Source

if TYPE_CHECKING:
    from pathlib import Path as FilePath

T = TypeVar("T")


class Typed(NamedTuple, Generic[T]):
    """The value, and where each part of it stands."""

    value: T
    source: Source

    def place(self, path: Path) -> Place:
        """Of a value, or of the nearest thing around it."""
        return place_of(self.source, path)

    def fault(self, path: Path, message: str) -> Fault:
        """Something that the types cannot say."""
        return Fault(self.place(path), message)


def read_as(path: FilePath, kind: type[T]) -> Typed[T]:
    """The file as this type. Raises Faults."""
    source = Source.of(path, str(path))
    wrong = list(source.faults)
    if not wrong:
        wrong = [
            Fault(place_of(source, misfit.path, on_key=misfit.on_key), misfit.message)
            for misfit in misfits(source.value, msgspec.inspect.type_info(kind))
        ]
    if wrong:
        raise Faults(wrong)
    try:
        return Typed(msgspec.convert(source.value, kind), source)
    except msgspec.ValidationError as error:  # what a type says and `misfits` does not know
        raise Faults([Fault(Place(str(path)), str(error))]) from None


def place_of(source: Source, path: Path, *, on_key: bool = False) -> Place:
    """Where it stands in the file; of what is not there, where it should have been."""
    first, second = (source.keys, source.values) if on_key else (source.values, source.keys)
    while path and path not in first and path not in second:
        path = path[:-1]
    return first.get(path) or second.get(path) or Place(source.name)
