"""Citizens walk the library by telephone: SIPp keys what scenarios say; the session's path must be theirs."""

from __future__ import annotations

import pytest

from tests.phone.flow_stage import Walk
from tests.phone.flow_walk import chosen, judged, walked

pytestmark = [pytest.mark.asterisk, pytest.mark.redis, pytest.mark.timeout(300)]


@pytest.fixture
def lab(folder):
    """With a manager who times."""
    with judged(folder) as running:
        yield running


def some(walks: dict[str, Walk], every: int) -> dict[str, Walk]:
    """Each so many-th."""
    return dict(list(walks.items())[::every])


async def test_branches_with_agents_there(lab, folder):
    """A quarter of them; the soak below walks all."""
    by = await walked(lab, folder, some(chosen("next"), 4), ("rfc2833", "info"), ready=True)
    assert by.faults == []


async def test_leaving_the_line_by_a_key_and_hanging_up_there(lab, folder):
    by = await walked(lab, folder, chosen("callback", "left"), ("info", "rfc2833"), ready=False)
    assert by.faults == []


def fluent(walks: dict[str, Walk]) -> dict[str, Walk]:
    """Who keys nothing wrong, is never silent, and needs no agent: they know the way by heart."""
    return {
        number: walk
        for number, walk in walks.items()
        if len(walk.scenario.answers) > 2
        and not {"silence", "hang-up"} & {*walk.scenario.answers}
        and not any(word in walk.scenario.name for word in ("wrong", "no such"))
        and not any(node.endswith("waiting") for node in walk.scenario.expect.path or ())
    }


async def test_keys_pressed_ahead_during_slow_lookups_and_between_questions(lab, folder):
    """Each key falls where it may: into a question, before it, while it is being put, into a lookup.

    Not by SIP INFO: SIPp sends no sound with it, and without frames Asterisk ends a key with the next one,
    so that two alike come within 0.1 s and are one press told twice.
    """
    walks = some(fluent(chosen("next")), 2)
    by = await walked(
        lab, folder, walks, ("rfc2833",), ready=True, slow_s=0.3,
        ahead=lambda number: 230 + int(number) * 37 % 190,
    )  # fmt: skip
    assert by.faults == []


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize("way", ["rfc2833", "info"])
async def test_every_branch_by_each_way_of_keying(lab, folder, way):
    assert (await walked(lab, folder, chosen("next"), (way,), ready=True)).faults == []
