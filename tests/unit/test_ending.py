"""Tasks end although one of them loses its first cancellation."""

import asyncio

from router import ending


async def test_a_task_that_loses_its_cancellation_is_told_again(monkeypatch):
    monkeypatch.setattr(ending, "TOLD_AGAIN", 0.01)
    lost = 0

    async def goes_on() -> None:
        nonlocal lost
        while True:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                lost += 1
                if lost == 3:
                    raise

    tasks = [asyncio.create_task(goes_on()), asyncio.create_task(asyncio.sleep(0))]
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await ending.end(tasks)
    assert (lost, [task.done() for task in tasks]) == (3, [True, True])


async def test_nothing_to_end_is_no_matter():
    await ending.end([])
