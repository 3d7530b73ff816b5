"""The AMI link against a peer that does what panoramisk does not survive: one test for each cured defect."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.phone import ami, frame, wire
from router.phone.ami import Denied, Unknown, Unsent
from router.phone.ami_actions import Redirect, Setvar, Status
from router.phone.settings import AmiSettings
from tests.unit.phone.peer import Peer, linked, next_event

REDIRECT = Redirect("PJSIP/trunk-1", "guichet-dial", "ag01")
HANGUP = b"Event: Hangup\r\nUniqueid: %d\r\n\r\n"


@pytest.mark.parametrize("ending", ["\r\n\r\nAction: Command\r\nCommand: core stop now", "\n", "\r", "\0"])
async def test_a_value_cannot_end_its_line(ending):
    peer = Peer()
    async with linked(peer) as link:
        with pytest.raises(Unsent, match="line break"):
            await link.act(Setvar("GUICHET_BEAT", f"1{ending}"))
        await link.act(Setvar("GUICHET_BEAT", "1"))
        assert [action["Value"] for action in peer.actions] == ["1"]


async def test_a_value_longer_than_asterisk_reads_is_not_sent():
    async with linked(Peer()) as link:
        with pytest.raises(Unsent, match="longer"):
            await link.act(Setvar("GUICHET_BEAT", "é" * 500))


async def test_an_action_is_sent_once_and_unknown_when_the_link_breaks_before_its_answer():
    peer = Peer()
    peer.answer = lambda action: None
    async with linked(peer) as link:
        asked = asyncio.create_task(link.act(REDIRECT))
        await peer.until(lambda peer: len(peer.actions) == 1)
        peer.hang_up()
        with pytest.raises(Unknown, match="broke"):
            await asked
        assert isinstance(await next_event(link), ami.LinkLost)
        with pytest.raises(Unsent):
            await link.act(REDIRECT)
        assert isinstance(await next_event(link), ami.LoggedIn)
        peer.answer = peer.succeed
        await link.act(Setvar("A", "1"))
        assert [action["Action"] for action in peer.actions] == ["Redirect", "Setvar"]


async def test_an_action_without_an_answer_is_unknown_at_its_deadline_and_leaves_nothing_behind():
    peer = Peer()
    async with linked(peer) as link:
        peer.answer = lambda action: None
        with pytest.raises(Unknown, match=r"within 0\.05 s"):
            await link.act(REDIRECT, deadline_s=0.05)
        assert "Redirect" not in [asked["Action"] for asked in link.protocol.responses.values()]


async def test_an_error_is_denied_with_asterisks_words():
    peer = Peer()
    peer.answer = lambda action: (
        f"Response: Error\r\nActionID: {action['ActionID']}\r\nMessage: does not exist\r\n\r\n".encode()
    )
    async with linked(peer) as link:
        with pytest.raises(Denied, match="does not exist"):
            await link.act(REDIRECT)


async def test_a_peer_that_stops_answering_pings_is_left(monkeypatch):
    monkeypatch.setattr(wire, "ACTION_S", 0.05)
    monkeypatch.setattr(wire, "PING_S", 0.05)
    peer = Peer()
    async with linked(peer) as link:
        peer.pongs = False
        assert isinstance(await next_event(link), ami.LinkLost)


async def test_events_come_in_order_and_only_those_wanted():
    peer = Peer()
    async with linked(peer) as link:
        data = b"".join(HANGUP % number + b"Event: VarSet\r\nValue: x\r\n\r\n" for number in range(50))
        for at in range(0, len(data), 7):
            peer.say(data[at : at + 7])
        assert [(await next_event(link)).uniqueid for _ in range(50)] == [str(number) for number in range(50)]
        assert link.events.empty()


async def test_characters_split_between_two_segments_and_latin_1_survive():
    peer = Peer()
    async with linked(peer) as link:
        peer.say("Event: Hangup\r\nUniqueid: Zoé\r\n\r\n".encode()[:-5])
        await asyncio.sleep(0)
        peer.say("Event: Hangup\r\nUniqueid: Zoé\r\n\r\n".encode()[-5:])
        peer.say("Event: Hangup\r\nUniqueid: Zoé\r\n\r\n".encode("latin-1"))
        assert [(await next_event(link)).uniqueid for _ in range(2)] == ["Zoé", "Zoé"]


async def test_a_message_that_cannot_be_read_costs_only_itself(monkeypatch):
    real = ami.read

    def read(headers):
        if headers.get("uniqueid", "") == "1":
            raise RuntimeError("broken on purpose")
        return real(headers)

    monkeypatch.setattr(ami, "read", read)
    peer = Peer()
    async with linked(peer) as link:
        peer.say(HANGUP % 1 + HANGUP % 2)
        assert (await next_event(link)).uniqueid == "2"
        assert peer.logins == 1


async def test_a_message_without_end_is_not_kept_for_ever(monkeypatch):
    monkeypatch.setattr(frame, "LONGEST", 1000)
    peer = Peer()
    async with linked(peer) as link:
        peer.say(b"x" * 2000)
        assert isinstance(await next_event(link, within=1), ami.LinkLost)


async def test_more_unread_events_than_there_is_room_for_drop_the_link(monkeypatch):
    peer = Peer()
    async with linked(peer) as link:
        link.events._maxsize = 3
        peer.say(b"".join(HANGUP % number for number in range(9)))
        await peer.until(lambda peer: len(peer.writers) == 2)
        assert [(await next_event(link)).uniqueid for _ in range(3)] == ["0", "1", "2"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Event", "Uniqueid", "DestUniqueid", "X"]), st.text("a: é\u0130\\,", max_size=8)
        ),
        min_size=1,
    ),
    st.sampled_from(["utf-8", "latin-1"]),
)
def test_a_line_read_alone_says_what_all_lines_read_say(lines, encoding):
    text = "\r\n".join(f"{name}: {value}" for name, value in lines)
    raw = text.encode(encoding, "replace")
    whole, alone = frame.headers(raw), frame.Lines(raw)
    for name in ("event", "uniqueid", "destuniqueid", "x", "absent"):
        assert alone.get(name, "nothing") == whole.get(name, "nothing")


async def test_a_list_ends_at_its_own_end_and_keeps_what_only_looks_like_one():
    peer = Peer()

    def listed(action):
        head = f"ActionID: {action['ActionID']}\r\n"
        return (
            f"Response: Success\r\n{head}EventList: start\r\nMessage: Channel status will follow\r\n\r\n"
            f"Event: Status\r\n{head}Channel: a\r\nVariable: GUICHET_CONTACT=c-1\r\n\r\n"
            f"Event: AgentComplete\r\n{head}Channel: b\r\n\r\n"
            f"Event: StatusComplete\r\n{head}EventList: Complete\r\nItems: 2\r\n\r\n"
        ).encode()

    peer.answer = listed
    async with linked(peer) as link:
        rows = await link.act(Status())
        assert [row.get("channel") for row in rows] == [None, "a", "b", None]
        assert rows[1]["variable:guichet_contact"] == "c-1"


async def test_close_stays_closed_even_between_two_tries():
    peer = Peer()
    async with linked(peer) as link:
        peer.hang_up()
        assert isinstance(await next_event(link), ami.LinkLost)
        link.close()
        await asyncio.sleep(wire.BACKOFF_S * 2)
        assert len(peer.writers) == 1


async def test_close_while_connecting_stays_closed():
    link = wire.Wire(AmiSettings(port=1), "secret")
    connecting = link.connect()
    link.close()
    await asyncio.wait([connecting])
    await asyncio.sleep(0)
    assert link.timer is None


async def test_a_port_that_is_not_asterisks_is_left_and_tried_again():
    peer = Peer()
    peer.greeting = b"220 mail.example ESMTP\r\n"
    server = await asyncio.start_server(peer.connected, "127.0.0.1", 0)
    link = wire.Wire(AmiSettings(port=server.sockets[0].getsockname()[1]), "secret")
    link.connect()
    await peer.until(lambda peer: len(peer.writers) == 2)
    assert not link.up
    link.close()
    server.close()


async def test_before_the_first_connection_nothing_is_sent():
    link = wire.Wire(AmiSettings(port=1), "secret")
    with pytest.raises(Unsent):
        await link.act(REDIRECT)
