"""Where each contact is, as Asterisk's list of channels says it."""

from router.phone.said import Seen, Surveyed
from router.phone.seen import Held, survey

ENDPOINTS = {"a1": "ag01"}


HELD = Held("c1", "o1", "a1")


def channel(name, uniqueid, linkedid):
    return {"event": "Status", "channel": f"PJSIP/{name}", "uniqueid": uniqueid, "linkedid": linkedid}


def caller(context, exten="s", bridge="", contact="c1"):
    place = {"context": context, "exten": exten, "bridgeid": bridge, "variable:guichet_turn": "3"}
    return channel("trunk-1", "1.1", "1.1") | place | {"variable:guichet_contact": contact}


LEG = channel("ag01-2", "1.2", "1.1")
OTHERS_LEG = channel("ag01-9", "9.9", "9.1")


def one(row, held=HELD):
    return survey([{"response": "Success"}, row, LEG, OTHERS_LEG], [held], ENDPOINTS, 5)[0]


def test_by_the_place_in_the_dialplan():
    where = ("c1", "PJSIP/trunk-1", "1.1")
    for context, found in (
        ("guichet-waiting", "waiting"),
        ("guichet-fallback", "fallback"),
        ("guichet-entry", "entering"),
        ("from-citizens", "entering"),
    ):
        assert one(caller(context)) == Seen(where[0], found, 5, *where[1:], turn=3)


def test_ringing_or_talking_with_whom_on_which_leg():
    at = {"channel": "PJSIP/trunk-1", "uniqueid": "1.1", "leg": "PJSIP/ag01-2", "leg_id": "1.2", "turn": 3}
    assert one(caller("guichet-dial", "ag01")) == Seen("c1", "dialling", 5, **at, agent="a1", offer="o1")
    assert one(caller("guichet-dial", "ag01", "b")) == Seen(
        "c1", "bridged", 5, **at, agent="a1", offer="o1", bridge="b"
    )


def test_an_offer_to_another_agent_is_not_the_one_that_rings():
    assert one(caller("guichet-dial", "ag01"), Held("c1", "o2", "a2")).offer == ""


def test_a_phone_of_nobody_has_no_agent():
    assert one(caller("guichet-dial", "ag77", "b")).agent == ""


def test_no_channel_is_absent_and_other_channels_are_left_alone():
    rows = [caller("guichet-waiting", contact="c2"), LEG, {"event": "StatusComplete"}]
    alive = Surveyed(frozenset({"1.1", "1.2"}), 5)
    assert survey(rows, [Held("c1")], ENDPOINTS, 5) == [Seen("c1", "absent", 5), alive]
    assert survey(rows, [], ENDPOINTS, 5) == [alive]


def test_with_several_phones_the_one_that_is_there_is_the_leg():
    [seen, _] = survey([caller("guichet-dial", "home.ag01"), LEG], [HELD], {"a1": "home.ag01"}, 5)
    assert (seen.agent, seen.leg) == ("a1", "PJSIP/ag01-2")
