"""Why a gateway did not do what was asked, as a closed list of reasons, each with what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.api.problems import Problem

if TYPE_CHECKING:
    from router.api.outcomes import Known

# What gateways give as the reason of an outcome. Any other is told as `other`.
MENDS = {
    "absent": "the call is no longer there: read the contact again",
    "busy": "the phone to ring has another call: try again when it is free",
    "denied": "Asterisk refused it: the operator finds its words in the logs",
    "failed": "nobody answered there: ask somebody else, or take the citizen back",
    "late": "Guichet was too slow to be sure that it still fits: ask again",
    "bridged": "the agent picked up at that very moment: read the contact again",
    "missed": "nobody answered there: ask somebody else",
    "not_now": "the conversation is being changed, or is not as it was: read the contact, then ask again",
    "over": "the colleague hung up: take the citizen back, or ask somebody else",
    "unreachable": "the phone to ring is not registered: check its account and network",
    "unsent": "there is no link to Asterisk now: the conversation goes on; try again in some seconds",
    "no_answer": "the gateway did not say in time: look at the contact before asking again",
    "unknown": "the link broke meanwhile: look at the contact before asking again",
    "other": "the operator finds more in the logs",
}


def problem_of(known: Known | None) -> Problem | None:
    """None if it was done; 502 if it certainly was not; 504 if nobody can say."""
    if known is None:
        return Problem("gateway_unknown", MENDS["no_answer"], reason="no_answer")
    if known.result == "done":
        return None
    code = "gateway_failed" if known.result == "failed" else "gateway_unknown"
    reason = known.reason if known.reason in MENDS else "unknown" if known.result == "unknown" else "other"
    return Problem(code, MENDS[reason], reason=reason)
