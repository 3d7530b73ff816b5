"""Whether the policy serves everybody. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.check.found import Found
from router.core import starving
from router.core.policy import SECOND, Policy

if TYPE_CHECKING:
    from collections.abc import Iterator


def fairness(pool: str, policy: Policy) -> Iterator[Found]:
    """Nobody waits for ever because of how the policy is made."""
    nobody = starving.unserved(policy)
    for topic in policy.topics or ("",):
        tongues = [kind.language for kind in nobody if kind.topic == topic]
        if tongues:
            every = len(tongues) == max(len(policy.languages), 1)
            which = "" if every else f" in {', '.join(tongues)}"
            mend = f"an agent with the skills that `{topic}` needs; or lower these, or drop it"
            what = f"pool `{pool}`: who comes about `{topic}`{which} waits for ever: no agent can serve them"
            yield Found(what, mend if every else "", warning=True)
    worst = starving.starving(policy)
    if worst is None:
        yield Found(f"policy of pool `{pool}`: no kind of contact starves")
        return
    wait = "for ever" if worst.wait is None else f"{worst.wait // SECOND} s"
    what = (
        f"policy of pool `{pool}` starves a {worst.kind}: it would wait {wait} for `{worst.agent}`, who "
        f"takes it soonest. After {starving.ENOUGH} of its targets it is still worth {worst.ahead} points "
        f"less than a {worst.rival} that has waited for one"
    )
    yield Found(what, "raise weights.wait or lower the others, so that the wait outgrows every other term")
