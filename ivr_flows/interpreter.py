"""`advance`: the one interpreter. Pure and total: any input in any session gives a step, in bounded time."""

from __future__ import annotations

from ivr_flows.model import Flows
from ivr_flows.session import Input, Session, Step


def advance(flows: Flows, session: Session, happened: Input, now: int) -> Step:
    """What becomes of the session, and what is wanted next. `now` is microseconds since 1970."""
    raise NotImplementedError
