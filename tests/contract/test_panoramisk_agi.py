"""Each known defect of panoramisk 1.4's FastAGI server: shown by it as it comes, cured in `router.phone.agi`.

docs/reference/panoramisk.md has the list; `test_panoramisk_table.py` holds the two together.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest
from panoramisk.fast_agi import Application

from router.phone.agi import AgiFault, HungUp
from tests.contract.agi_sides import HEAD, get, port, served, talk
from tests.contract.ami_sides import BOTH

pytestmark = [
    pytest.mark.server,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),  # of the bare side
]


@BOTH
async def test_a_connection_that_closes_at_once_freezes_the_process(kind):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.contract.agi_sides", kind,
        cwd=Path(__file__).parents[2], stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        number = int(await process.stdout.readline())
        assert await served(number), "it serves before"
        _, writer = await asyncio.open_connection("127.0.0.1", number)
        writer.close()
        await writer.wait_closed()
        assert await served(number, within=1 if kind == "bare" else 10) is (kind == "ours")
    finally:
        process.kill()
        await process.wait()


@BOTH
async def test_a_head_without_end_is_kept_however_long(kind):
    async def unreached(side):
        raise AssertionError

    async with port(kind, unreached) as number:
        reader, writer = await asyncio.open_connection("127.0.0.1", number)
        writer.write(b"agi_x: " + b"y" * 100_000)
        ended = asyncio.create_task(reader.read())
        done, _ = await asyncio.wait([ended], timeout=0.25 if kind == "bare" else 5)
        assert (not done) is (kind == "bare")
        if kind == "bare":
            writer.write(b"\n\n")  # lest its loop freezes this process when the connection ends
        await asyncio.gather(ended, return_exceptions=True)
        writer.transport.abort()
        await asyncio.gather(writer.wait_closed(), return_exceptions=True)


@BOTH
async def test_a_value_with_a_line_break_is_a_second_command(kind):
    async def question(side):
        if kind == "bare":
            await side.send_command('SET VARIABLE A "x"\nEXEC System "true"')
        else:
            with pytest.raises(AgiFault, match="line break"):
                await side.set_variable("A", '"x"\nEXEC System "true"')

    asked = await talk(kind, question, b"200 result=1\n")
    assert any(line.startswith(b"EXEC") for line in asked) is (kind == "bare")


@BOTH
async def test_a_hangup_line_is_taken_for_a_reply_and_shifts_all_others(kind):
    got = []

    async def question(side):
        got.extend([await get(side, "A"), await get(side, "B")])

    await talk(kind, question, b"HANGUP\n200 result=1 (a)\n", b"200 result=1 (b)\n")
    if kind == "bare":
        assert got[0]["error"] == "AGIResultHangup"
        assert got[1]["result"] == ("1", "a"), "B has the value of A"
    else:
        assert got == ["a", "b"]


@BOTH
async def test_a_caller_named_hangup_is_taken_for_one(kind):
    got = []

    async def question(side):
        got.append(await get(side, "A"))

    await talk(kind, question, b"200 result=1 (hangup)\n")
    assert (got != ["hangup"]) is (kind == "bare")
    assert kind == "ours" or got[0]["error"] == "AGIResultHangup"


@BOTH
async def test_a_usage_text_is_left_half_read(kind):
    usage = b"520-Invalid command syntax.  Proper usage follows:\nUsage: GET\n  more\n520 End of usage.\n"
    got = []

    async def question(side):
        for name in "AB":
            try:
                got.append(await get(side, name))
            except (AgiFault, ValueError) as fault:
                got.append(type(fault))

    await talk(kind, question, usage, b"200 result=1 (b)\n")
    assert got[0]["error"] == "AGIUsageError" if kind == "bare" else got[0] is AgiFault
    assert (got[1] != "b") is (kind == "bare")


@BOTH
async def test_an_end_is_a_value_error(kind):
    got = []

    async def question(side):
        try:
            await get(side, "A")
        except (HungUp, ValueError) as fault:
            got.append(type(fault))

    await talk(kind, question, b"")
    assert got == [{"bare": ValueError, "ours": HungUp}[kind]]


@BOTH
async def test_a_latin_1_byte_in_a_header_leaves_the_call_unserved(kind):
    async def question(side):
        await get(side, "A")

    asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
    async with port(kind, question) as number:
        head = b"agi_calleridname: Zo\xe9\n" + HEAD
        assert await served(number, head, within=0.5 if kind == "bare" else 5) is (kind == "ours")


@BOTH
async def test_a_latin_1_byte_in_a_reply_ends_the_call(kind):
    got = []

    async def question(side):
        try:
            got.append(await get(side, "A"))
        except UnicodeDecodeError as fault:
            got.append(type(fault))

    await talk(kind, question, b"200 result=1 (Zo\xe9)\n")
    assert got == [{"bare": UnicodeDecodeError, "ours": "Zo\ufffd"}[kind]]


@BOTH
async def test_silence_and_minus_one_cannot_be_told(kind):
    got = []
    replies = {
        "bare": (b"200 result= (timeout)\n", b"200 result=-1\n"),
        "ours": (b"200 result=0\n", b"200 result=-1\n"),
    }

    async def question(side):
        if kind == "bare":
            got.extend([await side.send_command("GET DATA beep 1 1") for _ in range(2)])
        else:
            got.append(await side.get_variable("KEYED"))
            with pytest.raises(HungUp):
                await side.execute("Read", "KEYED,beep", 1.0)

    await talk(kind, question, *replies[kind])
    if kind == "bare":
        assert "timeout" not in str(got[0])
        assert "-1" not in str(got[1])
    else:
        assert got == [None]


@BOTH
async def test_a_plain_function_is_refused_by_an_attribute_error(kind):
    def plain(side):
        return None

    if kind == "bare":
        with pytest.raises(AttributeError, match="coroutine"):
            Application(loop=asyncio.get_running_loop()).add_route("entry", plain)
    else:  # mypy refuses it; should it happen, the call goes to the native queue and the port lives
        async with port(kind, plain) as number:
            assert not await served(number)
            assert not await served(number)


@BOTH
async def test_a_cancelled_call_goes_on_as_if_it_were_not(kind):
    began, ends = asyncio.Event(), []

    async def question(side):
        ends.append(asyncio.current_task())
        began.set()
        await asyncio.Event().wait()

    async with port(kind, question) as number:
        _, writer = await asyncio.open_connection("127.0.0.1", number)
        writer.write(HEAD)
        await began.wait()
        ends[0].cancel()
        await asyncio.wait(ends)
        assert ends[0].cancelled() is (kind == "ours")
        writer.close()
