"""One seed: a stream through an engine in this process, its twin beside it, under the law checker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tests.engine.generate import Step, Stream
from tests.engine.run import Conversation, converse_checked
from tests.laws.crowd import Crowd
from tests.laws.inside import Inside
from tests.laws.met import Meeting


def stream_of(seed: int) -> Stream:
    """Small hostile centres and large busy ones by turns."""
    return Crowd(seed) if seed % 2 else Stream(seed)


def run_inside(seed: int, lines: int) -> tuple[Conversation, Counter[str]]:
    """What was said, and which situations it met."""
    checker, stream = Meeting(), stream_of(seed)

    def steps() -> Iterator[Step]:
        for _ in range(lines):
            yield stream.next(checker.world)

    said = converse_checked(steps(), Inside(every=1 + seed * 7 % 60), checker)
    return said, checker.met
