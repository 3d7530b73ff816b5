"""A flow as it is written: its nodes by name, and every way from one to another.

Types only, with their words; what is wrong with a flow is `check.py`'s, what it does the interpreter's.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple, TypeAlias

from msgspec import Meta, Struct, field

from config.types import Id, about
from ivr_flows.inner import Branch, End, Run, Say, Set
from ivr_flows.kinds import Fact, Name, Said, To, Tongue
from ivr_flows.questions import Collect, Confirm, Language, Menu, Offer, Survey, Wait
from ivr_flows.services import Appointment, Callback, Hours, Identify, Lookup, Notify, Route, Transfer

Node: TypeAlias = (
    Say | Menu | Collect | Confirm | Branch | Set | Hours | Lookup | Identify | Language | Offer | Route
    | Wait | Callback | Appointment | Notify | Transfer | Survey | Run | End
)  # fmt: skip

# The key that makes a node what it is. `say` comes last: every node may have it, alone it is a Say.
KINDS: dict[str, type[Node]] = {
    "menu": Menu,
    "collect": Collect,
    "confirm": Confirm,
    "branch": Branch,
    "set": Set,
    "hours": Hours,
    "lookup": Lookup,
    "identify": Identify,
    "language": Language,
    "offer": Offer,
    "route": Route,
    "wait": Wait,
    "callback": Callback,
    "appointment": Appointment,
    "notify": Notify,
    "transfer": Transfer,
    "survey": Survey,
    "run": Run,
    "end": End,
    "say": Say,
}


class Head(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The keys at the top of a flow's file, `nodes` apart."""

    flow: Annotated[Id, about("The flow's name, which is its file's too: `housing` is housing.yaml.")]
    title: Annotated[Said | None, about("What it is for, in one line.")] = None
    languages: Annotated[
        Annotated[tuple[Tongue, ...], Meta(min_length=1, max_length=20)],
        about("Every text is there in each of these; the first is spoken until another is chosen."),
    ]
    start: Annotated[To, about("The first node.")]
    takes: Annotated[dict[Name, Fact], about("Variables that a flow which runs this one gives it.")] = field(
        default_factory=dict
    )
    time_zone: Annotated[str, about("Where `today` is.")] = "Europe/Paris"
    person: Annotated[
        To | None,
        about(
            "The node that leads to a person: where silence, wrong keys, key 0 and failures end up. "
            "A flow that others run may leave it out: theirs holds."
        ),
    ] = None


class Flow(Struct, frozen=True, kw_only=True):
    """A flow whose types are right. Whether it makes sense, `check` says."""

    name: str  # its file's, which `flow` must repeat
    head: Head
    nodes: dict[str, Node]


class Flows(Struct, frozen=True):
    """A flow with every other that it may run: what is published, and what a session walks through."""

    main: str
    flows: dict[str, Flow]


class Way(NamedTuple):
    """From a node to another: by which key of the file, and where that stands under the node."""

    port: str
    to: str
    path: tuple[str | int, ...]


def ways(node: Node) -> list[Way]:
    """Every way out that the file names."""
    found: list[Way] = []
    for name in ("next", "otherwise", "yes", "no", "open", "closed", "emergency", "missing", "unknown",
                 "refused", "unavailable"):  # fmt: skip
        to = getattr(node, name, None)
        if isinstance(to, str):
            found.append(Way(name, to, (name,)))
    match node:
        case Menu(menu=menu):
            found += [Way(key, choice.next, ("menu", key, "next")) for key, choice in menu.items()]
        case Branch(branch=cases):
            found += [Way(f"case {n + 1}", case.next, ("branch", n, "next")) for n, case in enumerate(cases)]
        case Offer(offer=channels):
            found += [Way(channel, to, ("offer", channel)) for channel, to in channels.items()]
        case Run(ends=ends):
            found += [Way(end, to, ("ends", end)) for end, to in ends.items()]
        case Wait(callback=str(to)):
            found.append(Way("callback", to, ("callback",)))
    return found


def kind_of(node: Node) -> str:
    """The key that makes it what it is."""
    return next(key for key, kind in KINDS.items() if type(node) is kind)
