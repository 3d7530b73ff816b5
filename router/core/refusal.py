"""Why an event was not applied: a closed code and words that tell the mend. It changed nothing."""

from __future__ import annotations

from typing import Literal

Code = Literal[
    "bad_json", "bad_field", "unknown_event", "unknown_contact", "unknown_agent", "unknown_offer",
    "not_now", "time_went_back", "poison",
]  # fmt: skip


class Refusal(Exception):
    """Raised by checks inside the core, returned by `step` in its result: callers never see it raised."""

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(message)
        self.code: Code = code
        self.message = message
