"""Where the owner's time goes at a given rate: cProfile over one measurement, most expensive first."""

from __future__ import annotations

import cProfile
import pstats
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bench.log import subjects
from bench.log.load import load
from router.log.owned import OwnedRedis

if TYPE_CHECKING:
    from bench.log.__main__ import Bench

SHOWN = 45


async def profiled(bench: Bench, rate: float) -> None:
    """Prints own time and calls; cProfile itself about halves what can be held."""
    folder = Path(tempfile.mkdtemp(prefix="bench-log-"))
    redis = OwnedRedis(folder, "everysec")
    await redis.start()
    try:
        async with subjects.owner(redis.url, "profiled") as (subject, life):
            await load(subject, life, 1000, 0.5)
            with cProfile.Profile() as profile:
                print(await load(subject, life, rate, bench.seconds))
        pstats.Stats(profile).strip_dirs().sort_stats("tottime").print_stats(SHOWN)
    finally:
        await redis.stop()
        shutil.rmtree(folder, ignore_errors=True)
