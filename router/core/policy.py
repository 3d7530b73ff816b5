"""The policy that rules a pool: what a `config` event carries. Plain data, integer microseconds.

It never holds a name, a number or an address of a person: it is written to the log.
"""

from __future__ import annotations

from msgspec import Struct, field

SECOND = 1_000_000  # microseconds: the only unit of time inside the core

CHANNELS = ("phone", "chat", "email", "callback", "counter", "appointment", "outreach")
LIVE = ("phone", "chat", "callback", "counter")  # somebody is there and waits
LIVE_TARGET = 60 * SECOND  # phone, chat, callback, counter
SLOW_TARGET = 3600 * SECOND  # the others


class Limit(Struct, frozen=True, omit_defaults=True):
    """How many may wait and how long, and what happens to the one who is too many or waits too long."""

    max_waiting: int | None = None
    max_wait: int | None = None
    overflow: str = "refuse"  # refuse, divert, relax


class Group(Struct, frozen=True, omit_defaults=True):
    """Agents kept in reserve: they serve these topics only while the group is open (`router/core/groups.py`).

    Per cent of what was promised: it opens below `open_below`, and closes again above `close_above`.
    """

    topics: tuple[str, ...]
    skill: str = ""  # whoever has it is a member,
    agents: tuple[str, ...] = ()  # and so are these
    promised: int = 80  # per cent of contacts served within their target
    open_below: int = 90
    close_above: int = 100


class ChannelRules(Struct, frozen=True, omit_defaults=True):
    """How one channel behaves. `exclusive`: needs an agent with nothing else in hand and blocks all else."""

    target: int = LIVE_TARGET
    capacity: int = 1
    exclusive: bool = True
    wrap_up: int | None = None  # wrap-up is ended after this; None: only the agent's `done` ends it
    beside: tuple[str, ...] = ()  # channels it goes with in one agent's hands, whatever `exclusive` says
    load: int = 0  # hundredths of an agent's attention one contact takes; all in hand take at most 100
    interrupted_by: tuple[str, ...] = ()  # channels whose contacts may pause this one's work in hand
    limit: Limit | None = None


class Topic(Struct, frozen=True, omit_defaults=True):
    """What a citizen may come for. `target`: wanted wait where it differs from the channel's."""

    needs: dict[str, int]
    target: int | None = None
    refusal_pause: int | None = None
    away_after_misses: int | None = None
    limit: Limit | None = None


class AgentRules(Struct, frozen=True, omit_defaults=True):
    """What an agent brings when logging in without saying so. Keyed by pseudonym, never by name."""

    skills: dict[str, int]
    capacity: dict[str, int] = field(default_factory=dict)


class Weights(Struct, frozen=True, omit_defaults=True):
    """Points a term of the score is worth: per target waited, per unit of fit, per second idle."""

    wait: int = 1000
    fit: int = 10
    idle: int = 0  # per second idle; equals go by it anyway
    live: int = 2000  # for a contact whose citizen is there and waits
    due: int = 1_000_000  # for deferrable work that must be begun now to be in time
    beside: int = 1000  # for an agent who has one of these in hand already and takes more side by side
    occupied: int = 0  # lost for each contact an agent has in hand: the least occupied first
    interrupt: int = 100_000  # lost by an agent who must lay work aside for it
    speed: int = 50  # for half the usual time, lost for half as much again (`pace`)
    rest: int = 500  # lost for a hard contact by an agent whose last one was hard too


def _default_channels() -> dict[str, ChannelRules]:
    live, slow = ChannelRules(), ChannelRules(target=SLOW_TARGET)
    return {
        "phone": live,
        "chat": ChannelRules(capacity=3, exclusive=False),
        "email": slow,
        "callback": live,
        "counter": live,
        "appointment": slow,
        "outreach": slow,
    }


class InnerPool(Struct, frozen=True, omit_defaults=True):
    """A pool inside this one: its contacts are for its agents, who hold the skill `pool:NAME`.

    After `overflow_after` in it, the agents of `overflow_to` may serve a contact too; empty: everybody's may.
    """

    overflow_after: int | None = None
    overflow_to: str = ""


class Policy(Struct, frozen=True, omit_defaults=True):
    """Everything that may change a decision. The defaults are those of `engine-protocol`."""

    channels: dict[str, ChannelRules] = field(default_factory=_default_channels)
    offer_expiry: int = 15 * SECOND
    refusal_pause: int = 30 * SECOND
    credit_cap: int = 120 * SECOND
    vulnerable_credit: int = 120 * SECOND
    cut_credit: int = 60 * SECOND  # an earlier call about it was cut
    journey_credit: int = 20 * SECOND  # for each earlier contact about the same matter
    prefers_for: int = 30 * SECOND
    last_agent_for: int | None = None  # so long a contact waits for who served its citizen last; None: never
    direct_for: int = 120 * SECOND  # a contact for one agent alone waits so long, then for any
    release_backstop: int = 5 * SECOND  # a leg whose end nobody confirmed blocks its agent no longer
    reserve: int = 1100  # thousandths of an agent kept idle per square root of live load; 0: none
    press_before: int = 600 * SECOND  # deferrable work is held back no longer than so long before it is due
    forget_after: int = 24 * 3600 * SECOND  # an ended contact is kept this long, to know its doubles
    away_after_misses: int | None = None
    hard: tuple[str, ...] = ()  # skills: conversations that ask for one of them are hard on the agent
    propose_to: tuple[str, ...] = ()  # other channels a citizen who would wait long is told of; none: never
    propose_past: int = 300  # per cent of the target that the wait is likely to pass before they are told
    skip_hopeless: bool = False  # a relaxation is not waited for while nobody present could match before it
    pools: dict[str, InnerPool] = field(default_factory=dict)
    weights: Weights = field(default_factory=Weights)
    topics: dict[str, Topic] = field(default_factory=dict)
    languages: dict[str, dict[str, int]] = field(default_factory=dict)  # language -> needs it adds
    agents: dict[str, AgentRules] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
