"""Keys that were pressed while no question was there to hear them: each counts once, in order."""

from __future__ import annotations

import pytest

from router.phone.flow_keys import Keys


def pressed(*keys, at=10.0, gap=0.3):
    made = Keys()
    for number, key in enumerate(keys):
        made.press(key, at + number * gap, at + number * gap)
    return made


def test_a_key_between_two_questions_answers_the_next():
    keys = pressed("2", "1")
    assert keys.complete(1)
    assert [keys.take(1), keys.take(1)] == ["2", "1"]
    assert not keys.complete(1)


@pytest.mark.parametrize("when", ["while it listens", "before its word", "after its word"])
def test_what_a_question_heard_is_not_pressed_again(when):
    keys = Keys()
    keys.begin()
    if when == "while it listens":
        keys.press("5", 1.0, 1.0)
    keys.over()
    if when == "before its word":
        keys.press("5", 1.0, 1.0)
    keys.heard("5", 1.01)
    if when == "after its word":
        keys.press("5", 1.02, 1.0)
    keys.press("5", 1.03, 1.02)  # put back, and told again
    assert keys.pressed == []
    keys.press("5", 1.4, 1.4)
    assert keys.take(1) == "5"


def test_a_press_that_asterisk_put_back_is_told_again_and_is_one():
    keys = Keys()
    for number in range(8):
        keys.press("4", 1.0, 1.0 + number * 0.02)
    keys.press("4", 1.4, 1.4)
    assert keys.take(9) == "44"


def test_hash_ends_what_is_shorter_and_is_dropped_after_what_is_complete():
    keys = pressed("4", "2", "#", "1")
    assert keys.complete(9)
    assert keys.take(9) == "42"
    keys = pressed("#", "1")
    keys.drop_hash()
    assert keys.take(1) == "1"


def test_a_double_press_is_no_yes():
    keys = pressed("1", "1", gap=0.15)
    assert keys.take(1) == "1"
    keys.drop_twice()
    assert keys.pressed == []
    keys.press("1", 11.0, 11.0)
    keys.drop_twice()
    assert keys.take(1) == "1"


def test_guichets_own_key_is_no_answer():
    keys = pressed("A")
    assert not keys.complete(1)
    assert keys.freed
