"""The centres are fair, the rivals keep what they say, the page says what was missed."""

from __future__ import annotations

import pytest

from bench.policy.centres import SIZES, centre
from bench.policy.opponents import FIGURES, GUICHET, SHORT, day, grid
from bench.policy.page import page
from router.core import events as e
from router.core.effects import Offer
from router.core.policy import SECOND
from router.simulate.classical import Classical
from router.simulate.rules import tuned
from skills.eligibility import eligible


@pytest.mark.parametrize("agents", SIZES)
def test_everybody_can_be_served_and_the_parts_are_apart(agents: int):
    for number in range(5):
        drawn = centre(agents, "test", number)
        assert drawn == centre(agents, "test", number)
        assert drawn.seed != centre(agents, "train", number).seed
        assert sum(team.count for team in drawn.teams) == agents
        for kind in drawn.kinds:
            assert sum(eligible(team.skills, (kind.needs,)) for team in drawn.teams) >= 2


def test_each_rival_of_the_short_list_is_in_its_grid():
    for agents in SIZES:
        assert set(SHORT[agents]) <= set(grid(agents))


@pytest.mark.parametrize(("reserve", "begun"), [(0, 3), (1, 2), (3, 0)])
def test_a_classical_reserve_is_kept_from_mail_alone(reserve: int, begun: int):
    pool = Classical(tuned("priority", reserve=reserve), {})
    for name in ("a1", "a2", "a3"):
        pool.say(e.Agent(name, "ready", skills={}), 0)
    offers = [
        effect
        for name in ("m1", "m2", "m3")
        for effect in pool.say(e.Contact(name, "email", ({},), due=3600 * SECOND), 0)
    ]
    assert len([each for each in offers if isinstance(each, Offer)]) == begun
    for offer in offers:
        pool.say(e.Answer(offer.offer, offer.contact, offer.agent, "accepted"), SECOND)
    late = pool.say(e.Tick(), 3000 * SECOND)
    assert {each.contact for each in late if isinstance(each, Offer)} == {
        f"m{n}" for n in range(begun + 1, 4)
    }


def test_the_page_names_what_was_missed():
    good = dict.fromkeys(FIGURES, 0.1) | {"late": 0.0, "late_strict": 0.05, "phone_p95_wait_s": 10.0}
    poor = good | {"lost": 0.2, "lost_strict": 0.11, "late_strict": 0.0}
    rows = [
        {"part": "test", "agents": 80, "centre": n, "day": 0, "rival": rival, "figures": figures}
        for n in range(3)
        for rival, figures in (("guichet", good), ("priority", poor))
    ]
    rows.append(rows[0] | {"centre": 3})  # the rival has not lived this one yet
    told = page(rows)
    assert "3 centres, 3 days" in told
    usual, strict = told.split("By the strict count: ")
    assert "lost service -0.02: met; late mail at most 3 %: met" in usual
    assert "lost service -0.02: **missed**; late mail at most 3 %: **missed**" in strict


def test_a_day_is_the_same_day_twice():
    small = centre(12, "train", 11)
    assert day(small, GUICHET, 0) == day(small, GUICHET, 0)
