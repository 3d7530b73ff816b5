"""How long citizens would have waited: Kaplan and Meier's estimate, and what is drawn from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.whatif.patience import Patience

# Remission under 6-mercaptopurine (Freireich and others 1963), the textbook's example: weeks.
ENDED = (6, 6, 6, 7, 10, 13, 16, 22, 23)
CENSORED = (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
PUBLISHED = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
TOLD = [*((week, True) for week in ENDED), *((week, False) for week in CENSORED)]
WAITS = st.lists(st.tuples(st.integers(1, 500), st.booleans()), min_size=1, max_size=60)


def test_the_published_estimate() -> None:
    patience = Patience(TOLD)
    assert patience.stays(5) == 1
    for week, share in PUBLISHED.items():
        assert patience.stays(week) == pytest.approx(share, abs=0.0006)
    assert patience.stays(9) == pytest.approx(PUBLISHED[7], abs=0.0006)


def test_whoever_is_served_first_waits_longer_than_that() -> None:
    """Taking the waits of those served for their patience would halve the estimate."""
    served = [(10, False)] * 90
    assert Patience([*served, *[(20, True)] * 5, *[(30, True)] * 5]).draw(0.6) == 20
    assert Patience([*served, *[(20, True)] * 5, *[(30, True)] * 5]).draw(0.4) == 30


@given(WAITS, st.floats(0, 1), st.integers(0, 600))
def test_nobody_who_waited_so_long_is_given_less_patience(
    told: list[tuple[int, bool]], luck: float, beyond: int
) -> None:
    drawn = Patience(told).draw(luck, beyond)
    if any(left for _, left in told):
        assert drawn is not None
        assert drawn > beyond
    else:
        assert drawn is None  # nobody was ever seen to leave


@given(WAITS, st.integers(0, 400))
def test_what_is_drawn_follows_the_estimate(told: list[tuple[int, bool]], beyond: int) -> None:
    patience = Patience(told)
    if not patience.leavers:
        return
    drawn = [patience.draw((each + 0.5) / 1000, beyond) for each in range(1000)]
    for wait in (beyond + 1, beyond + 20, 100, 300):
        if beyond < wait <= max(time for time, left in told if left) and patience.stays(beyond) > 0:
            longer = sum(each is not None and each > wait for each in drawn) / 1000
            assert longer == pytest.approx(patience.stays(wait) / patience.stays(beyond), abs=0.002)


def test_beyond_the_last_who_left_the_day_s_mean_rate_holds() -> None:
    patience = Patience([*[(100, True)] * 10, *[(1000, False)] * 10])
    rate = 10 / (10 * 100 + 10 * 1000)
    drawn = [patience.draw((each + 0.5) / 4000, 500) for each in range(4000)]
    assert min(each or 0 for each in drawn) > 500
    assert sum(each or 0 for each in drawn) / 4000 == pytest.approx(500 + 1 / rate, rel=0.02)
