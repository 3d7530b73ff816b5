"""Another rota for a recorded day: agents taken away, changed, or added. The file, and what it makes of it.

Shifts are clock times of the day on which the window begins, in the file's own time zone; agents who are
added answer offers as the day's agents did.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path as FilePath
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Meta, Struct, field
from msgspec.structs import replace

from config.fault import Fault, Faults, Path, nearest
from config.typed import Typed, read_as
from config.types import ChannelName, Span
from router.core.events import Agent, Device, Event
from router.core.policy import SECOND
from router.whatif.day import Day, Given

Name = Annotated[str, Meta(min_length=1, max_length=128)]  # as the log has them
Levels = Annotated[dict[Name, Annotated[int, Meta(ge=1, le=10)]], Meta(max_length=1000)]
Shifts = Annotated[tuple[Span, ...], Meta(max_length=48)]
Capacity = dict[ChannelName, Annotated[int, Meta(ge=0, le=1000)]]


class Added(Struct, frozen=True, forbid_unknown_fields=True):
    """New colleagues, alike. Without shifts they are there all day."""

    count: Annotated[int, Meta(ge=1, le=5_000)]
    skills: Levels
    shifts: Shifts = ()
    capacity: Capacity = field(default_factory=dict)


class Changed(Struct, frozen=True, forbid_unknown_fields=True):
    """An agent who was there, otherwise. What is left out stays as it was."""

    skills: Levels | None = None
    shifts: Shifts | None = None
    capacity: Capacity | None = None


class Rota(Struct, frozen=True, forbid_unknown_fields=True):
    """The file."""

    time_zone: str = "UTC"
    add: Annotated[tuple[Added, ...], Meta(max_length=200)] = ()
    remove: Annotated[tuple[Name, ...], Meta(max_length=20_000)] = ()
    change: dict[Name, Changed] = field(default_factory=dict)


def read(path: FilePath, day: Day) -> Rota:
    """The rota of a file, for this day. Raises Faults with every place that is wrong."""
    told = read_as(path, Rota)
    if wrong := list(_doubts(told, day)):
        raise Faults(wrong)
    return told.value


def _doubts(told: Typed[Rota], day: Day) -> Iterator[Fault]:
    """What the types cannot say."""
    rota = told.value
    try:
        ZoneInfo(rota.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f"no time zone `{rota.time_zone}`: write it as Europe/Paris"
        yield told.fault(("time_zone",), message)
    if not (rota.add or rota.remove or rota.change):
        yield told.fault((), "it changes nothing: say what to `add`, `remove` or `change`")
    for number, name in enumerate(rota.remove):
        if name not in day.skills:
            yield told.fault(("remove", number), f"no agent `{name}` was there: {nearest(name, day.skills)}")
    for name in rota.change:
        if name not in day.skills:
            yield told.fault(("change", name), f"no agent `{name}` was there: {nearest(name, day.skills)}")
        elif name in rota.remove:
            yield told.fault(("change", name), f"`{name}` is removed as well: say one of the two")
    given: list[tuple[Path, Shifts]] = [
        (("add", number, "shifts"), each.shifts) for number, each in enumerate(rota.add)
    ]
    given += [(("change", name, "shifts"), each.shifts or ()) for name, each in rota.change.items()]
    for path, shifts in given:
        if any(before[6:] > after[:5] for before, after in pairwise(shifts)) or any(
            shift[:5] >= shift[6:] for shift in shifts
        ):
            yield told.fault(path, 'shifts must follow each other: ["08:00-12:00", "13:00-17:00"]')


def on(day: Day, rota: Rota) -> Day:
    """The day with this rota."""
    gone = set(rota.remove)
    moved = {name for name, change in rota.change.items() if change.shifts is not None}
    given = [
        replace(each, event=_changed(each.event, rota))
        for each in day.given
        if (who := agent_of(each.event)) not in gone and not (who in moved and isinstance(each.event, Agent))
    ]
    for name in sorted(moved):
        change = rota.change[name]
        skills = day.skills[name] if change.skills is None else change.skills
        capacity = _capacity(day, name) if change.capacity is None else change.capacity
        login = Agent(name, "ready", skills=skills, capacity={str(c): n for c, n in capacity.items()})
        given += _presence(day, rota, login, change.shifts or ())
    for number, added in enumerate(rota.add, 1):
        capacity = {str(channel): most for channel, most in added.capacity.items()}
        for place in range(added.count):
            login = Agent(f"rota-{number}-{place + 1:04}", "ready", skills=added.skills, capacity=capacity)
            given += _presence(day, rota, login, added.shifts)
    return replace(day, given=given)


def agent_of(event: Event) -> str:
    """Whom an event is about, if about an agent."""
    return event.agent if isinstance(event, (Agent, Device)) else ""


def _changed(event: Event, rota: Rota) -> Event:
    change = rota.change.get(agent_of(event))
    if change is None or not isinstance(event, Agent):
        return event
    skills = event.skills if change.skills is None else change.skills
    capacity = event.capacity
    if change.capacity is not None:
        capacity = {str(channel): most for channel, most in change.capacity.items()}
    return replace(event, skills=skills, capacity=capacity)


def _capacity(day: Day, name: str) -> dict[str, int]:
    """What they brought last."""
    brought = [e.event.capacity for e in day.given if isinstance(e.event, Agent) and e.event.agent == name]
    return next((each for each in reversed(brought) if each is not None), {})


def _presence(day: Day, rota: Rota, login: Agent, shifts: tuple[str, ...]) -> Iterator[Given]:
    if not shifts:
        yield Given(day.start, 0, login)
    for shift in shifts:
        begins, ends = (_instant(day, rota.time_zone, clock) for clock in (shift[:5], shift[6:]))
        if ends > day.start:
            yield Given(max(begins, day.start), 0, login)
            yield Given(ends, 0, replace(login, state="away"))


def _instant(day: Day, zone: str, clock: str) -> int:
    """Microseconds of this clock time on the window's first date."""
    first = datetime.fromtimestamp(day.start / SECOND, ZoneInfo(zone))
    hours, minutes = int(clock[:2]), int(clock[3:])
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    at = (midnight + timedelta(days=hours // 24)).replace(hour=hours % 24, minute=minutes)
    return round(at.timestamp()) * SECOND
