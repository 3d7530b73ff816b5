"""The one door to who somebody is, for every gateway.

It finds or makes the citizen behind identifiers, keeps their journey, preferences and consents, and never
joins two people by an unverified claim. Caller-id is a hint, never proof.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from citizens.claim import Claim
    from citizens.consent import Consent, Purpose
    from citizens.identifier import Identifier
    from citizens.journey import Happened, Journey
    from citizens.met import Met
    from citizens.preferences import Preferences


class UnknownCitizen(Exception):
    """No such citizen: never met, erased, or expired."""


class Register:
    """Signatures are final; bodies follow."""

    def __init__(self, store: Any, keys: Any, now: Callable[[], int]) -> None:  # noqa: ANN401
        self._store, self._keys, self._now = store, keys, now

    async def recognise(self, claims: Sequence[Claim], channel: str) -> Met:
        """Who this may be: reads only, one round trip. `settle` it once the contact is on the log."""
        raise NotImplementedError

    async def settle(
        self, met: Met, claims: Sequence[Claim], channel: str, contact: str = "",
        record: dict[str, Any] | None = None, ttl_s: int = 86400,
    ) -> None:  # fmt: skip
        """Write down who was met and, sealed under their key, what is known of this contact. One round trip.

        Repeating it is harmless. It may run beside the append of the Contact event.
        """
        raise NotImplementedError

    async def meet(
        self, claims: Sequence[Claim], channel: str, contact: str = "",
        record: dict[str, Any] | None = None, ttl_s: int = 86400,
    ) -> Met:  # fmt: skip
        """`recognise`, then `settle`: for gateways whose path need not be fast."""
        met = await self.recognise(claims, channel)
        await self.settle(met, claims, channel, contact, record, ttl_s)
        return met

    async def prove(self, citizen: str, claim: Claim) -> Met:
        """A proof given during a contact: `citizen` may turn out to be somebody known, and is joined to them.

        The returned `Met.citizen` is still the one given; both read as one person from now on.
        """
        raise NotImplementedError

    async def note(self, citizen: str, happened: Happened) -> None:
        """Write the journey; the same id twice is one entry. A citizen who was erased is passed over."""
        raise NotImplementedError

    async def journey(self, citizen: str) -> Journey:
        """Everything that happened with this person, through whichever of their identities."""
        raise NotImplementedError

    async def preferences(self, citizen: str) -> Preferences:
        """Raises UnknownCitizen."""
        raise NotImplementedError

    async def prefer(self, citizen: str, preferences: Preferences) -> None:
        """Replaces what was preferred. Raises UnknownCitizen."""
        raise NotImplementedError

    async def consents(self, citizen: str) -> tuple[Consent, ...]:
        """All that was ever given, with what was taken back. Raises UnknownCitizen."""
        raise NotImplementedError

    async def consent(self, citizen: str, consent: Consent) -> None:
        """Keep one yes with its proof, and note it in the journey. Raises UnknownCitizen."""
        raise NotImplementedError

    async def withdraw(self, citizen: str, purpose: Purpose, by: str, agency: str = "") -> None:
        """Take a yes back, and note it in the journey. Raises UnknownCitizen."""
        raise NotImplementedError

    async def agrees(self, citizen: str, purpose: Purpose, agency: str = "") -> bool:
        """Whether a yes to this stands now. False for whom nobody knows."""
        raise NotImplementedError

    async def reach(self, citizen: str) -> tuple[Identifier, ...]:
        """Where a message may be sent: verified telephone numbers and addresses, the newest proof first."""
        raise NotImplementedError

    async def keep(self, citizen: str, name: str, value: bytes) -> None:
        """Keep something small of another part (facts of an agency …) sealed under the citizen's key."""
        raise NotImplementedError

    async def kept(self, citizen: str, name: str) -> bytes | None:
        """What `keep` kept, None if nothing."""
        raise NotImplementedError

    async def erase(self, citizen: str) -> tuple[str, ...]:
        """Destroy the keys of this person: every identity of theirs reads as never met. Returns them."""
        raise NotImplementedError
