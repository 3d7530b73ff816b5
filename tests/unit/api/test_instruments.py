"""The number of series never grows, whatever comes in."""

from __future__ import annotations

import random
import string
from typing import get_args

from metrics.instruments import Instruments
from metrics.labels import REFUSALS
from router.core.policy import CHANNELS
from router.core.refusal import Code


def series(instruments):
    return sum(1 for line in instruments.exposition().splitlines() if not line.startswith(b"#"))


def test_ten_thousand_random_inputs_leave_the_number_of_series_constant():
    instruments = Instruments("main", CHANNELS)
    before = series(instruments)
    chance = random.Random(4)

    def word():
        return "".join(chance.choices(string.printable, k=chance.randrange(0, 30)))

    for _ in range(10_000):
        instruments.arrived(word())
        instruments.served(word(), chance.uniform(-1e9, 1e9))
        instruments.abandoned(word())
        instruments.fallback(word())
        instruments.offer_closed(word(), chance.random())
        instruments.refused(word())
        instruments.phone(word())
        instruments.mail(word())
        instruments.answered(chance.randrange(0, 2000))
        instruments.waiting({word(): (1, 2.0)})
        instruments.agents({word(): 1}, 0)
    assert series(instruments) == before
    assert before < 500


def test_what_is_not_in_a_list_is_counted_as_other():
    instruments = Instruments("main", CHANNELS)
    instruments.arrived("fax")
    text = instruments.exposition().decode()
    assert 'guichet_contacts_arrived_total{channel="other",pool="main"} 1.0' in text


def test_every_series_is_there_before_anything_happened():
    text = Instruments("main", CHANNELS).exposition().decode()
    for name in ("arrived", "served", "abandoned", "fallback"):
        assert f'guichet_contacts_{name}_total{{channel="phone",pool="main"}} 0.0' in text


def test_every_reason_to_pass_an_event_over_has_its_own_series():
    assert {*get_args(Code), "unreadable", "duplicate", "other"} == set(REFUSALS)
