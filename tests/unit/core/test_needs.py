"""Which needs are the same, and which are the same object."""

from __future__ import annotations

from router.core import needs as module
from router.core.needs import needs_key, shared


def test_needs_in_another_order_are_the_same_kind() -> None:
    one = ({"tax": 3, "lang:fr": 1}, {"housing": 2})
    other = ({"housing": 2}, {"lang:fr": 1, "tax": 3})
    assert needs_key(one) == needs_key(other) == ((("housing", 2),), (("lang:fr", 1), ("tax", 3)))
    assert needs_key(({"tax": 4, "lang:fr": 1},)) != needs_key(({"tax": 3, "lang:fr": 1},))


def test_only_needs_in_the_same_words_are_one_object() -> None:
    first = shared(({"tax": 3, "lang:ar": 1},))
    assert shared(({"tax": 3, "lang:ar": 1},)) is first
    turned = ({"lang:ar": 1, "tax": 3},)
    assert shared(turned) is turned  # the same kind, but written down as it was said


def test_hostile_variety_is_forgotten_and_keys_stay_true(monkeypatch) -> None:
    monkeypatch.setattr(module, "SHARED_MAX", 8)
    monkeypatch.setattr(module, "_shared", {})
    for level in range(1, 200):
        some = shared(({"tax": level},))
        assert needs_key(some) == ((("tax", level),),)
        assert len(module._shared) <= 8
