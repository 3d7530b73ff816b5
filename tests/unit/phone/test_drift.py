"""What counts as a difference between Asterisk, the calls in hand and the state, and what does not."""

from __future__ import annotations

import pytest

from router.phone.calls import DIAL, FALLBACK, WAITING, Calls
from router.phone.drift import Believed, Difference, differences


def row(context: str, bridge: str = "", contact: str = "c1", uniqueid: str = "u1") -> dict[str, str]:
    return {
        "event": "Status",
        "uniqueid": uniqueid,
        "linkedid": uniqueid,
        "context": context,
        "bridgeid": bridge,
        "variable:guichet_contact": contact,
    }


def leg(uniqueid: str = "l1") -> dict[str, str]:
    return {"event": "Status", "uniqueid": uniqueid, "linkedid": "u1", "context": "guichet-agents"}


def calls(phase: str, agent: str = "", leg_id: str = "") -> Calls:
    inhand = Calls({"a1": "ag01"})
    inhand.inputs = 7
    call = inhand.add("c1", "PJSIP/trunk-1", "u1", phase)
    call.agent = agent
    if leg_id:
        inhand.rung(call, "PJSIP/ag01-1", leg_id)
    return inhand


WAITS, TALKS = Believed("waiting", "", 5), Believed("connected", "a1", 5)


@pytest.mark.parametrize(
    ("rows", "inhand", "state"),
    [
        ([row(WAITING, "hall")], calls("waiting"), {"c1": WAITS}),
        ([row(WAITING, "hall")], calls("waiting"), {"c1": Believed("offered", "", 5)}),
        ([row(DIAL), leg()], calls("dialling", "a1", "l1"), {"c1": Believed("offered", "", 5)}),
        ([row(DIAL, "b"), leg()], calls("talking", "a1", "l1"), {"c1": TALKS}),
        ([row("guichet-consult", "b"), leg()], calls("talking", "a1", "l1"), {"c1": TALKS}),
        ([row(WAITING)], calls("returning", "a1"), {"c1": TALKS}),
        ([], calls("menu"), {}),
        ([row("from-citizens", contact="")], Calls({}), {}),
    ],
)
def test_what_agrees_or_is_on_its_way_is_no_difference(rows, inhand, state):
    assert differences(rows, inhand, state) == set()


@pytest.mark.parametrize(
    ("kind", "rows", "inhand", "state"),
    [
        ("caller", [], calls("waiting"), {"c1": WAITS}),
        ("leg", [row(DIAL, "b")], calls("talking", "a1", "l1"), {"c1": TALKS}),
        ("place", [row(DIAL, "b")], calls("waiting"), {"c1": WAITS}),
        ("place", [row(FALLBACK)], calls("waiting"), {"c1": WAITS}),
        ("state", [row(WAITING, "hall")], calls("waiting"), {}),
        ("state", [row(DIAL, "b")], calls("talking", "a1"), {"c1": Believed("connected", "a2", 5)}),
        ("state", [row(DIAL, "b")], calls("talking", "a1"), {"c1": WAITS}),
    ],
)
def test_each_kind_of_difference_is_seen(kind, rows, inhand, state):
    assert differences(rows, inhand, state) == {Difference(kind, "c1", 7)}


def test_a_caller_or_a_contact_that_nobody_has_in_hand_is_a_difference():
    assert differences([row(WAITING, "hall")], Calls({}), {}) == {Difference("stranger", "c1", 0)}
    assert differences([], Calls({}), {"c1": WAITS}) == {Difference("state", "c1", 5)}


def test_what_moved_in_between_is_another_difference():
    inhand = calls("waiting")
    before = differences([], inhand, {"c1": WAITS})
    inhand.inputs = 8
    inhand.move(inhand.calls["c1"], "waiting")
    assert not before & differences([], inhand, {"c1": WAITS})
