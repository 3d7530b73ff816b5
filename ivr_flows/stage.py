"""A pretended world for a flow: hours, load and services as a scenario gives them. Pure; for tests and play.

What is not given is what is most usual: open, queued, answered; services that nobody named do not answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from config.types import Id, about
from ivr_flows.kinds import Name, Written
from ivr_flows.session import Done, Perform, Values

CONTACT = "c-0000000000000000"

Plain = str | int | float | bool
Given = dict[Name, Annotated[Plain, Meta(title="text, a number, true or false")]]
Span = Annotated[
    tuple[Annotated[int, Meta(ge=0, le=86400)], ...], Meta(min_length=2, max_length=2, title="[least, most]")
]


class Answer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a service answers."""

    port: Annotated[Literal["next", "missing", "unknown", "unavailable"], about("By which way.")] = "next"
    values: Annotated[Given, about("What it gives.")] = field(default_factory=dict)


class Slot(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A moment of an appointment."""

    begins: Annotated[
        Annotated[str, Meta(pattern=r"\A\d{4}-\d\d-\d\dT\d\d:\d\d\Z", title="a time as 2026-12-01T09:30")],
        about("When, in local time."),
    ]
    place: Annotated[Annotated[str, Meta(min_length=1, max_length=200)], about("Where, in words.")]


class World(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How things stand."""

    hours: Annotated[
        dict[Id, Literal["open", "closed", "emergency"]],
        about(
            "Calendars, by name; one left out follows the configuration at the scenario's time, else open."
        ),
    ] = field(default_factory=dict)
    services: Annotated[dict[Id, Answer], about("What each `lookup` answers; one left out: unavailable.")] = (
        field(default_factory=dict)
    )
    identify: Annotated[Answer, about("What `identify` answers.")] = Answer()
    waits: Annotated[dict[Written, Span], about("Seconds of wait, [least, most], of channels to be had.")] = (
        field(default_factory=dict)
    )
    route: Annotated[Literal["next", "unavailable"], about("Whether a place in line can be had.")] = "next"
    wait: Annotated[
        Literal["next", "callback", "unavailable", "left"],
        about("An agent comes, the citizen leaves for a call-back, nobody can be had, the citizen hangs up."),
    ] = "next"
    callback: Annotated[Literal["next", "unavailable"], about("Whether one can be promised.")] = "next"
    slots: Annotated[tuple[Slot, ...], about("Appointments to be had.")] = ()
    notify: Annotated[Literal["next", "unavailable"], about("Whether messages leave.")] = "next"
    transfer: Annotated[Literal["next", "unavailable"], about("Whether somebody answers outside.")] = "next"
    known: Annotated[Given, about("Built-in variables to begin with: caller, returning, …")] = field(
        default_factory=dict
    )


Hours = Callable[[str], Done]


def performed(world: World, asked: Perform, hours: Hours | None = None) -> Done | None:
    """What the service answers in this world. None: the citizen left."""
    match asked.service:
        case "hours" if asked.name in world.hours:
            return Done(world.hours[asked.name])
        case "hours":
            return hours(asked.name) if hours is not None else Done("open")
        case "lookup":
            answer = world.services.get(asked.name, Answer(port="unavailable"))
            return Done(answer.port, dict(answer.values))
        case "identify":
            return Done(world.identify.port, dict(world.identify.values))
        case "waits":
            rows: list[Values] = [
                {"channel": channel, "wait": {"low": span[0], "high": span[1]}}
                for channel, span in world.waits.items()
            ]
            return Done("next", rows=tuple(rows))
        case "route":
            return Done(world.route, {"contact": CONTACT} if world.route == "next" else {})
        case "wait":
            return Done(world.wait) if world.wait != "left" else None
        case "slots":
            found: list[dict[str, Any]] = [
                {"begins": each.begins, "place": each.place} for each in world.slots
            ]
            return Done("next", rows=tuple(found))
        case "book":
            return Done("next", dict(asked.arguments))
        case "callback":
            return Done(world.callback)
        case "notify":
            return Done(world.notify)
        case "transfer":
            return Done(world.transfer)
