"""What one trial found, in the words of `guichet check`."""

from __future__ import annotations

from msgspec import Struct


class Found(Struct, frozen=True):
    """One thing that was tried. `mend` is empty where all is well."""

    what: str
    mend: str = ""
    warning: bool = False
