"""What became of a message that was handed to a server: taken, later, or never.

The code is closed and holds nothing of what was sent: it may be logged, counted and kept. It never says
`taken` of what no server confirmed.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Result = Literal["taken", "later", "never"]


class Refused(Struct, frozen=True, repr_omit_defaults=True):
    """A recipient whom the server did not take. The address is personal: it shows in no `repr`."""

    address: str
    permanent: bool
    status: int

    def __repr__(self) -> str:
        return f"Refused(permanent={self.permanent}, status={self.status})"


class Delivery(Struct, frozen=True, omit_defaults=True):
    """`taken`: the server answers for it now. `later`: try again. `never`: trying again changes nothing."""

    result: Result
    code: str = ""  # accepted, unreachable, timeout, certificate, login, refused, unusable, cut_off, …
    status: int = 0  # the server's own three digits, if it gave any
    unsure: bool = False  # of `later`: it may have been taken all the same, before the answer was lost
    refused: tuple[Refused, ...] = ()  # of `taken`: for these it was not
    reference: str = ""  # the provider's own name for it
