"""When a chat warns and closes: never for who waits connected, never while it is the agent's turn."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.chat.closing import Patience, Quiet, next_due

PATIENCE = Patience(silent=600, warned=120, away=180)


@pytest.mark.parametrize(
    ("quiet", "due"),
    [
        (Quiet("asking", 0, False, None, None), (600, "warn")),
        (Quiet("asking", 0, False, None, 600), (720, "close")),
        (Quiet("asking", 0, False, 10, None), (190, "left")),
        (Quiet("waiting", 0, False, None, None), None),
        (Quiet("waiting", 0, False, 50, None), (230, "left")),
        (Quiet("with_agent", 0, True, None, None), None),
        (Quiet("with_agent", 0, True, 50, None), None),
        (Quiet("with_agent", 0, False, None, None), (600, "warn")),
        (Quiet("with_agent", 0, False, 50, 600), (720, "close")),
        (Quiet("closed", 0, False, 0, None), None),
    ],
)
def test_what_is_due(quiet: Quiet, due):
    assert next_due(quiet, PATIENCE) == due


moments = st.none() | st.integers(0, 1000)


@given(
    st.builds(
        Quiet,
        st.sampled_from(("asking", "waiting", "with_agent", "closed")),
        st.integers(0, 1000),
        st.booleans(),
        moments,
        moments,
    )
)
def test_nobody_is_closed_while_it_is_the_agent_s_turn_or_they_wait_connected(quiet: Quiet):
    due = next_due(quiet, PATIENCE)
    if quiet.state == "closed" or (quiet.state == "with_agent" and quiet.citizen_last):
        assert due is None
    if quiet.state == "waiting" and quiet.away_since is None:
        assert due is None
    if due is not None and due.action == "close":
        assert quiet.warned_at is not None
