"""The first policy when the log is slow or the core refuses it."""

from __future__ import annotations

import pytest

from config.loader import load
from router.core.events import Config
from router.core.refusal import Refusal
from router.core.step import Result
from router.door import Unavailable
from router.log.errors import LogError
from router.serve.opening import open_with
from tests.serve.process import DEMO
from tests.unit.phone.door import MemoryDoor


class EmptyDoor(MemoryDoor):
    """No policy rules yet. The first `refusals` calls find the log away."""

    def __init__(self, away: int = 0) -> None:
        super().__init__()
        self.state.policy_hash = ""
        self.times_away = away

    def _count(self) -> None:
        if self.times_away:
            self.times_away -= 1
            raise Unavailable("log_unavailable", "not now", retry_after=0.01)

    async def read(self, question):
        self._count()
        return await super().read(question)

    async def submit(self, event):
        self._count()
        return await super().submit(event)


@pytest.mark.parametrize("away", [0, 1, 2])
async def test_a_log_that_is_slow_at_the_start_is_asked_again(away):
    door = EmptyDoor(away)
    await open_with(door, load(DEMO).tree, "main")
    assert [event.by for event in door.events(Config)] == ["", "serve"]


class AwayOnSubmit(EmptyDoor):
    """Reads are answered, the first append is not."""

    async def read(self, question):
        return question(self.state)


async def test_a_submit_that_fails_once_is_made_again():
    door = AwayOnSubmit(away=1)
    await open_with(door, load(DEMO).tree, "main")
    assert door.events(Config)[-1].by == "serve"


class Refusing(EmptyDoor):
    async def submit(self, event):
        return Result(refusal=Refusal("bad_field", "no such skill"))


async def test_a_policy_that_the_core_refuses_ends_the_start():
    with pytest.raises(LogError, match="no such skill"):
        await open_with(Refusing(), load(DEMO).tree, "main")
