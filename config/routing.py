"""What decides who serves whom: pools, targets, channels, topics, languages, agents.

Of all this only `name` and `endpoint` of an agent stay out of the policy and so out of the log.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct, field

from config.types import (
    ChannelName,
    Credit,
    Delay,
    Endpoint,
    Id,
    Levels,
    Many,
    Misses,
    Overflow,
    Patience,
    Percent,
    Points,
    Promise,
    Ringing,
    Seconds,
    Share,
    Skill,
    Text,
    about,
)


class Weights(Struct, frozen=True, forbid_unknown_fields=True):
    """Points that each term of the score is worth."""

    wait: Annotated[Points, about("Points per target waited.")] = 1000
    fit: Annotated[Points, about("Points per unit of fit between agent and needs.")] = 10
    idle: Annotated[Points, about("Points per second the agent has had nothing in hand.")] = 0
    live: Annotated[Points, about("Points for a contact whose citizen is there and waits.")] = 2_000
    due: Annotated[Points, about("Points for deferrable work that must be begun now to be in time.")] = (
        1_000_000
    )
    beside: Annotated[
        Points, about("Points for an agent at one of these already, who takes more side by side.")
    ] = 1_000
    occupied: Annotated[
        Points,
        about(
            "Points lost for each contact the agent has in hand: above `beside`, the least occupied first."
        ),
    ] = 0
    interrupt: Annotated[Points, about("Points lost by an agent who must lay work aside for it.")] = 100_000
    speed: Annotated[
        Points,
        about(
            "Points for an agent learnt to take half the usual time for such a contact, lost by one who "
            "takes half as much again; in between in proportion."
        ),
    ] = 50
    rest: Annotated[
        Points, about("Points lost for a `hard` contact by an agent whose last one was hard too.")
    ] = 500


class InnerPool(Struct, frozen=True, forbid_unknown_fields=True):
    """Agents whose `pool` is this one, and the contacts brought or handed over to it: theirs alone."""

    overflow_after_s: Annotated[
        Delay | None, about("After this wait in it, others may serve a contact too; none: never.")
    ] = None
    overflow_to: Annotated[
        Id | None, about("Which others: another pool inside the same one; none: everybody.")
    ] = None


class Pool(Struct, frozen=True, forbid_unknown_fields=True):
    """Agents and contacts routed together."""

    offer_expiry_s: Annotated[Ringing, about("An offer not answered within this counts as missed.")] = 15
    refusal_pause_s: Annotated[
        Patience,
        about("An agent who refused a contact, and is the only one left, gets it again after this."),
    ] = 30
    credit_cap_s: Annotated[
        Credit, about("Nobody is overtaken by an equal contact that came more than this later.")
    ] = 120
    vulnerable_credit_s: Annotated[Credit, about("Credit of a contact whose vulnerability is verified.")] = (
        120
    )
    cut_credit_s: Annotated[Credit, about("Credit of a contact whose earlier call was cut.")] = 60
    journey_credit_s: Annotated[Credit, about("Credit for each earlier contact about the same matter.")] = 20
    prefers_for_s: Annotated[
        Patience, about("A contact waits this long for an agent it prefers, then for any.")
    ] = 30
    last_agent_for_s: Annotated[
        Patience | None,
        about("A contact that prefers nobody waits this long for who served its citizen last; none: never."),
    ] = None
    direct_for_s: Annotated[
        Patience, about("A contact for one agent alone waits this long for them, then for any.")
    ] = 120
    release_backstop_s: Annotated[
        Ringing, about("An agent whose phone nobody confirmed free is offered contacts again after this.")
    ] = 5
    forget_after_s: Annotated[
        Delay, about("An ended contact is kept this long, to recognise late doubles.")
    ] = 86400
    away_after_misses: Annotated[
        Misses | None,
        about("Offers missed in a row that set an agent away; none: never."),
    ] = None
    hard: Annotated[
        tuple[Skill, ...],
        about("Skills whose contacts are hard on the agent: no two in a row while another can take it."),
    ] = ()
    propose_to: Annotated[
        tuple[ChannelName, ...],
        about("Other channels that a citizen who is likely to wait long is told of; none: never."),
    ] = ()
    propose_past: Annotated[
        Annotated[int, Meta(ge=100, le=10_000)],
        about("Told once the wait is likely to pass this per cent of the target."),
    ] = 300
    reserve: Annotated[
        Points,
        about(
            "Thousandths of an agent kept free of deferrable work, for each live kind and for all together, "
            "per square root of the agents that these keep busy; 0: such work is never held back."
        ),
    ] = 1_100
    press_before_s: Annotated[
        Seconds, about("Deferrable work is held back no longer than so long before it is due.")
    ] = 600
    skip_hopeless: Annotated[
        bool,
        about("A step of relaxation is not waited for while no agent who is ready could match before it."),
    ] = False
    pools: Annotated[
        dict[Id, InnerPool],
        about("Pools inside this one, which hand contacts over to each other with their place."),
    ] = field(default_factory=dict)
    weights: Annotated[Weights, about("What the terms of the score are worth.")] = field(
        default_factory=Weights
    )


class Target(Struct, frozen=True, forbid_unknown_fields=True):
    """An agreed limit of the wait, by name: channels and topics refer to it."""

    wait_s: Annotated[Promise, about("The wait that is aimed for.")]


class Limit(Struct, frozen=True, forbid_unknown_fields=True):
    """How many may wait and how long, and what happens to whoever is too many or waits too long."""

    max_waiting: Annotated[
        Annotated[int, Meta(ge=0, le=1_000_000)] | None,
        about("At most so many wait; 0: only those whom somebody can be offered to at once. None: no limit."),
    ] = None
    max_wait_s: Annotated[Delay | None, about("At most so long; none: no limit.")] = None
    overflow: Annotated[
        Overflow,
        about(
            "What happens then: `refuse`: it ends, with the reason on record; `divert`: its gateway hands it "
            "to the channel's own fallback; `relax`: it takes its last step of relaxation at once."
        ),
    ] = "refuse"


class Channel(Struct, frozen=True, forbid_unknown_fields=True):
    """How one channel behaves. A key left out keeps what is usual for that channel."""

    target: Annotated[
        Id | None,
        about("Name of a target. Usual: 60 s; 3600 s for email, appointment, outreach."),
    ] = None
    capacity: Annotated[
        Many | None,
        about("Contacts of this channel an agent can have in hand. Usual: 3 for chat, else 1."),
    ] = None
    exclusive: Annotated[
        bool | None,
        about("Needs an agent with nothing else in hand. Usual: false for chat, else true."),
    ] = None
    wrap_up_s: Annotated[
        Seconds | None, about("Wrap-up is ended after this; none: only the agent ends it.")
    ] = None
    beside: Annotated[
        tuple[ChannelName, ...],
        about("Channels it goes with in one agent's hands, both ways, whatever `exclusive` says."),
    ] = ()
    load: Annotated[
        Percent,
        about(
            "Share of an agent's attention a contact takes: those in hand take 100 at most. 0: not counted."
        ),
    ] = 0
    interrupted_by: Annotated[
        tuple[ChannelName, ...],
        about("Channels for whose contacts an agent lays this work aside, and resumes it after. For email."),
    ] = ()
    limit: Annotated[Limit, about("How many may wait on this channel, and how long.")] = field(
        default_factory=Limit
    )


class Topic(Struct, frozen=True, forbid_unknown_fields=True):
    """What a citizen may come for. The order of topics is the order of the phone menu."""

    needs: Annotated[Levels, about("Skills with the least level that serves.")]
    target: Annotated[Id | None, about("Name of a target, where it is not the channel's.")] = None
    refusal_pause_s: Annotated[
        Patience | None, about("The pool's `refusal_pause_s`, where it is another.")
    ] = None
    away_after_misses: Annotated[
        Misses | None, about("The pool's `away_after_misses`, where it is another.")
    ] = None
    limit: Annotated[Limit, about("How many may wait with this topic, and how long.")] = field(
        default_factory=Limit
    )


class Spoken(Struct, frozen=True, forbid_unknown_fields=True):
    """A language. The order of languages is the order of the phone menu."""

    needs: Annotated[Levels, about("Skills that speaking it adds to what the topic needs.")]


class Group(Struct, frozen=True, forbid_unknown_fields=True):
    """Agents in reserve: they serve some topics only while these get less than what was promised."""

    topics: Annotated[
        Annotated[tuple[Id, ...], Meta(min_length=1)], about("The topics; a topic is in one group at most.")
    ]
    skill: Annotated[Skill | None, about("Whoever has this skill is in the group.")] = None
    agents: Annotated[tuple[Id, ...], about("Agents in the group, by pseudonym.")] = ()
    promised: Annotated[
        Annotated[int, Meta(ge=1, le=100)], about("Per cent of contacts to be served within their target.")
    ] = 80
    open_below: Annotated[
        Share, about("The group serves once its topics get less than so many per cent of what was promised.")
    ] = 90
    close_above: Annotated[
        Share, about("It serves no longer once they get so many per cent of what was promised, or more.")
    ] = 100


class Agent(Struct, frozen=True, forbid_unknown_fields=True):
    """A person who serves. The key is a pseudonym: it appears in the log, so it must not be a name."""

    pool: Annotated[Id, about("The pool this agent belongs to.")]
    skills: Annotated[Levels, about("What this agent can do, 1 to 10 (master).")]
    capacity: Annotated[
        dict[ChannelName, Many],
        about("Contacts in hand per channel, where not the channel's; 0 closes one."),
    ] = field(default_factory=dict)
    endpoint: Annotated[
        Endpoint | Annotated[tuple[Endpoint, ...], Meta(min_length=1, max_length=4)] | None,
        about(
            "Telephone of this agent: the name of a PJSIP endpoint. With a list all of them ring together."
        ),
    ] = None
    name: Annotated[
        Text | None,
        about("Name shown to colleagues. It never enters the policy, the log or a metric."),
    ] = None

    @property
    def phones(self) -> tuple[str, ...]:
        """The endpoints that ring for this agent."""
        return (self.endpoint,) if isinstance(self.endpoint, str) else self.endpoint or ()
