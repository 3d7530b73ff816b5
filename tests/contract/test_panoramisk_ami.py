"""Each known defect of panoramisk 1.4's AMI client: shown by it as it comes, cured in `router.phone.wire`.

docs/reference/panoramisk.md has the list; `test_panoramisk_table.py` holds the two together.
"""

from __future__ import annotations

import asyncio
import logging

import pytest
from panoramisk.message import Message

from router.phone import ami, ami_actions, frame, wire
from router.phone.settings import AmiSettings
from router.phone.wire import Wire
from tests.contract.ami_sides import BOTH, RETRY_S, Bare, comes, ends, joined
from tests.unit.phone.peer import Frame, Peer

pytestmark = [
    pytest.mark.server,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),  # of the bare side
]

HANGUP = "Event: Hangup\r\nUniqueid: {}\r\n\r\n"


class Booted(Peer):
    """Says after each login that Asterisk is up: panoramisk waits for it before it sends again."""

    def succeed(self, action: Frame) -> bytes:
        booted = b"Event: FullyBooted\r\nUptime: 5\r\n\r\n" if action["Action"] == "Login" else b""
        return super().succeed(action) + booted


def answering(*lines: str) -> Peer:
    """A peer that answers each action so; `{}` stands for the action's id."""
    peer = Peer()
    peer.answer = lambda action: "".join(lines).replace("{}", f"ActionID: {action['ActionID']}").encode()
    return peer


def silent() -> Peer:
    peer = Booted()
    peer.answer = lambda action: None
    return peer


@BOTH
async def test_a_value_with_a_line_break_is_a_second_action(kind, monkeypatch):
    peer = Peer()
    async with joined(kind, peer, monkeypatch) as link:
        value = "x\r\n\r\nAction: Command\r\nActionID: 7\r\nCommand: core stop now"
        await ends(asyncio.create_task(link.ask("Setvar", Variable="A", Value=value)), link.patience)
        await ends(asyncio.create_task(link.ask("Setvar", Variable="A", Value="1")), link.patience)
        assert ("Command" in [action["Action"] for action in peer.actions]) is link.shows


@BOTH
async def test_an_exception_in_whoever_hears_an_event_ends_the_link_and_drops_the_rest(kind, monkeypatch):
    peer = Peer()
    async with joined(kind, peer, monkeypatch) as link:
        link.fail_once(monkeypatch)
        peer.say((HANGUP.format(1) + HANGUP.format(2)).encode())
        assert (
            await comes(lambda: any(e.get("uniqueid") == "2" for e in link.heard), link.patience)
            != link.shows
        )
        assert (peer.logins == 2) is link.shows


@BOTH
async def test_successfully_queued_without_async_breaks_the_link(kind, monkeypatch):
    peer = answering("Response: Success\r\n{}\r\nMessage: Originate successfully queued\r\n\r\n")
    async with joined(kind, peer, monkeypatch) as link:
        asked = asyncio.create_task(link.ask("Originate", Channel="PJSIP/ag01"))
        assert await ends(asked, link.patience) != link.shows
        assert await comes(lambda: peer.logins == 2, 0.25) is link.shows


@BOTH
async def test_added_interface_to_queue_is_taken_for_a_list_without_end(kind, monkeypatch):
    peer = answering("Response: Success\r\n{}\r\nMessage: Added interface to queue\r\n\r\n")
    async with joined(kind, peer, monkeypatch) as link:
        asked = asyncio.create_task(link.ask("QueueAdd", Queue="q", Interface="PJSIP/ag01"))
        assert await ends(asked, link.patience) != link.shows


@BOTH
async def test_an_action_without_answer_is_sent_again_after_the_next_login(kind, monkeypatch):
    peer = silent()
    async with joined(kind, peer, monkeypatch) as link:
        asked = asyncio.create_task(link.ask("Redirect", Channel="PJSIP/trunk-1", Exten="ag01"))
        await peer.until(lambda peer: len(peer.actions) == 1)
        peer.hang_up()
        await peer.until(lambda peer: peer.logins == 2)
        assert await comes(lambda: len(peer.actions) == 2, 0.25) is link.shows
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)


@BOTH
async def test_an_action_half_answered_stays_pending_for_ever_when_the_link_breaks(kind, monkeypatch):
    peer = answering("Response: Success\r\n{}\r\nEventList: start\r\nMessage: List will follow\r\n\r\n")
    async with joined(kind, peer, monkeypatch) as link:
        asked = asyncio.create_task(link.ask_list())
        await peer.until(lambda peer: len(peer.actions) == 1)
        peer.hang_up()
        assert await ends(asked, link.patience) != link.shows


@BOTH
async def test_an_action_given_up_leaves_its_entry_behind(kind, monkeypatch):
    peer = silent()
    async with joined(kind, peer, monkeypatch) as link:
        for _ in range(50):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(link.ask("Setvar", Variable="A", Value="1"), 0.001)
        assert link.kept == (50 if link.shows else 0)


@BOTH
async def test_a_peer_that_answers_no_ping_is_believed_alive(kind, monkeypatch):
    peer = Peer()
    async with joined(kind, peer, monkeypatch, ping_s=0.05) as link:
        peer.pongs = False
        assert await comes(lambda: peer.logins == 2, 0.5 if link.shows else 5) != link.shows


@BOTH
async def test_close_between_two_tries_comes_back(kind, monkeypatch):
    peer = Peer()
    async with joined(kind, peer, monkeypatch) as link:
        peer.hang_up()
        assert await comes(lambda: not link.up, 5)
        link.close()
        assert await comes(lambda: len(peer.writers) == 2, RETRY_S * 10) is link.shows


@BOTH
async def test_a_character_split_between_two_segments_or_in_latin_1_vanishes(kind, monkeypatch):
    peer = Peer()
    peer.pongs = False  # an answer in between would be a third segment
    async with joined(kind, peer, monkeypatch) as link:
        whole = HANGUP.format("Zoé")
        peer.say(whole.encode()[:-5])
        await asyncio.sleep(0.02)  # two segments
        peer.say(whole.encode()[-5:] + whole.encode("latin-1"))
        assert await comes(lambda: sum(e["event"] == "Hangup" for e in link.heard) == 2, 5)
        names = [event["uniqueid"] for event in link.heard if event["event"] == "Hangup"]
        assert names == (["Zo", "Zo"] if link.shows else ["Zoé", "Zoé"])


@BOTH
async def test_an_event_that_bears_an_action_s_id_is_kept_from_the_listeners(kind, monkeypatch):
    peer = answering(
        "Event: OriginateResponse\r\n{}\r\nResponse: Failure\r\nReason: 5\r\n\r\n"
        "Response: Success\r\n{}\r\nMessage: Originate successfully queued\r\n\r\n"
    )
    async with joined(kind, peer, monkeypatch) as link:
        assert await ends(asyncio.create_task(link.ask("Originate", Channel="x", Async="true")), 5)
        peer.say(HANGUP.format("after").encode())
        assert await comes(lambda: any(e["event"] == "Hangup" for e in link.heard), 5)
        heard = [event["event"] for event in link.heard]
        assert ("OriginateResponse" not in heard) is link.shows


STATUS = "Response: Success\r\n{}\r\nEventList: start\r\nMessage: Channel status will follow\r\n\r\n"


@BOTH
async def test_a_row_whose_name_ends_in_complete_ends_the_list(kind, monkeypatch):
    peer = answering(
        STATUS,
        "Event: AgentComplete\r\n{}\r\nChannel: a\r\n\r\nEvent: Status\r\n{}\r\nChannel: b\r\n\r\n"
        "Event: StatusComplete\r\n{}\r\nEventList: Complete\r\n\r\n",
    )
    async with joined(kind, peer, monkeypatch) as link:
        rows = await asyncio.wait_for(link.ask_list(), 5)
        assert ("b" not in [row.get("channel") for row in rows]) is link.shows


@BOTH
async def test_a_list_whose_end_has_another_name_never_ends(kind, monkeypatch):
    peer = answering(STATUS, "Event: StatusEnd\r\n{}\r\nEventList: Complete\r\n\r\n")
    async with joined(kind, peer, monkeypatch) as link:
        assert await ends(asyncio.create_task(link.ask_list()), link.patience) != link.shows


@BOTH
async def test_before_the_first_connection_sending_is_an_attribute_error(kind):
    if kind == "bare":
        with pytest.raises(AttributeError):
            await Bare(port=1).ask("Ping")
    else:
        with pytest.raises(ami.Unsent):
            await Wire(AmiSettings(port=1), "secret").act(ami_actions.Ping())


class Refusing(Peer):
    """Refuses every login and hangs up, as Asterisk does."""

    def succeed(self, action: Frame) -> bytes:
        self.writers[-1].close()
        return super().succeed(action).replace(b"Success", b"Error")


@BOTH
async def test_a_refused_login_is_tried_again_at_one_pace_for_ever(kind, monkeypatch):
    loop, delays = asyncio.get_running_loop(), []
    real = loop.call_later

    def call_later(delay, callback, *args, **more):
        if getattr(callback, "__name__", "") == "connect":
            delays.append(delay)
        return real(delay, callback, *args, **more)

    monkeypatch.setattr(loop, "call_later", call_later)
    peer = Refusing()
    server = await asyncio.start_server(peer.connected, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    if kind == "bare":
        link = Bare(port)
        link.manager.connect()
    else:
        monkeypatch.setattr(wire, "BACKOFF_S", RETRY_S)
        link = Wire(AmiSettings(port=port), "secret")
        link.connect()
    assert await comes(lambda: len(delays) >= 4, 5)
    link.close()
    server.close()
    assert delays == sorted(delays)
    assert (len(set(delays)) == 1) is (kind == "bare")
    assert (delays[3] >= 2 * delays[0]) is (kind == "ours")


@BOTH
async def test_a_connect_that_fails_otherwise_ends_the_tries(kind, monkeypatch):
    """panoramisk expects OSError alone: `ssl="False"` out of an ini file is a TypeError."""
    loop, left, faults = asyncio.get_running_loop(), [TypeError("ssl"), TypeError("ssl")], []
    loop.set_exception_handler(lambda loop, context: faults.append(context))
    real = loop.create_connection

    async def create_connection(*args, **more):
        if left:
            raise left.pop()
        return await real(*args, **more)

    peer = Peer()
    server = await asyncio.start_server(peer.connected, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    monkeypatch.setattr(loop, "create_connection", create_connection)
    monkeypatch.setattr(wire, "BACKOFF_S", RETRY_S)
    link = Bare(port).manager if kind == "bare" else Wire(AmiSettings(port=port), "secret")
    await asyncio.wait([link.connect()])
    assert await comes(lambda: peer.logins, 0.25 if kind == "bare" else 5) is (kind == "ours")
    link.close()
    server.close()
    assert bool(faults) is (kind == "bare")


@BOTH
async def test_coroutines_that_hear_events_lose_their_order(kind, monkeypatch):
    peer, order = Peer(), []
    async with joined(kind, peer, monkeypatch) as link:
        if kind == "bare":

            async def hear(manager, event):
                for _ in range(10 if event["uniqueid"] == "1" else 0):
                    await asyncio.sleep(0)
                order.append(event["uniqueid"])

            link.manager.register_event("Hangup", hear)
        peer.say((HANGUP.format(1) + HANGUP.format(2)).encode())
        if kind == "bare":
            assert await comes(lambda: len(order) == 2, 5)
        else:
            order += [(await link.wire.events.get()).uniqueid for _ in range(2)]
        assert (order != ["1", "2"]) is link.shows


@BOTH
async def test_a_message_without_end_is_kept_however_long(kind, monkeypatch):
    peer = Peer()
    async with joined(kind, peer, monkeypatch) as link:
        peer.say(b"x" * (frame.LONGEST + 70_000))
        assert await comes(lambda: peer.logins == 2, link.patience) != link.shows


@BOTH
async def test_a_lost_link_writes_the_pending_action_to_the_log(kind, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    peer = silent()
    async with joined(kind, peer, monkeypatch) as link:
        asked = asyncio.create_task(link.ask("Setvar", Variable="A", Value="0601020304"))
        await peer.until(lambda peer: len(peer.actions) == 1)
        peer.hang_up()
        await peer.until(lambda peer: peer.logins == 2)
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)
    assert ("0601020304" in caplog.text) is link.shows
    assert "secret" not in caplog.text


@BOTH
async def test_two_links_of_one_process_count_with_the_same_id(kind, monkeypatch):
    """panoramisk draws its prefix at import: two links, or two processes after a fork, share it."""
    prefixes = []
    for _ in range(2):
        peer = Peer()
        async with joined(kind, peer, monkeypatch) as link:
            await link.ask("Setvar", Variable="A", Value="1")
        prefixes.append(peer.actions[0]["ActionID"].rstrip("0123456789"))
    assert (prefixes[0] == prefixes[1]) is link.shows


def read(kind: str, text: str) -> dict[str, str]:
    """A message as one of the two reads it, by lower-case name."""
    if kind == "bare":
        return {name.lower(): value for name, value in Message.from_line(text).items()}
    return frame.headers(text.encode())


@BOTH
def test_a_header_named_content_is_erased(kind):
    assert read(kind, "Event: UserEvent\r\nContent: hello")["content"] == {"bare": "", "ours": "hello"}[kind]


@BOTH
def test_a_failure_loses_its_last_line(kind):
    answer = read(kind, "Response: Failure\r\nActionID: 1\r\nMessage: no such channel")
    assert ("message" not in answer) is (kind == "bare")


@BOTH
def test_a_header_named_result_is_unquoted(kind):
    assert (read(kind, "Event: X\r\nResult: 100%25")["result"] == "100%") is (kind == "bare")


@BOTH
def test_a_misspelt_field_reads_as_empty(kind):
    if kind == "bare":
        assert Message({"Event": "Hangup"}).uniqeid == ""
    else:
        event = ami.read({"event": "Hangup", "uniqueid": "1"})
        with pytest.raises(AttributeError):
            event.uniqeid  # noqa: B018


@BOTH
@pytest.mark.parametrize("values", [["A=1"], ["A=1", "B=2"]])
def test_one_variable_cannot_be_read_as_several_are(kind, values):
    text = "\r\n".join(["Event: Status", *(f"ChanVariable: {value}" for value in values)])
    if kind == "ours":
        assert read(kind, text)["variable:a"] == "1"
    elif len(values) == 1:
        with pytest.raises(TypeError):
            Message.from_line(text).getdict("ChanVariable")
    else:
        assert Message.from_line(text).getdict("ChanVariable")["A"] == "1"
