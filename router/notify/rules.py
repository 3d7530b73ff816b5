"""How messages are sent here: what the site allows, and how patient it is."""

from __future__ import annotations

from msgspec import Struct, field

from citizens.quiet import Quiet
from router.notify.wording import Told

SECOND = 1_000_000


class Rules(Struct, frozen=True):
    """From the configuration."""

    messages: dict[str, Told] = field(default_factory=dict)
    quiet: Quiet = Quiet()
    zone: str = "Europe/Paris"
    attempts: int = 5
    first_pause: int = 30 * SECOND
    longest_pause: int = 6 * 3600 * SECOND
    claim: int = 180 * SECOND  # whoever began to send has ended by then, or is dead
    ask_after: tuple[int, ...] = (60 * SECOND, 600 * SECOND, 3600 * SECOND, 6 * 3600 * SECOND)
    keep_s: int = 30 * 86_400  # what became of it is known this long

    def pause(self, times: int) -> int:
        """After so many failures."""
        return int(min(self.first_pause * 2 ** min(max(times - 1, 0), 30), self.longest_pause))
