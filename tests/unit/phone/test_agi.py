"""Commands and replies of one call: quoting, lines in between, usage texts, the end."""

from contextlib import asynccontextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.phone.agi import AgiFault, HungUp, quoted
from tests.unit.phone.line import Line, on


@asynccontextmanager
async def talking(*replies):
    left = list(replies)
    line = Line(lambda _: left.pop(0) if left else None)
    async with on(line) as agi:
        yield agi, line


async def test_keys_and_silence():
    end = b"200 result=0\n"
    async with talking(end, b"200 result=1 (2)\n", end, b"200 result=1 ()\n", end, b"200 result=0\n") as (
        agi,
        line,
    ):
        assert await agi.read(("vm-press", "beep"), 1, 5.0, 60.0) == "2"
        assert await agi.read(("beep",), 4, 0.5, 60.0) == ""
        assert await agi.read(("beep",), 4, 0.5, 60.0) == ""
    assert line.asked[:3] == [
        'EXEC "Read" "GUICHET_KEYED,vm-press&beep,1,e,1,5"',
        'GET VARIABLE "GUICHET_KEYED"',
        'EXEC "Read" "GUICHET_KEYED,beep,4,e,1,0.5"',
    ]


async def test_a_reply_not_waited_for_is_read_before_the_next_command_is_sent():
    line = Line(lambda said: b"200 result=1\n" if "FIRST" in said else b"200 result=1 (two)\n")
    async with on(line) as agi:
        await agi.put_variable("FIRST", "1")
        assert await agi.get_variable("SECOND") == "two"


async def test_a_reply_not_waited_for_that_never_comes_ends_the_next_command(monkeypatch):
    monkeypatch.setattr("router.phone.agi.REPLY_S", 0.05)
    line = Line(lambda said: b"100 Trying\n")
    async with on(line) as agi:
        await agi.put_variable("FIRST", "1")
        with pytest.raises(AgiFault, match="in time"):
            await agi.last_variable("SECOND", "2")
    assert len(line.asked) == 1


async def test_a_hangup_line_in_between_shifts_no_reply():
    async with talking(b"HANGUP\n200 result=1 (a)\n", b"200 result=1 (b)\n") as (agi, _):
        assert await agi.get_variable("A") == "a"
        assert await agi.get_variable("B") == "b"
        assert agi.hung_up


async def test_a_usage_text_is_read_to_its_end():
    usage = b"520-Invalid command syntax.  Proper usage follows:\nUsage: STREAM FILE\n\n520 End of usage.\n"
    async with talking(usage, b"200 result=1 (next)\n") as (agi, _):
        with pytest.raises(AgiFault, match="misused"):
            await agi.execute("Read", "x", 1.0)
        assert await agi.get_variable("A") == "next"


async def test_a_value_with_line_breaks_and_brackets_is_read_to_its_end():
    async with talking(b"200 result=1 (a (b) \nHANGUP\nc)\n", b"200 result=0\n") as (agi, _):
        assert await agi.get_variable("A") == "a (b) \nHANGUP\nc"
        assert await agi.get_variable("B") is None
        assert not agi.hung_up


async def test_what_a_value_leaves_behind_answers_no_other_command():
    async with talking(b"200 result=1 (a)\n200 result=1 (evil)\n)\n") as (agi, _):
        with pytest.raises(AgiFault, match="its own reply"):
            await agi.get_variable("A")


@pytest.mark.parametrize("reply", [b"", b"200 res", b"511 Command Not Permitted on a dead channel\n"])
async def test_an_end_is_a_hang_up(reply):
    async with talking(reply) as (agi, _):
        with pytest.raises(HungUp):
            await agi.hang_up()


@pytest.mark.parametrize("reply", [b"200 result=-1\n", b"200 result=-1 endpos=0\n"])
async def test_minus_one_is_a_hang_up(reply):
    async with talking(reply) as (agi, _):
        with pytest.raises(HungUp):
            await agi.read(("beep",), 1, 1.0, 60.0)


@pytest.mark.parametrize(
    "reply", [b"510 Invalid or unknown command\n", b"nonsense\n", b"200 nothing\n", b"100 x\n" * 70]
)
async def test_an_unreadable_reply_is_a_fault(reply):
    async with talking(reply) as (agi, _):
        with pytest.raises(AgiFault):
            await agi.get_variable("A")


async def test_a_peer_that_never_replies_does_not_hold_us(monkeypatch):
    monkeypatch.setattr("router.phone.agi.REPLY_S", 0.05)
    async with talking(b"HANGUP\n") as (agi, _):
        with pytest.raises(AgiFault, match="in time"):
            await agi.set_variable("A", "1")


@given(st.text())
def test_any_value_is_one_word_of_one_line_or_refused(value):
    if any(each in value for each in "\r\n\0"):
        with pytest.raises(AgiFault):
            quoted(value)
        return
    word = quoted(value)
    assert word[0] == word[-1] == '"'
    inside, plain = iter(word[1:-1]), ""
    for each in inside:  # as Asterisk's own parser reads it
        assert each != '"'
        plain += next(inside) if each == "\\" else each
    assert plain == value
