"""One value of a policy as a sentence in two languages, of which `guichet policy` is made. No words here."""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal["time", "count", "points", "yes", "names", "levels", "percent", "thousandths", "word"]


class Clause(NamedTuple):
    """`none_*`: what is said where the value is none, no, zero or empty."""

    kind: Kind
    en: str
    fr: str
    none_en: str = ""
    none_fr: str = ""
