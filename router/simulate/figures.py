"""What a simulated day amounts to. The denominator is everybody who came: it cannot be flattered.

Wait counts from arrival. A contact answered late, or by nobody, is no success; nobody is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from metrics.promise import Kept, spread
from router.core.policy import SECOND
from router.simulate.rules import LIVE, target_of_kind

if TYPE_CHECKING:
    from router.simulate.centre import Centre, Story


class Figures(Struct, frozen=True):
    """Shares 0 to 1, waits in seconds.

    `late`: deferrable work begun after its due time, or not by then. What is due only after the lived day and
    was left for another is not late yet: it is `abandoned` like all that was not served.
    """

    arrived: int
    service_level: float  # answered within the target, of all who came
    abandoned: float
    late: float
    mean_wait_s: float  # of those answered
    p95_wait_s: float  # of all: who left waited until then, who was never served until the lived day's end


def figures(stories: Iterable[Story]) -> Figures:
    """Of these citizens. Zeros where nobody came."""
    told = list(stories)
    if not told:
        return Figures(0, 0.0, 0.0, 0.0, 0.0, 0.0)
    waits = sorted(_waited(story) for story in told)
    answered = [_waited(story) for story in told if story.answered is not None]
    return Figures(
        arrived=len(told),
        service_level=_share(told, _in_time),
        abandoned=_share(told, lambda story: story.answered is None),
        late=_share(told, _late),
        mean_wait_s=sum(answered) / len(answered) / SECOND if answered else 0.0,
        p95_wait_s=waits[min(len(waits) - 1, int(0.95 * len(waits)))] / SECOND,
    )


def by_group(centre: Centre) -> dict[str, Figures]:
    """`all`, and then each channel, topic, language, and the vulnerable: "channel phone" and so on."""
    groups: dict[str, list[Story]] = defaultdict(list)
    for story in centre.stories.values():
        for group in _groups_of(story):
            groups[group].append(story)
    return {name: figures(stories) for name, stories in sorted(groups.items())}


def headline(centre: Centre) -> dict[str, float]:
    """The figures by which policies are compared. `lost` is what a citizen would call lost service."""
    stories = centre.stories.values()
    phone = figures(story for story in stories if story.citizen.kind.channel == "phone")
    live = figures(story for story in stories if story.citizen.kind.channel in LIVE)
    deferred = figures(story for story in stories if story.citizen.kind.due_s is not None)
    fragile = figures(s for s in stories if s.citizen.vulnerable and s.citizen.kind.channel == "phone")
    groups = by_group(centre)
    levels = [f.service_level for name, f in groups.items() if name.startswith(("channel", "topic"))]
    return {
        "lost": (1 - phone.service_level if phone.arrived else 0.0) + live.abandoned + deferred.late,
        "phone_service_level": phone.service_level,
        "abandoned": live.abandoned,
        "late": deferred.late,
        "phone_mean_wait_s": phone.mean_wait_s,
        "phone_p95_wait_s": phone.p95_wait_s,
        "vulnerable_service_level": fragile.service_level,
        "spread": max(levels, default=0.0) - min(levels, default=0.0),
        "promise_spread": max(promise_spreads([groups]).values(), default=0.0),
    }


def promises(days: Iterable[Mapping[str, Figures]], by: str) -> dict[str, Kept]:
    """Attained over promised of each channel, topic or language, over these days together."""
    sums: dict[str, Kept] = {}
    for groups in days:
        for group, told in groups.items():
            kind, _, name = group.partition(" ")
            if kind == by:
                before = sums.get(name, Kept(0, 0))
                in_time = round(told.arrived * told.service_level)
                sums[name] = Kept(before.decided + told.arrived, before.kept + in_time)
    return sums


def promise_spreads(days: Sequence[Mapping[str, Figures]]) -> dict[str, float]:
    """The best class's figure less the worst's: of channels, of topics, of languages."""
    spreads = {by: spread(promises(days, by)) for by in ("channel", "topic", "language")}
    return {by: each for by, each in spreads.items() if each is not None}


def _groups_of(story: Story) -> Iterator[str]:
    kind = story.citizen.kind
    yield "all"
    for by, name in (("channel", kind.channel), ("topic", kind.topic), ("language", kind.language)):
        if name:
            yield f"{by} {name}"
    if story.citizen.vulnerable:
        yield "vulnerable"


def _share(stories: list[Story], of: Callable[[Story], bool]) -> float:
    return sum(map(of, stories)) / len(stories)


def _waited(story: Story) -> int:
    """Until answered or gone; of whoever was never served, what of it the lived day has seen."""
    end = story.answered if story.answered is not None else story.left
    return (story.over if end is None else end) - story.citizen.arrives


def _in_time(story: Story) -> bool:
    return story.answered is not None and _waited(story) <= target_of_kind(story.citizen.kind)


def _late(story: Story) -> bool:
    due = story.citizen.kind.due_s
    if due is None:
        return False
    if story.answered is None:
        return story.citizen.arrives + round(due * SECOND) <= story.over
    return _waited(story) > due * SECOND
