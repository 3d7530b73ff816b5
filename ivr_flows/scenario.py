"""A scenario: a world, a citizen's answers, and what must come of them. The same one for phone and text.

Pure: it walks the flow with the one interpreter and compares; it starts no call and asks no service.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from config.hours import Hours
from config.types import Id, about
from ivr_flows.interpreter import advance
from ivr_flows.kinds import Said, Tongue
from ivr_flows.model import Flows
from ivr_flows.session import (
    Answered,
    Choose,
    Collect,
    Done,
    Input,
    Left,
    Perform,
    Say,
    Session,
    Silent,
    Started,
    Step,
)  # fmt: skip
from ivr_flows.stage import World, performed
from ivr_flows.text import text_of, understood

MOST_INPUTS = 300
SILENCE, HANG_UP = "silence", "hang-up"

Channel = Literal["phone", "text"]
Place = Annotated[
    str, Meta(pattern=r"\A([a-z0-9_-]{1,40}\.)?[a-z0-9_-]{1,40}\Z", title="a node, or flow.node")
]


class Expected(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What must come of it. Everything left out is not looked at."""

    path: Annotated[tuple[Place, ...] | None, about("Every node entered, in order.")] = None
    passes: Annotated[tuple[Place, ...], about("Nodes entered in this order, others between them.")] = ()
    says: Annotated[tuple[Said, ...], about("Parts of what is said, in this order.")] = ()
    says_not: Annotated[tuple[Said, ...], about("What is never said.")] = ()
    outcome: Annotated[
        Id | None, about("How it ended: the name of an `end`, or served, left, nobody, transferred.")
    ] = None
    topic: Annotated[Id | None, about("What an agent was asked for.")] = None
    language: Annotated[Tongue | None, about("The language at the end.")] = None


class Scenario(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One citizen."""

    name: Annotated[Said, about("What it shows, in a few words.")]
    at: Annotated[
        Annotated[
            str, Meta(pattern=r"\A\d{4}-\d\d-\d\dT\d\d:\d\d\Z", title="a local time as 2026-11-30T10:00")
        ],
        about("When, in the flow's time zone."),
    ] = "2026-11-30T10:00"
    channels: Annotated[tuple[Channel, ...], about("By which channels it is tried.")] = ("phone", "text")
    given: Annotated[World, about("How things stand.")] = World()
    answers: Annotated[
        Annotated[tuple[str, ...], Meta(max_length=MOST_INPUTS)],
        about("What is keyed or written at each question; `silence`, `hang-up`. When they end: silence."),
    ] = ()
    expect: Annotated[Expected, about("What must come of it.")]


class Scenarios(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of them."""

    flow: Annotated[Id, about("The flow they try.")]
    calendars: Annotated[
        dict[Id, Hours], about("Hours by calendar while these are walked; one left out: the configuration's.")
    ] = field(default_factory=dict)
    scenarios: Annotated[tuple[Scenario, ...], about("The citizens.")] = field(default=())


class Walked(Struct, frozen=True):
    """What became of a scenario."""

    session: Session
    sayings: tuple[str, ...]
    inputs: int
    fault: str = ""


def walk(
    flows: Flows,
    scenario: Scenario,
    channel: Channel,
    now: int,
    hours: Callable[[str], Done] | None = None,
    watch: Callable[[Input, Step], None] | None = None,
) -> Walked:
    """The whole scenario, from the first word to the end."""
    answers = list(scenario.answers)
    sayings: list[str] = []
    session = Session()
    happened: Input = Started("phone" if channel == "phone" else "chat", known=dict(scenario.given.known))
    fault = ""
    count = 0
    while count < MOST_INPUTS:
        count += 1
        step = advance(flows, session, happened, now)
        session, fault = step.session, fault or step.fault
        if watch is not None:
            watch(happened, step)
        sayings += [text_of(ask) for ask in step.asks if isinstance(ask, Say)]
        sayings += [text_of(o.label) for ask in step.asks if isinstance(ask, Choose) for o in ask.options]
        if session.ended:
            break
        happened = _next(scenario.given, session, answers, hours, channel)
    return Walked(session, tuple(sayings), count, fault)


def _next(
    world: World, session: Session, answers: list[str], hours: Callable[[str], Done] | None, channel: Channel
) -> Input:
    waited = session.waits_for
    if isinstance(waited, Perform):
        return performed(world, waited, hours) or Left()
    answer = answers.pop(0) if answers else SILENCE
    if answer == SILENCE:
        return Silent()
    if answer == HANG_UP:
        return Left()
    if channel == "phone" or isinstance(waited, Collect):
        return Answered(answer)
    return understood(waited, answer)


def misses(expected: Expected, walked: Walked, main: str) -> list[str]:
    """What did not come as expected, in sentences; empty if all did."""
    session = walked.session
    path = [node.removeprefix(f"{main}.") for node in session.path]
    found = [f"the interpreter failed: {walked.fault}"] if walked.fault else []
    if expected.path is not None and list(expected.path) != path:
        found.append(_path(list(expected.path), path))
    if (missed := _in_order(expected.passes, path, lambda a, b: a == b)) is not None:
        found.append(f"it never passes `{missed}` in that order: it went {' → '.join(path)}")
    if (missed := _in_order(expected.says, walked.sayings, lambda a, b: a in b)) is not None:
        found.append(f"it never says “{missed}” in that order: it said {' | '.join(walked.sayings)}")
    found += [f"it says “{words}”, and must not" for words in expected.says_not if _said(words, walked)]
    for what, wanted, got in (
        ("outcome", expected.outcome, session.ended),
        ("topic", expected.topic, session.topic),
        ("language", expected.language, session.language),
    ):
        if wanted is not None and wanted != got:
            found.append(f"{what}: expected `{wanted}`, got `{got or 'none'}`")
    return found


def _said(words: str, walked: Walked) -> bool:
    return any(words in said for said in walked.sayings)


def _path(wanted: list[str], got: list[str]) -> str:
    same = next(
        (n for n, (a, b) in enumerate(zip(wanted, got, strict=False)) if a != b), min(len(wanted), len(got))
    )
    expected = wanted[same] if same < len(wanted) else "the end"
    came = got[same] if same < len(got) else "the end"
    return f"path: after {' → '.join(got[:same]) or 'the start'} expected `{expected}`, came to `{came}`"


def _in_order(
    wanted: tuple[str, ...], got: list[str] | tuple[str, ...], same: Callable[[str, str], bool]
) -> str | None:
    """The first that is missing."""
    rest = iter(got)
    return next((each for each in wanted if not any(same(each, one) for one in rest)), None)
