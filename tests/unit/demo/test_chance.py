"""Behaviour of synthetic people: seeded, in waves, and everything happens."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from router.demo import chance

TOPICS, LANGUAGES = ("housing", "family", "rights"), ("fr", "en", "ar")


def people(seed: int, many: int) -> list[chance.Citizen]:
    random = Random(seed)
    return [chance.citizen(random, TOPICS, LANGUAGES) for _ in range(many)]


def test_a_seed_repeats_the_same_people():
    assert people(7, 50) == people(7, 50) != people(8, 50)


def test_everything_is_wanted_and_what_stands_first_most():
    crowd = people(7, 2000)
    assert set(chance.CHANNELS) == {one.channel for one in crowd}
    topics = Counter(one.topic for one in crowd)
    assert [topic for topic, _ in topics.most_common()] == list(TOPICS)
    assert Counter(one.language for one in crowd).most_common(1)[0][0] == "fr"
    assert 0.02 < sum(one.vulnerable for one in crowd) / 2000 < 0.08
    assert any(one.patience_s < 20 for one in crowd)


def test_nobody_leaves_an_email_within_seconds():
    assert all(one.patience_s >= 90 for one in people(7, 2000) if one.channel == "email")


def test_the_day_has_peaks_and_keeps_its_mean():
    rates = [chance.rate(second, 1.0) for second in range(int(chance.DAY_S))]
    assert sum(rates) / len(rates) == pytest.approx(1.0, abs=0.01)
    assert min(rates) > 0.2
    assert max(rates) > 1.4


def test_agents_mostly_accept_sometimes_decline_and_rarely_miss():
    random = Random(7)
    answers = Counter(chance.answer(random) for _ in range(5000))
    assert answers["accepted"] > 4500 > answers["declined"] > answers["missed"] > 0
