"""What a waiting caller is told: place and wait, as numbers; nothing to whoever does not wait."""

from router.core.events import Agent, Contact, Gone
from router.core.state import State
from router.core.step import step
from router.phone import ami
from router.phone.announce import place_of

NEEDS = ({"housing": 1},)


def waiting(count, *events):
    state = State()
    for each in (*(Contact(f"c{n}", "phone", NEEDS) for n in range(1, count + 1)), *events):
        step(state, each, 1)
    return state


def test_the_place_is_that_in_the_line_and_nobody_able_gives_no_wait():
    state = waiting(3)
    assert [place_of(state, f"c{n}") for n in (1, 2, 3)] == ["1:0:0", "2:0:0", "3:0:0"]


def test_the_wait_is_an_interval_in_minutes():
    state = waiting(4, Agent("a1", "ready", skills={"housing": 5}))  # c1 is offered to a1
    assert place_of(state, "c1") == ""
    position, low, high = map(int, place_of(state, "c4").split(":"))
    assert position == 3
    assert 0 < low < high < 60


def test_nobody_is_told_anything_who_does_not_wait():
    assert place_of(waiting(1, Gone("c1")), "c1") == ""
    assert place_of(waiting(0), "c9") == ""


def test_the_dialplans_question_is_read():
    said = {"event": "UserEvent", "userevent": "GuichetAnnounce", "contact": "c", "channel": "x", "turn": "2"}
    assert ami.read(said) == ami.Announce("c", "x", 2)
