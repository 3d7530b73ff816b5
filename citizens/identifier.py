"""What a citizen can be known by: a telephone number, an e-mail address, a beneficiary number, an account.

One spelling per thing, so that two spellings are never two people; what only looks alike stays apart. An
identifier is personal: it never shows its value in a `repr`, which may end in a log.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Kind = Literal["phone", "email", "beneficiary", "franceconnect", "handle"]
KINDS: tuple[Kind, ...] = ("phone", "email", "beneficiary", "franceconnect", "handle")

# Whether holding it says who somebody is. A telephone number does not: households share one, and operators
# give it to the next. So even a proved number only says where somebody can be reached.
PERSONAL: dict[Kind, bool] = {
    "phone": False,
    "email": True,
    "beneficiary": True,
    "franceconnect": True,
    "handle": True,
}


class Unusable(ValueError):
    """This is no identifier. `code` is closed and holds nothing of what was given."""

    def __init__(self, kind: str, code: str) -> None:
        super().__init__(f"{kind}: {code}")
        self.kind = kind
        self.code = code  # withheld, premium, short, not_a_number, not_an_address, key_wrong, …


class Identifier(Struct, frozen=True, order=True, repr_omit_defaults=True):
    """One identifier in its one spelling: make it by `citizens.spelling.spell`, which checks it."""

    kind: Kind
    value: str

    def __repr__(self) -> str:
        return f"Identifier({self.kind})"

    @property
    def masked(self) -> str:
        """Enough to be recognised by whom it belongs to, too little for anybody else."""
        name, at, domain = self.value.rpartition("@")
        if self.kind == "email" and at:
            return f"{name[:1]}…@{domain}"
        return f"…{self.value[-2:]}"
