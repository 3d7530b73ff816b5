"""Agents' own phones: what makes one busy or unreachable, whatever order it is heard in."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from router.phone.ami import HungUp
from router.phone.ami_agents import DeviceState, NewChannel, read
from router.phone.devices import Devices, phone_of

ENDPOINTS = {"a1": "ag01", "a2": "ag02.ag02-home"}
OURS = {"caller"}


def devices() -> Devices:
    return Devices("phone", ENDPOINTS)


def states(tells) -> list[tuple[str, str]]:
    return [(tell.event.agent, tell.event.state) for tell in tells]


def channel(phone: str, uniqueid: str, linkedid: str = "") -> NewChannel:
    return NewChannel(f"PJSIP/{phone}-00000a1", uniqueid, linkedid or uniqueid)


def row(phone: str, uniqueid: str, linkedid: str = "") -> dict[str, str]:
    return {"channel": f"PJSIP/{phone}-00000a1", "uniqueid": uniqueid, "linkedid": linkedid or uniqueid}


def test_an_agent_s_own_call_makes_them_busy_until_it_ends():
    phones = devices()
    assert states(phones.heard(channel("ag01", "own"), OURS)) == [("a1", "busy")]
    assert states(phones.heard(channel("ag01", "second"), OURS)) == []
    assert states(phones.heard(HungUp("own"), OURS)) == []
    assert states(phones.heard(HungUp("second"), OURS)) == [("a1", "free")]


def test_a_leg_that_we_ring_is_none_of_their_own():
    phones = devices()
    assert phones.heard(channel("ag01", "leg", "caller"), OURS) == []
    assert phones.heard(HungUp("leg"), OURS) == []


def test_a_leg_of_the_native_queue_makes_them_busy():
    assert states(devices().heard(channel("ag01", "leg", "somebody"), OURS)) == [("a1", "busy")]


def test_a_phone_of_nobody_and_a_channel_of_no_phone_say_nothing():
    phones = devices()
    for event in (
        channel("1001", "x"),
        NewChannel("Local/ag01@x-0001;1", "y", "y"),
        DeviceState("PJSIP/1", "INVALID"),
    ):
        assert phones.heard(event, OURS) == []


def test_who_has_two_phones_is_unreachable_when_both_are():
    phones = devices()
    assert states(phones.heard(DeviceState("PJSIP/ag02", "UNAVAILABLE"), OURS)) == []
    assert states(phones.heard(DeviceState("PJSIP/ag02-home", "UNAVAILABLE"), OURS)) == [
        ("a2", "unreachable")
    ]
    assert states(phones.heard(DeviceState("PJSIP/ag02", "NOT_INUSE"), OURS)) == [("a2", "free")]
    assert states(phones.heard(channel("ag02-home", "own"), OURS)) == [("a2", "busy")]


def test_a_look_tells_only_what_the_core_does_not_know():
    phones = devices()
    phones.look()
    here = [row("ag01", "own"), row("ag02", "leg", "caller")]
    assert states(phones.seen(here, [], OURS, {"a2": "unreachable"})) == [("a1", "busy"), ("a2", "free")]
    phones.look()
    assert phones.seen(here, [], OURS, {"a1": "busy"}) == []


def test_what_was_heard_after_the_list_was_asked_for_is_newer_than_the_list():
    phones = devices()
    phones.look()
    phones.heard(HungUp("own"), OURS)
    phones.heard(channel("ag02", "later"), OURS)
    phones.heard(DeviceState("PJSIP/ag01", "UNAVAILABLE"), OURS)
    listed = [DeviceState("PJSIP/ag01", "NOT_INUSE")]
    phones.seen([row("ag01", "own")], listed, OURS, {})
    assert states(phones.again()) == [("a1", "unreachable"), ("a2", "busy")]


def test_what_the_core_may_have_missed_is_said_again():
    phones = devices()
    phones.heard(channel("ag01", "own"), OURS)
    assert states(phones.again(["a1", "a2", "nobody"])) == [("a1", "busy")]


ASIDE = ("NOT_INUSE", "UNAVAILABLE", "INUSE")
PHONES = ("ag01", "ag02", "ag02-home")
channels = st.builds(
    lambda phone, call: channel(phone, f"{phone}.{call}", call if call == "caller" else ""),
    st.sampled_from((*PHONES, "1001")),
    st.sampled_from(("caller", "p", "q")),
)
things = st.lists(
    st.one_of(
        channels,
        channels.map(lambda event: HungUp(event.uniqueid)),
        st.builds(
            lambda phone, state: DeviceState(f"PJSIP/{phone}", state),
            st.sampled_from(PHONES),
            st.sampled_from(ASIDE),
        ),
    ),
    max_size=30,
)


@given(things, st.data())
def test_a_look_in_the_midst_of_anything_comes_to_the_same(events, data):
    """Whenever the list was asked for, however late it came: what is told of each agent is the same."""
    asked = data.draw(st.integers(0, len(events)))
    listed = data.draw(st.integers(asked, len(events)))
    straight, looking = devices(), devices()
    last: dict[str, str] = {}
    for event in events:
        last |= states(straight.heard(event, OURS))
    told: dict[str, str] = {}
    for at in range(len(events) + 1):
        if at == asked:
            looking.look()
            here = _listing(events[:at])
        if at == listed:
            told |= states(looking.seen(*here, OURS, {k: v for k, v in told.items() if v != "free"}))
        if at < len(events):
            told |= states(looking.heard(events[at], OURS))
    assert {k: v for k, v in told.items() if v != "free"} == {k: v for k, v in last.items() if v != "free"}


def _listing(events) -> tuple[list[dict[str, str]], list[DeviceState]]:
    """What Asterisk would list after these."""
    channels: dict[str, dict[str, str]] = {}
    phones: dict[str, DeviceState] = {}
    for event in events:
        match event:
            case NewChannel():
                channels[event.uniqueid] = {
                    "channel": event.channel,
                    "uniqueid": event.uniqueid,
                    "linkedid": event.linkedid,
                }
            case HungUp():
                channels.pop(event.uniqueid, None)
            case DeviceState():
                phones[event.device] = event
    return list(channels.values()), list(phones.values())


def test_ami_is_read_into_these_events():
    new = {"event": "Newchannel", "channel": "PJSIP/ag01-1", "uniqueid": "u", "linkedid": "l"}
    assert read(new) == NewChannel("PJSIP/ag01-1", "u", "l")
    assert read({"event": "DeviceStateChange", "device": "PJSIP/ag01", "state": "INUSE"}) == DeviceState(
        "PJSIP/ag01", "INUSE"
    )
    assert read({"event": "QueueMember"}) is None
    assert phone_of("PJSIP/ag01-a-00000001") == "ag01-a"
