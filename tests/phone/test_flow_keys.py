"""Keys that were pressed while no question was there to hear them: each counts once, in order."""

from __future__ import annotations

import random

import pytest

from router.phone.flow_keys import END, HASH, ON, Keys


def pressed(*keys, at=10.0, gap=0.3):
    """Told of outside any question, by an Asterisk that tells of questions."""
    made = Keys(begun=1, asked=1, ended=1)
    for number, key in enumerate(keys):
        made.press(key, at + number * gap, at + number * gap)
    return made


def asked(keys, most, *events, keyed="", full=True):
    """A question, with what Asterisk tells meanwhile: "(" it begins, ")" it is over, else a key."""
    keys.ask(most)
    now = 20.0 + keys.asked
    sent = []
    for number, event in enumerate(events):
        if event == "(":
            keys.begins()
        elif event == ")":
            keys.over()
        else:
            keys.press(event, now + number / 4, now + number / 4)
        sent.append(keys.due())
    keys.heard(keyed, now + 1, full=full)
    return "".join(sent)


def test_a_key_between_two_questions_answers_the_next():
    keys = pressed("2", "1")
    assert keys.complete(1)
    assert [keys.take(1), keys.take(1)] == ["2", "1"]
    assert not keys.complete(1)


@pytest.mark.parametrize("told", [("(", "5", ")"), ("(", "5"), ("(",), ()])
def test_what_a_question_heard_counts_once_however_late_asterisk_tells(told):
    keys = Keys(begun=1, asked=1, ended=1)
    asked(keys, 1, *told, keyed="5")
    assert keys.take(1) == "5"
    for event in ("(", "5", ")")[len(told) :]:
        keys.begins() if event == "(" else keys.over() if event == ")" else keys.press("5", 22.25, 22.25)
    keys.press("5", 22.27, 22.27) if told[-1:] == (")",) else None  # put back, and told again
    assert not keys.complete(1)


def test_a_key_told_of_after_its_question_was_put_ends_it_and_answers_it():
    keys = Keys(begun=1, asked=1, ended=1)
    assert asked(keys, 1, "2", "(", ")", keyed=END) == END
    assert keys.take(1) == "2"


def test_a_key_that_came_before_the_question_is_first():
    keys = Keys(begun=1, asked=1, ended=1)
    asked(keys, 1, "2", "(", "3", ")", "4", keyed="3")
    assert [keys.take(1), keys.take(1), keys.take(1)] == ["2", "3", "4"]


def test_a_number_begun_too_early_is_whole():
    keys = Keys(begun=1, asked=1, ended=1)
    sent = asked(keys, 4, "4", "(", "2", "1", "9", ")", keyed="219", full=False)
    assert (sent, keys.take(4)) == (HASH, "4219")
    keys.press(HASH, 30.0, 30.0)  # its own, told late
    assert not keys.complete(1)


def test_what_ends_a_shorter_number_is_no_part_of_the_next():
    keys = Keys(begun=1, asked=1, ended=1)
    asked(keys, 9, "(", "4", "2", HASH, ")", "1", keyed="42", full=False)
    assert [keys.take(9), keys.take(1)] == ["42", "1"]


def test_a_hash_alone_is_what_was_keyed():
    keys = Keys(begun=1, asked=1, ended=1)
    asked(keys, 9, "(", HASH, ")", keyed=HASH, full=False)
    assert (keys.take(9), keys.pressed) == (HASH, [])


def test_the_end_of_a_key_known_by_its_beginning_is_no_second_press():
    keys = pressed("2", at=20.9)
    asked(keys, 1, "(", ")", keyed="2")
    assert (keys.take(1), keys.complete(1)) == ("2", False)
    keys = pressed("2", at=21.5)
    assert keys.take(1) == "2"
    keys.ask(1)
    assert keys.unsure("2")
    keys.begins()
    keys.over()
    assert not keys.unsure("2")
    keys.heard("2", 22.0, full=True)
    assert not keys.complete(1)


def test_a_second_press_of_the_same_key_is_one():
    keys = pressed("2", at=21.5)
    assert keys.take(1) == "2"
    asked(keys, 1, "(", "2", ")", keyed="2")
    assert keys.take(1) == "2"


@pytest.mark.parametrize(("before", "after"), [("", "("), ("(", ")")])
def test_the_last_place_counts_where_a_press_was_put_back_and_told_again(before, after):
    keys = Keys(begun=1, asked=2, ended=1)
    for event in (before, "4", after, "4"):
        keys.begins() if event == "(" else keys.over() if event == ")" else None
        if event == "4":
            keys.press("4", 1.0, 1.0 + 0.02 * bool(keys.during or keys.pressed))
    assert (keys.during, [press.key for press in keys.pressed]) == (
        (["4"], []) if after == "(" else ([], ["4"])
    )


def test_a_press_that_asterisk_put_back_is_told_again_and_is_one():
    keys = pressed()
    for number in range(8):
        keys.press("4", 1.0, 1.0 + number * 0.02)
    keys.press("4", 1.4, 1.4)
    assert keys.take(9) == "44"


def test_hash_ends_what_is_shorter_and_is_dropped_after_what_is_complete():
    keys = pressed("4", "2", HASH, "1")
    assert keys.complete(9)
    assert keys.take(9) == "42"
    keys = pressed(HASH, "1")
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


def test_guichets_own_keys_are_no_answer():
    keys = pressed(ON, END)
    assert keys.pressed == []
    assert keys.freed


def test_a_free_agent_ends_a_question_for_several_keys():
    keys = Keys(begun=1, asked=1, ended=1)
    assert asked(keys, 9, "(", "4", ON, keyed="4A", full=False) == HASH


def test_an_asterisk_that_tells_of_no_question_answers_none():
    keys = Keys()
    keys.press("2", 1.0, 1.0)
    assert (keys.early, keys.complete(1), keys.due()) == (0, False, "")


def test_every_key_counts_once_and_in_order_wherever_it_falls():
    for seed in range(300):
        typed, answers = typing(seed)
        assert (seed, answers) == (seed, typed)


def typing(seed):
    """Asterisk as it is: what comes outside a question is dropped and told, and all is told with a lag."""
    chance = random.Random(seed)
    typed = "".join(chance.choice("123456789") for _ in range(chance.randint(1, 8)))
    keys = Keys(begun=1, asked=1, ended=1)
    news, answers, left, now = [], "", list(typed), 100.0

    def tell(least=0):
        for _ in range(chance.randint(min(least, len(news)), len(news))):
            told, at = news.pop(0)
            keys.begins() if told == "(" else keys.over() if told == ")" else keys.press(told, now, at)

    for _ in range(200):
        now += 1
        for _ in range(chance.randint(0, min(2, len(left)))):  # while nobody listens
            news.append((left.pop(0), now))
            tell()
            now += 1
        if keys.complete(1):
            answers += keys.take(1)
            continue
        keys.ask(1)
        news.append(("(", now))
        tell()
        ended = keys.due()
        while ("(", now) in news and not ended:  # by more than a whole question it is never late
            tell(1)
            ended = keys.due()
        keyed = ended or (left.pop(0) if left and chance.random() < 0.7 else "")
        news += [(keyed, now)] * (keyed not in ("", END))
        news.append((")", now))
        tell()
        if keys.unsure(keyed):
            tell(len(news))
        keys.heard(keyed, now, full=True)
        answers += keys.take(1)
    return typed, answers
