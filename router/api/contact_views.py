"""What a client reads of contacts: one line in a list, its whole story alone. Never a rank or a citizen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from router.api.views import instant, seconds
from router.core.policy import SECOND
from router.tell.sight import TABLE, points

if TYPE_CHECKING:
    from router.api.permissions import Caller
    from router.core.state import ContactRecord, Moved, OfferRecord, State


LOST = "lost"  # the reason of those whose call broke with its Asterisk: to be called back


class ContactView(Struct, frozen=True):
    """One contact in a line of a list. Instants are seconds since 1970."""

    contact: str
    channel: str
    topic: str
    language: str
    state: str
    agent: str | None
    second: str | None  # the colleague asked about it
    held: bool  # the citizen hears music
    paused: bool  # its agent laid it aside for somebody who cannot wait
    recording: str  # on, paused, or empty
    arrived_at: float
    since: float
    waited_s: float  # from first arrival until it was served, left, or now
    target_s: float
    reason: str


class ContactList(Struct, frozen=True):
    """In the order asked for. `next` is the `after` of the next page, null at the end."""

    contacts: list[ContactView]
    next: str | None


class OfferView(Struct, frozen=True):
    """One offer made of a contact, with what spoke for this agent; an auditor reads every term."""

    offer: str
    agent: str
    state: str
    made_at: float
    expires_at: float
    score: int
    why: dict[str, int]


class RefusalView(Struct, frozen=True):
    """An agent who declined or missed the contact."""

    agent: str
    at: float


class MoveView(Struct, frozen=True):
    """A supervisor gave the contact another place."""

    to: str
    by: str
    reason: str
    at: float


class Story(Struct, frozen=True):
    """One contact and all that was decided for it."""

    contact: ContactView
    needs: list[dict[str, int]]
    position: int | None  # place in line on its channel while it waits, from 1
    offers: list[OfferView]
    refusals: list[RefusalView]
    put_aside: bool  # for a supervisor: an event about it could not be applied
    pool: str  # inside this one, or empty
    after: str | None  # a call-back: the contact whose place it took
    moved: MoveView | None  # a supervisor's last move; an agent does not read it


def contact_view(record: ContactRecord, now: int) -> ContactView:
    """The contact as of now."""
    return ContactView(
        record.contact,
        record.channel,
        record.topic,
        record.language,
        record.state,
        record.agent,
        record.second,
        record.held,
        record.paused_at is not None,
        record.recording,
        instant(record.arrived_at),
        instant(record.since),
        seconds(waited(record, now)),
        record.target / SECOND,
        record.reason,
    )


def waited(record: ContactRecord, now: int) -> int:
    """Microseconds from first arrival until first served, until it left, or until now."""
    if record.served_at:
        return record.served_at - record.arrived_at
    return (record.since if record.state == "gone" else now) - record.arrived_at


def story(state: State, record: ContactRecord, now: int, caller: Caller) -> Story:
    """All of one contact. An agent reads of colleagues neither offers nor refusals."""
    offers = [_offer(state.offers[name], caller) for name in record.offers if name in state.offers]
    refusals = [RefusalView(agent, instant(at)) for agent, at in sorted(record.refusals.items())]
    if caller.role == "agent":
        offers = [offer for offer in offers if offer.agent == caller.agent]
        refusals = [refusal for refusal in refusals if refusal.agent == caller.agent]
    return Story(
        contact_view(record, now),
        [dict(needs) for needs in record.needs],
        position(state, record),
        offers,
        refusals,
        record.aside,
        record.pool,
        record.after,
        None if record.moved is None or caller.role == "agent" else _move(record.moved),
    )


def _move(moved: Moved) -> MoveView:
    return MoveView(moved.to, moved.by, moved.reason, instant(moved.at))


def position(state: State, record: ContactRecord) -> int | None:
    """One more than wait on the same channel at a better rank; None unless it waits."""
    if record.state != "waiting":
        return None
    place = (record.rank, record.contact)
    line = (other for other in state.contacts.values() if other.state == "waiting")
    return 1 + sum(other.channel == record.channel and (other.rank, other.contact) < place for other in line)


def _offer(record: OfferRecord, caller: Caller) -> OfferView:
    terms, score = points(record.why, record.score, TABLE[caller.role])
    return OfferView(
        record.offer,
        record.agent,
        record.state,
        instant(record.made_at),
        instant(record.expires_at),
        score or 0,
        dict(terms),
    )
