"""Work that can be done apart, spread over all cores and told in order. It knows nothing of what is done.

Whoever presses Ctrl-C waits for nothing: workers end at once, and what had not begun never does.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, TypeVar

T = TypeVar("T")
Prepare = tuple[Callable[..., None], tuple[Any, ...]]


def in_order(
    work: Callable[..., T],
    plan: Sequence[tuple[Any, ...]],
    cores: int,
    done: Callable[[], None],
    prepare: Prepare | None = None,
) -> Iterator[T]:
    """What `work` makes of each item, in the plan's order whatever the cores; `done` after each.

    `prepare` is called with its arguments once in each worker: for what all items share.
    """
    if cores == 1 or len(plan) == 1:
        if prepare is not None:
            prepare[0](*prepare[1])
        for each in plan:
            yield work(*each)
            done()
        return
    workers = ProcessPoolExecutor(
        min(cores, len(plan)), mp_context=get_context("spawn"), initializer=_begin, initargs=(prepare,)
    )
    try:
        for future in [workers.submit(work, *each) for each in plan]:
            yield future.result()
            done()
    finally:
        workers.shutdown(cancel_futures=True)


def _begin(prepare: Prepare | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if prepare is not None:
        prepare[0](*prepare[1])
