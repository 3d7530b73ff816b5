"""The classical rules and every parameter that is tried for them; and one day lived under one of them.

A rival is what a centre could configure today. Each is chosen per size, on TRAIN centres, by lost service.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from router.core.needs import needs_key
from router.core.policy import SECOND, Policy
from router.simulate.centre import Centre
from router.simulate.classical import Classical
from router.simulate.draw import draw
from router.simulate.figures import headline
from router.simulate.pool import Guichet, Pool
from router.simulate.rules import tuned

if TYPE_CHECKING:
    from router.simulate.centre import Story
    from router.simulate.scenario import Scenario

FIGURES = (
    "lost", "lost_strict", "phone_service_level", "abandoned", "late", "late_strict",
    "phone_p95_wait_s", "all_p95_wait_s", "vulnerable_gain", "spread",
)  # fmt: skip


class Rival(NamedTuple):
    """A rule and its parameters; `guichet` has none, its defaults are shipped."""

    rule: str
    reserve: int = 0
    step_s: int = 20
    email: float = 0.0

    def __str__(self) -> str:
        given = [f"{self.reserve} idle kept"] if self.reserve else []
        given += [f"rings of {self.step_s} s"] if self.rule == "rings" else []
        given += [f"e-mail {self.email:g}"] if self.email else []
        return f"{self.rule} ({', '.join(given)})" if given else self.rule


GUICHET = Rival("guichet")
RESERVES = {12: (0, 1, 2, 3, 4, 6), 80: (0, 4, 8, 14, 20, 28, 40), 150: (0, 4, 8, 14, 20, 28, 40)}
SHORT = {  # of each rule the best of the grid on TRAIN, and the best that keeps no reserve
    12: (Rival("fixed_ratio", 4), Rival("cmu", 4, email=100.0), Rival("priority", 2), Rival("app_queue")),
    80: (
        Rival("fixed_ratio", 20), Rival("cmu", 14, email=100.0),
        Rival("priority", 14), Rival("cmu", email=10.0),
    ),
    150: (
        Rival("fixed_ratio", 20), Rival("cmu", 14, email=100.0),
        Rival("priority", 4), Rival("cmu", email=1.0),
    ),
}  # fmt: skip


def grid(agents: int) -> list[Rival]:
    """Everything tried for a size."""
    rivals = [Rival("app_queue"), *(Rival("rings", step_s=step) for step in (10, 20, 40))]
    for reserve in RESERVES[agents]:
        rivals += [Rival("priority", reserve), Rival("fixed_ratio", reserve)]
        rivals += [Rival("cmu", reserve, email=email) for email in (1.0, 10.0, 100.0)]
    return rivals


def day(scenario: Scenario, rival: Rival, replication: int) -> dict[str, float]:
    """The figures of one day; every rival meets the same citizens."""
    centre = Centre(scenario, draw(scenario, replication), pool_of(scenario, rival))
    centre.live()
    return figures_of(centre)


def figures_of(centre: Centre) -> dict[str, float]:
    """What the policy is judged by.

    Deferrable work not begun at closing is late if it was due by then; strictly, it is late in any case.
    """
    told = headline(centre)
    stories = list(centre.stories.values())
    told["vulnerable_gain"] = 0.0
    if any(story.citizen.vulnerable for story in stories):
        told["vulnerable_gain"] = told["vulnerable_service_level"] - told["phone_service_level"]
    deferred = [story for story in stories if story.citizen.kind.due_s is not None]
    closing = centre.scenario.hours * 3600
    late = sum(_late(story, closing) for story in deferred) / max(1, len(deferred))
    strict = sum(_late(story, float("inf")) for story in deferred) / max(1, len(deferred))
    told["lost_strict"] = told["lost"] - told["late"] + strict
    told["lost"] += late - told["late"]
    told["late"], told["late_strict"] = late, strict
    waits = sorted(
        (story.left if story.answered is None else story.answered or 0) - story.citizen.arrives
        for story in stories
        if story.answered is not None or story.left is not None
    )
    told["all_p95_wait_s"] = waits[int(0.95 * (len(waits) - 1))] / SECOND if waits else 0.0
    return {name: told[name] for name in FIGURES}


def _late(story: Story, closing: float) -> bool:
    due = story.citizen.arrives / SECOND + (story.citizen.kind.due_s or 0.0)
    return due <= closing if story.answered is None else story.answered / SECOND > due


def pool_of(scenario: Scenario, rival: Rival) -> Pool:
    """A fresh pool under a rival."""
    if rival == GUICHET:
        return Guichet(Policy())
    means = {(kind.channel, needs_key((kind.needs,))): kind.handling.mean_s for kind in scenario.kinds}
    return Classical(tuned(rival.rule, rival.reserve, rival.step_s, rival.email), means)
