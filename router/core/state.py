"""What is: agents, contacts, offers and what follows from them. Changed by `step` alone.

The records below are the durable truth (snapshots hold them, the digest covers them). `State` adds what can
be derived: lines, timers, dirty marks.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct, field

from router.core.able import Able
from router.core.continuity import Served
from router.core.events import AgentStateName, Needs, Relax
from router.core.foretold import Foretold
from router.core.kept import Reserve
from router.core.learnt import KindRecord, Learnt
from router.core.limits import Crowd
from router.core.lines import Lines
from router.core.marks import Marks
from router.core.needs import KindKey
from router.core.pace import Pace
from router.core.policy import Policy
from router.core.prospects import Prospects
from router.core.relaxing import Relaxing
from router.core.roster import Roster
from router.core.timers import Timers

if TYPE_CHECKING:
    from router.core.score import Score


class Moved(Struct):
    """A supervisor's move, and what it replaced: the place of before the first move."""

    to: str
    by: str
    reason: str
    at: int
    front: bool  # it was put first, by this move or one before
    rank: int
    needs: Needs
    direct: Needs | None
    prefers: tuple[str, ...]
    prefers_until: int
    relax: tuple[Relax, ...]
    pool: str
    overflow_at: int


class AgentRecord(Struct):
    """One agent, by pseudonym."""

    agent: str
    state: AgentStateName
    reason: str
    skills: dict[str, int]
    capacity: dict[str, int]
    hands: dict[str, str] = field(default_factory=dict)  # contact -> channel: offered, connected, wrap-up
    idle_since: int = 0  # since when nothing is in hand (or since log-in)
    misses: int = 0  # in a row
    releasing: dict[str, int] = field(default_factory=dict)  # effect -> until when an unended leg blocks us
    devices: dict[str, str] = field(default_factory=dict)  # gateway -> busy or unreachable: the own phone
    strained: bool = False  # the last conversation was a hard one (`rest`)
    paces: dict[str, Pace] = field(default_factory=dict)  # group of kinds -> learnt, as they come free


class ContactRecord(Struct):
    """One contact. `state` is a node of `lifecycle.CONTACT`."""

    contact: str
    channel: str
    needs: Needs
    target: int
    state: str
    arrived_at: int  # first arrival: the event's instant less what was waited elsewhere
    rank: int  # arrived_at less credit: the place in line
    since: int  # when this state began
    mark: str  # of the arrival event, to know its double
    due_at: int | None = None
    prefers: tuple[str, ...] = ()
    prefers_until: int = 0
    relax: tuple[Relax, ...] = ()  # steps still to come
    direct: Needs | None = None  # for the one it prefers alone; these needs rule once that is over
    moved: Moved | None = None
    pool: str = ""  # inside this one: part of its needs
    overflow_at: int = 0  # when another pool may serve it too, 0: never
    after: str | None = None  # a call-back: the contact whose place it took
    refusals: dict[str, int] = field(default_factory=dict)  # agent -> end of the pause
    offer: str | None = None  # the open one
    agent: str | None = None  # connected or in wrap-up with
    second: str | None = None  # the colleague consulted, while connected
    consult_until: int = 0  # when the core gives up on a colleague who was not heard of, 0: no more
    controls: dict[str, str] = field(default_factory=dict)  # effect whose outcome is awaited -> what
    held: bool = False  # the citizen hears music, by a control
    recording: str = ""  # on or paused, by a control
    offers: tuple[str, ...] = ()  # every offer ever made of it
    marks: dict[str, str] = field(default_factory=dict)  # kind of event -> mark of the last one applied
    citizen: str | None = None
    via: str = ""
    topic: str = ""
    language: str = ""
    served_at: int = 0  # when first connected, 0 if never
    connected_at: int = 0  # when connected with its present agent
    proposed: tuple[str, ...] = ()  # channels the citizen was told of
    propose_at: int = 0  # when it is looked at whether to tell them, 0: no more
    choice: str = ""  # the channel they chose, or `refused`
    foretold: Foretold | None = None  # its wait, as estimated when it had to wait
    wrap_until: int = 0  # when the core ends wrap-up, 0: only the agent does
    pressed: bool = False  # due soon, or before an equal who is: goes before all else (`reserve`)
    aside: bool = False  # poison: kept for a supervisor, not matched
    reason: str = ""  # why it ended as it did
    group: str = ""  # the reserve group of its topic: a part of its kind
    passed: tuple[str, ...] = ()  # channel, topic: whose limit of the wait it is beyond
    limit_at: int | None = None  # when it will have waited too long for a queue limit
    paused_at: int | None = None  # since when its agent laid it aside for another
    paused_for: int = 0  # how long that was before, with this agent
    wrap_left: int = 0  # of its wrap-up, while it is laid aside


class OfferRecord(Struct):
    """One offer. Closed ones stay as long as their contact, to know doubles."""

    offer: str
    contact: str
    agent: str
    made_at: int
    expires_at: int
    score: int
    why: dict[str, int]
    state: str = "open"  # open, accepted, declined, missed, withdrawn
    unknown: bool = False  # a takeover came between: not answering is not a miss


class Counts(Struct):
    """Contacts by state; `arrived` is always the sum of the others."""

    arrived: int = 0
    waiting: int = 0
    offered: int = 0
    connected: int = 0
    wrap_up: int = 0
    ended: int = 0
    gone: int = 0


class GroupRecord(Struct):
    """One reserve group: what its topics got lately, and whether it serves them."""

    open: bool = False
    attained: int = 1000  # thousandths of contacts served within their target, the recent ones most
    since: int = 0  # when it was opened or shut


class State:
    """The pool. Reading is free; only `step` writes."""

    def __init__(self) -> None:
        # Durable: in snapshots and under the digest.
        self.n: int = 0  # how many events were applied: the number of the last log entry
        self.now: int = 0
        self.policy: Policy = Policy()
        self.policy_hash: str = ""
        self.agents: dict[str, AgentRecord] = {}
        self.contacts: dict[str, ContactRecord] = {}
        self.offers: dict[str, OfferRecord] = {}
        self.counts: Counts = Counts()
        self.offers_made: int = 0
        self.effects_made: int = 0
        self.epoch: int = 0
        self.gateways: dict[str, str] = {}  # up or down, for those that ever said so
        self.overflows: dict[str, int] = {}  # queue limit and what it did -> how often
        self.groups: dict[str, GroupRecord] = {}  # reserve groups that ever measured anything
        self.seen: dict[str, int] = {}  # gateway -> last sequence taken from the inbox
        self.inbox: str = "0-0"  # position in the inbox up to which everything is consumed
        self.kinds: dict[KindKey, KindRecord] = {}  # what was learnt of each, the longest unused first
        # Derived: rebuilt by `snapshot.thaw`.
        self.lines = Lines()
        self.timers = Timers()
        self.crowd = Crowd()
        self.finished: deque[tuple[int, str]] = deque()  # (when, contact), oldest first: to be forgotten
        self.served: dict[str, dict[str, Served]] = {}  # citizen -> conversations still known, by contact
        self.callbacks: dict[str, dict[str, None]] = {}  # citizen -> open call-backs, oldest first
        self.errands: dict[str, str] = {}  # effect awaiting its outcome -> agent it blocks
        self.controls: dict[str, str] = {}  # effect awaiting its outcome -> contact
        self.roster = Roster()
        self.marks = Marks()
        self.able = Able()
        self.prospects = Prospects()
        self.reserve = Reserve()
        self.relaxing = Relaxing()
        self.learnt = Learnt(self.kinds, self.marks.kinds)
        # Not of the state: whoever explains is told of each offer right before it is made. Changes nothing.
        self.witness: Callable[[ContactRecord, AgentRecord, Score], None] | None = None

    def steered(self, contact: ContactRecord) -> bool:
        """Whether something can be done to this contact: its gateway is not known to be down."""
        return self.gateways.get(contact.via) != "down"

    def in_line(self, contact: ContactRecord) -> bool:
        """Whether this contact stands in a line: matching sees it, and its timers run."""
        return (
            contact.state == "waiting" and not contact.aside and self.gateways.get(contact.via) != "down"
        )  # `steered`, written out: asked some six times a step

    def wake(self) -> int | None:
        """The next instant a timer is due, or None. After a step at T it is later than T."""
        return self.timers.next_due(self)
