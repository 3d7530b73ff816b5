"""What runs until a signal comes: whichever part ends, all the others have ended when it is told."""

from __future__ import annotations

import asyncio

import pytest

from router.serve.site import until_told_to_stop


async def test_when_one_part_breaks_the_others_are_ended_before_it_is_told():
    """Also when two break at once, and one ends slowly."""
    ended = []

    async def breaks():
        raise OSError("broken")

    async def ends_slowly():
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.01)
            ended.append("slowly")

    for _ in range(20):  # the order of a set is chance
        ended.clear()
        owning = asyncio.create_task(asyncio.Event().wait())
        with pytest.raises(OSError, match="broken"):
            await until_told_to_stop(owning, breaks(), ends_slowly(), breaks(), ends_slowly())
        assert ended == ["slowly", "slowly"]
        assert not owning.done()
        owning.cancel()
