"""`advance`: the one interpreter, for the phone and for text alike.

Pure and total: any input in any session gives a step, in bounded time, with the same result each time. What
it wants from outside are values; it never performs one.
"""

from __future__ import annotations

from ivr_flows.came import came
from ivr_flows.enter import enter
from ivr_flows.model import Flows
from ivr_flows.question import Asking, again, answered
from ivr_flows.session import (
    Answered,
    Choose,
    Collect,
    Done,
    Frame,
    Input,
    Left,
    Perform,
    Session,
    Silent,
    Started,
    Step,
)  # fmt: skip
from ivr_flows.turn import BUILT_IN, MOST_ENTERED, MOST_SILENT, Turn

MOST_FRAMES = 10


def advance(flows: Flows, session: Session, happened: Input, now: int) -> Step:
    """What becomes of the session, and what is wanted next. `now` is microseconds since 1970.

    An input that does not answer what is waited for changes nothing and asks for nothing; `Started` again
    asks once more for what is waited for, so that a renderer that was lost can go on.
    """
    if session.ended:
        return Step(session, ())
    turn = Turn(flows, session, now)
    try:
        _take(turn, happened)
    except Exception as defect:  # a citizen must not pay for ours: a person, without the flow
        turn = Turn(flows, session, now)
        turn.frames = turn.frames or [Frame(flows.main, "")]
        turn.rescue()
        return Step(turn.step().session, tuple(turn.asks), type(defect).__name__)
    return turn.step()


def _take(turn: Turn, happened: Input) -> None:
    waited = turn.waits_for
    match happened:
        case Left():
            turn.end("left")
        case Started() if not turn.frames:
            _begin(turn, happened)
        case Started() if waited is not None:
            turn.asks.append(waited)
        case Answered(text=text) if isinstance(waited, Choose | Collect):
            _walk(turn, answered(turn, _asking(turn), text))
        case Silent() if isinstance(waited, Choose | Collect):
            _walk(turn, again(turn, _asking(turn), "silence"))
        case Done() if isinstance(waited, Perform):
            _walk(turn, came(turn, None if turn.rescued else turn.node, waited, happened))
        case _:
            pass


def _begin(turn: Turn, started: Started) -> None:
    main = turn.flows.flows[turn.flows.main]
    turn.frames.append(Frame(turn.flows.main, ""))
    turn.channel = started.channel
    languages = main.head.languages
    turn.language = started.language if started.language in languages else languages[0]
    turn.learn({name: False for name, kind in BUILT_IN.items() if kind == "bool"} | started.known)
    _walk(turn, main.head.start)


def _walk(turn: Turn, to: str | None) -> None:
    """From node to node until something must be waited for."""
    while to is not None:
        turn.waits_for = None
        turn.entered += 1
        turn.silent += 1
        if turn.silent > MOST_SILENT or turn.entered > MOST_ENTERED or len(turn.frames) > MOST_FRAMES:
            turn.rescue()
            return
        turn.move(to)
        turn.path.append(turn.place)
        to = enter(turn, turn.node)


def _asking(turn: Turn) -> Asking:
    node = turn.node
    assert isinstance(node, Asking), "only a question is answered"
    return node
