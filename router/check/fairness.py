"""Whether the policy serves everybody. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.check.found import Found
from router.core import starving
from router.core.asking import needs_of
from router.core.policy import SECOND, Policy, Weights
from router.tell.speech import lasting, number

if TYPE_CHECKING:
    from collections.abc import Iterator


def fairness(pool: str, policy: Policy) -> Iterator[Found]:
    """Nobody waits for ever because of how the policy is made."""
    nobody = starving.unserved(policy)
    for topic in policy.topics or ("",):
        tongues = [kind.language for kind in nobody if kind.topic == topic]
        if tongues:
            every = len(tongues) == max(len(policy.languages), 1)
            which = "" if every else f" in `{'`, `'.join(tongues)}`"
            needs = needs_of(policy, topic, "" if every else tongues[0])
            asked = ", ".join(f"`{skill}` {level}" for skill, level in sorted(needs.items()))
            mend = f"an agent with {asked} (the least levels); or lower what `{topic}` needs, or drop it"
            what = f"pool `{pool}`: who comes about `{topic}`{which} waits for ever: no agent can serve them"
            if every:
                yield Found(what, mend, warning=True)
            else:  # in another language they are served
                yield Found(f"{what}. It takes {mend}", warning=True)
    closed = [name for name in policy.channels if starving.closed(policy, name)]
    if closed:
        which = ", ".join(f"`{name}`" for name in closed)
        yield Found(f"pool `{pool}`: no agent takes {which}: who comes so waits for ever", warning=True)
    for topic, group in starving.reserved(policy):
        yield Found(
            f"pool `{pool}`: who comes about `{topic}` waits past the target until group `{group}` opens: "
            "only agents in reserve can serve them",
            "leave one of them out of the group",
        )
    yield from _overtaking(pool, policy)
    worst = starving.starving(policy)
    if worst is None:
        yield Found(f"policy of pool `{pool}`: no kind of contact starves")
        return
    wait = "for ever" if worst.wait is None else lasting(worst.wait, "en")
    what = (
        f"policy of pool `{pool}` starves whoever comes by {worst.kind}: they would wait {wait} for "
        f"`{worst.agent}`, who takes them soonest. After {starving.ENOUGH} targets waited they are still "
        f"worth {number(worst.ahead, 'en')} points less than who comes by {worst.rival} and has waited one"
    )
    yield Found(what, _mend(policy))


def _mend(policy: Policy) -> str:
    """Every weight that stands against the wait, the largest first."""
    weights = {
        name: points
        for name in policy.weights.__struct_fields__
        if name != "wait" and (points := getattr(policy.weights, name)) > getattr(Weights(), name)
    }
    told = ", ".join(f"weights.{name} ({points})" for name, points in sorted(weights.items(), key=_largest))
    lower = f"lower {told}" if told else "lower the others"
    return (
        f"raise weights.wait ({policy.weights.wait}) or {lower}, so that the wait outgrows every other term"
    )


def _largest(weight: tuple[str, int]) -> tuple[int, str]:
    return -weight[1], weight[0]


def _overtaking(pool: str, policy: Policy) -> Iterator[Found]:
    """Credit has a bound; a bound of many targets is none."""
    most = policy.credit_cap if policy.journey_credit else policy.vulnerable_credit + policy.cut_credit
    most = min(most, policy.credit_cap)
    channel = min(policy.channels, key=lambda name: policy.channels[name].target)
    target = policy.channels[channel].target
    if most > starving.ENOUGH * max(target, 60 * SECOND):
        yield Found(
            f"policy of pool `{pool}` starves whoever comes by `{channel}` without credit: an equal contact "
            f"that comes up to {lasting(most, 'en')} later goes first, and the target is "
            f"{lasting(target, 'en')}",
            "lower credit_cap_s, or each credit",
        )
