"""What a session went through, for `guichet flow replay`: every step, with what was keyed masked.

Nothing personal enters: no digit, no word of the citizen, no value of a variable. Texts are kept as they are
written in the flow, with their gaps.
"""

from __future__ import annotations

from msgspec import Struct

from ivr_flows.session import (
    Answered,
    Ask,
    Choose,
    Collect,
    Done,
    End,
    Input,
    Perform,
    Say,
    Session,
    Started,
    Step,
)


class Traced(Struct, frozen=True):
    """One step. `came`: the input in a word, masked; `asked`: what followed; `path`: nodes entered by it."""

    at: int
    came: str
    path: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    flow: str = ""  # of the first step: which flow, which version
    version: int = 0
    ended: str = ""
    fault: str = ""


def traced(before: Session, happened: Input, step: Step, at: int, flow: str = "", version: int = 0) -> Traced:
    """The step as it may be kept."""
    return Traced(
        at=at,
        came=_came(before.waits_for, happened),
        path=_new(before.path, step.session.path),
        asked=tuple(map(_asked, step.asks)),
        flow=flow,
        version=version,
        ended=step.session.ended,
        fault=step.fault,
    )


def _new(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[str, ...]:
    """What was added to a path of which only the end may be kept."""
    for count in range(len(after)):
        new = after[len(after) - count :]
        if (before + new)[-len(after) :] == after:
            return new
    return after


def _came(waited: Ask | None, happened: Input) -> str:
    match happened:
        case Started(channel=channel):
            return f"started by {channel}"
        case Answered(text=text) if isinstance(waited, Choose):
            keys = {option.key for option in waited.options} | set(waited.silent_keys)
            return f"chose {text.strip()}" if text.strip() in keys else f"no choice: {masked(text)}"
        case Answered(text=text):
            return f"answered {masked(text)}"
        case Done(port=port):
            service = waited.service if isinstance(waited, Perform) else "service"
            return f"{service} → {port}"
    return type(happened).__name__.lower()


def _asked(ask: Ask) -> str:
    match ask:
        case Say(prompt=prompt, language=language, text=text):
            return f"says [{language}] {text or prompt}"
        case Choose(options=options):
            return f"asks for one of {' '.join(option.key for option in options)}"
        case Collect(format=form):
            return f"asks for a {form}"
        case Perform(service=service, name=name):
            return f"{service} {name}".rstrip()
        case End(reason=reason):
            return f"ends: {reason}"


def masked(text: str) -> str:
    """How much it was, and nothing of it."""
    return f"{len(text.strip())} signs" if len(text.strip()) != 1 else "1 sign"
