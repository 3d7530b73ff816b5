"""A decision in plain English. Translation only: every figure comes from the log."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from router.core.effects import Offer, Pause, Requeue, Resume, Withdraw
from router.core.policy import SECOND
from router.core.why import Profile
from router.replay.decisions import Decision

TERMS = {
    "wait": "for the wait (1000 = the wanted wait is used up)",
    "fit": "for the fit of skills",
    "idle": "for seconds without work",
}
REASONS = {
    "lacks_skill": "lack what is needed",
    "away": "are away",
    "offline": "are not logged in",
    "busy": "have their hands full",
    "releasing": "have a phone that still rings",
    "refused": "refused or missed it before",
    "another_preferred": "give way to an agent the citizen prefers",
    "channel_closed": "do not take this channel",
    "gateway_down": "could not be rung: the contact's gateway is down",
    "unreachable": "have a phone that is not there",
    "own_call": "are on the phone with a call of their own",
}


def told(decision: Decision) -> Iterator[str]:
    """One decision as a few lines."""
    at = datetime.fromtimestamp(decision.at / SECOND, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
    yield f"{at} UTC  entry {decision.n}: {decision.event} → {decision.state}"
    for effect in decision.effects:
        match effect:
            case Offer():
                terms = ", ".join(
                    f"{points:+d} {TERMS.get(term, term)}" for term, points in effect.why.items()
                )
                yield f"    offered to {effect.agent} ({effect.offer}), score {effect.score}: {terms}"
            case Withdraw():
                yield f"    offer {effect.offer} to {effect.agent} withdrawn: {effect.because}"
            case Requeue():
                yield f"    back in line at its old place: {effect.because}"
            case Pause():
                yield f"    laid aside by {effect.agent}: {effect.contact}"
            case Resume():
                yield f"    taken up again by {effect.agent}: {effect.contact}"
    if decision.why is not None:
        chosen = decision.why.agent
        for profile in decision.why.profiles:
            yield from others(profile, chosen)


def others(profile: Profile, chosen: str) -> Iterator[str]:
    """Why agents of one profile were not chosen."""
    skills = ", ".join(f"{skill} {level}" for skill, level in sorted(profile.skills.items())) or "no skills"
    for reason, count in sorted(profile.excluded.items()):
        lacks = "".join(f"; needs {skill} {level}" for skill, level in sorted(profile.lacks.items()))
        yield f"      not: {count} with {skills}: {REASONS.get(reason, reason)}{lacks}"
    if profile.score is not None and profile.agent != chosen:
        yield f"      less: {profile.agent} with {skills}, score {profile.score}"
