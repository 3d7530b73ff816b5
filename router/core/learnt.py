"""What the core learns of kinds of contact: how long they keep an agent, and how many come.

A kind is a channel and its needs; every channel is one more kind, without needs, which the others are
shrunk to. Each event touches two records, in constant time; kinds long unused make room for new ones, so
hostile variety costs memory for `KINDS_MAX` of them and no more. Durable: in snapshots and under the
digest. What concerns an agent is not here but in that agent's own record (`pace`).
"""

from __future__ import annotations

from msgspec import Struct, field

from router.core.flow import Flow
from router.core.foretold import Errors
from router.core.needs import KindKey, NeedsKey
from router.core.policy import SECOND
from skills.speed import follow, shrunk

KINDS_MAX = 1_000
MEMORY = 4_000  # observations after which an average is an exponential one: its error is near 1/sqrt(8000)
CREDIBLE_KIND = 10  # a kind's own weigh as much as its channel's after so many
CREDIBLE_CHANNEL = 5  # and a channel's as much as what is assumed below
OUTLIER = 10  # times what is expected: a wrap-up nobody ended teaches no more than this
WINDOW = 300 * SECOND  # arrivals are counted over one to two of these
MICRO = 1_000_000

ASSUMED = {
    "phone": 300 * SECOND,
    "chat": 480 * SECOND,
    "email": 400 * SECOND,
    "callback": 300 * SECOND,
    "counter": 600 * SECOND,
    "appointment": 1200 * SECOND,
    "outreach": 300 * SECOND,
}  # from an offer accepted to wrapped up, until it is learnt

CHANNEL: NeedsKey = ()  # the needs of the kind that stands for the channel itself


class KindRecord(Struct):
    """One kind of contact."""

    channel: str
    needs: NeedsKey
    used: int = 0  # number of the event that last used it: the least makes room
    handling: int = 0  # average from accepted to wrapped up, microseconds
    handled: int = 0  # how many it was learnt from, at most MEMORY
    talk: int = 0  # the same, from accepted to the conversation's end
    talked: int = 0
    since: int = 0  # when the window of `now_came` began
    now_came: int = 0
    before_came: int = 0  # in the window before
    reserve: int = 0  # thousandths of an agent kept idle for it (`router/core/kept.py`)
    first: int = 0  # when the first came: a short past is no low rate
    flow: Flow = field(default_factory=Flow)
    errors: Errors = field(default_factory=Errors)
    points: list[int] = field(default_factory=list)  # of the law of waits (`calibrate`)


def rate_of(kind: KindRecord, now: int) -> int:
    """How many come, in millionths per second of event time, over the last five to ten minutes.

    Times `handling` in seconds it is the load they offer, in millionths of an agent.
    """
    if now - kind.since >= 2 * WINDOW:
        return 0
    came, late = kind.now_came, now - kind.since
    before = kind.before_came
    if late >= WINDOW:  # nobody has come since that window ended
        before, came, late = came, 0, late - WINDOW
    past = min(now - kind.first, WINDOW + late)
    return (came + before) * MICRO * SECOND // max(past, 60 * SECOND)


class Learnt:
    """All kinds, the longest unused first (a channel's own never makes room)."""

    def __init__(self, kinds: dict[KindKey, KindRecord], touched: set[KindKey]) -> None:
        self.kinds = kinds  # the state's own
        self.touched = touched  # what the digest must look at again

    # ---- what others ask

    def handling(self, channel: str, needs: NeedsKey = CHANNEL) -> int:
        """How long such a contact keeps an agent, microseconds: the kind's own, shrunk to its channel's."""
        whole = self.kinds.get((channel, CHANNEL))
        known = ASSUMED[channel]
        if whole is not None:
            known = shrunk(whole.handling, whole.handled, known, CREDIBLE_CHANNEL)
        kind = self.kinds.get((channel, needs)) if needs else None
        return known if kind is None else shrunk(kind.handling, kind.handled, known, CREDIBLE_KIND)

    def handled_of(self, channel: str) -> int:
        """How many of a channel its handling was learnt from."""
        whole = self.kinds.get((channel, CHANNEL))
        return 0 if whole is None else whole.handled

    def talking(self, channel: str, needs: NeedsKey = CHANNEL) -> int:
        """The conversation alone; as long as the whole handling until it is learnt."""
        whole = self.kinds.get((channel, CHANNEL))
        known = ASSUMED[channel]
        if whole is not None:
            known = shrunk(whole.talk, whole.talked, known, CREDIBLE_CHANNEL)
        kind = self.kinds.get((channel, needs)) if needs else None
        return known if kind is None else shrunk(kind.talk, kind.talked, known, CREDIBLE_KIND)

    # ---- what events teach

    def arrived(self, key: KindKey, n: int, now: int) -> None:
        """One more of this kind came, or came back."""
        for record in self.use(key, n, now):
            late = now - record.since
            if late >= WINDOW:
                record.before_came = record.now_came if late < 2 * WINDOW else 0
                record.now_came = 0
                record.since += late // WINDOW * WINDOW
            record.now_came += 1

    def talked(self, key: KindKey, n: int, now: int, took: int) -> None:
        """A conversation of this kind ended."""
        took = min(took, OUTLIER * self.talking(*key))
        for record in self.use(key, n, now):
            record.talk, record.talked = follow(record.talk, record.talked, took, MEMORY)

    def handled(self, key: KindKey, n: int, now: int, took: int) -> None:
        """A contact of this kind is wrapped up."""
        took = min(took, OUTLIER * self.handling(*key))
        for record in self.use(key, n, now):
            record.handling, record.handled = follow(record.handling, record.handled, took, MEMORY)

    def use(self, key: KindKey, n: int, now: int) -> tuple[KindRecord, KindRecord]:
        """The records of a kind and of its channel, made where they are new."""
        kind, own = self._use(key, n, now), (key[0], CHANNEL)
        whole = self.kinds.get(own)
        if whole is None:
            return kind, self._use(own, n, now)
        whole.used = n  # its place in the order is nobody's business: it never makes room
        self.touched.add(own)
        return kind, whole

    def _use(self, key: KindKey, n: int, now: int) -> KindRecord:
        record = self.kinds.pop(key, None)
        if record is None:
            self._make_room()
            record = KindRecord(*key, since=now, first=now)
        record.used = n
        self.kinds[key] = record
        self.touched.add(key)
        return record

    def _make_room(self) -> None:
        while len(self.kinds) >= KINDS_MAX:
            oldest = next(key for key in self.kinds if key[1])
            self.kinds.pop(oldest).reserve = 0
            self.touched.add(oldest)
