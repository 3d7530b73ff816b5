"""Bad input, one line each: the code it deserves, and that it changes nothing, not even the clock."""

from __future__ import annotations

import json

import pytest

from router.engine import Engine

AGENT = b'{"at":0,"event":"agent","agent":"a","state":"ready","skills":{"housing":5}}'
PHONE = '"at":5,"event":"contact","contact":"c","channel":"phone"'
DEEP = 100_000


def _contact(field: str) -> bytes:
    return f"{{{PHONE},{field}}}".encode()


# Lines that cannot be read.
NO_JSON: dict[str, bytes] = {
    "nothing": b"",
    "half an object": b'{"at":5,"event":"tick"',
    "two objects": b'{"at":5,"event":"tick"} {"at":5,"event":"tick"}',
    "a byte too many": b'{"at":5,"event":"tick"}\x00',
    "a byte order mark": b'\xef\xbb\xbf{"at":5,"event":"tick"}',
    "bytes that are no UTF-8": b'{"at":5,"event":"tick","x":"\xff\xfe"}',
    "UTF-16": '{"at":5,"event":"tick"}'.encode("utf-16"),
    "half a surrogate in bytes": b'{"at":5,"event":"tick","x":"\xed\xa0\x80"}',
    "brackets without end": b"[" * DEEP,
    "needs inside needs": _contact('"needs":' + '{"x":' * DEEP + "1" + "}" * DEEP),  # deeper than we look
    "a comma too many": b'{"at":5,"event":"tick",}',
    "single quotes": b"{'at':5,'event':'tick'}",
    "a control character in a string": b'{"at":5,"event":"tick","x":"\n"}',
}
BAD_FIELD: dict[str, bytes] = {
    "no object": b"[]",
    "no time": b'{"event":"tick"}',
    "time true": b'{"at":true,"event":"tick"}',
    "time in words": b'{"at":"5","event":"tick"}',
    "time NaN": b'{"at":NaN,"event":"tick"}',
    "time infinite": b'{"at":1e400,"event":"tick"}',
    "time negative": b'{"at":-1,"event":"tick"}',
    "time beyond the limit": b'{"at":1e9,"event":"tick"}',
    "time of five thousand digits": b'{"at":' + b"9" * 5000 + b',"event":"tick"}',
    "half a surrogate for an id": rb'{"at":5,"event":"gone","contact":"\ud800"}',
    "an empty id": b'{"at":5,"event":"contact","contact":"","channel":"phone","needs":{}}',
    "an id of 129": b'{"at":5,"event":"gone","contact":"' + b"x" * 129 + b'"}',
    "an id that is a number": b'{"at":5,"event":"gone","contact":7}',
    "no channel of ours": b'{"at":5,"event":"contact","contact":"c","channel":"fax","needs":{}}',
    "33 needs": _contact(f'"needs":{json.dumps({f"n{i}": 1 for i in range(33)})}'),
    "33 alternatives": _contact(f'"needs":{json.dumps([{f"n{i}": 1} for i in range(33)])}'),
    "17 steps": _contact(f'"needs":{{}},"relax":{json.dumps([{"after_s": 1, "needs": {}}] * 17)}'),
    "a level of 0": _contact('"needs":{"housing":0}'),
    "a level of 11": _contact('"needs":{"housing":11}'),
    "a level true": _contact('"needs":{"housing":true}'),
    "a level and a half": _contact('"needs":{"housing":1.5}'),
    "a huge level": _contact(f'"needs":{{"housing":{10**30}}}'),
    "vulnerable 1": _contact('"needs":{},"vulnerable":1'),
    "a negative wait": _contact('"needs":{},"waited_s":-0.001'),
    "a wait beyond the limit": _contact('"needs":{},"waited_s":1e9'),
    "a target of NaN": _contact('"needs":{},"target_s":NaN'),
    "preferring a name": _contact('"needs":{},"prefers":"a"'),
    "room for -1": b'{"at":5,"event":"agent","agent":"a","state":"away","capacity":{"chat":-1}}',
    "room for true": b'{"at":5,"event":"agent","agent":"a","state":"away","capacity":{"chat":true}}',
    "a state of no sense": b'{"at":5,"event":"agent","agent":"a","state":"busy"}',
    "an answer of no sense": b'{"at":5,"event":"answer","offer":"o","contact":"c","agent":"a","answer":"y"}',
    "no event": b'{"at":5}',
    "asked about nothing": b'{"at":5,"event":"ask","about":"weather"}',
}
UNKNOWN: dict[str, tuple[bytes, str]] = {
    "an event of no sense": (b'{"at":5,"event":"Tick"}', "unknown_event"),
    "a contact that never came": (b'{"at":5,"event":"gone","contact":"c"}', "unknown_contact"),
    "an offer never made": (
        b'{"at":5,"event":"answer","offer":"o1","contact":"c","agent":"a","answer":"missed"}',
        "unknown_offer",
    ),
    "an offer called otherwise": (
        b'{"at":5,"event":"answer","offer":"\xd9\xa1","contact":"c","agent":"a","answer":"missed"}',
        "unknown_offer",
    ),
    "the past": (b'{"at":1.999999,"event":"tick"}', "time_went_back"),
}
CASES = (
    {name: (line, "bad_json") for name, line in NO_JSON.items()}
    | {name: (line, "bad_field") for name, line in BAD_FIELD.items()}
    | UNKNOWN
)


@pytest.mark.parametrize("name", CASES)
def test_a_bad_line_is_named_and_changes_nothing(name: str):
    line, code = CASES[name]
    engine, spared = Engine(), Engine()
    for each in (AGENT, b'{"at":2,"event":"tick"}'):
        engine.answer(each), spared.answer(each)
    said = json.loads(engine.answer(line))
    assert said["error"]["code"] == code, said
    assert said["error"]["message"]
    assert said["error"]["line"] == 3
    for after in (b'{"at":2,"event":"ask","about":"state"}', _contact('"needs":{"housing":1}')):
        assert engine.answer(after) == spared.answer(after)


@pytest.mark.parametrize(
    "field",
    [
        '"x":1e400',
        '"x":NaN',
        '"x":' + "9" * 5000,
        '"x":' + "[" * DEEP + "]" * DEEP,
        r'"x":"\ud800"',
        r'"\ud800":1',
    ],
    ids=lambda field: field[:12],
)
def test_a_field_that_is_not_the_protocol_s_ends_nothing(field: str):
    """Taken or refused, but answered by one line; the next is as good as ever."""
    engine = Engine()
    engine.answer(AGENT)
    said = json.loads(engine.answer(f'{{"at":1,"event":"tick",{field}}}'.encode()))
    assert "effects" in said or said["error"]["code"] in {"bad_json", "bad_field"}
    assert json.loads(engine.answer(_contact('"needs":{}')))["effects"][0]["effect"] == "offer"


def test_of_two_values_under_one_key_the_last_counts():
    """JSON leaves it open; what is checked must be what is used."""
    engine = Engine()
    engine.answer(AGENT)
    engine.answer(_contact('"needs":{"housing":6},"needs":{"housing":5}'))
    asked = json.loads(engine.answer(b'{"at":5,"event":"ask","about":"contact","contact":"c"}'))
    assert asked["effects"][0]["state"] == "offered"
    said = json.loads(engine.answer(b'{"at":6,"event":"gone","contact":"c","contact":"nobody"}'))
    assert said["error"]["code"] == "unknown_contact"


def test_half_a_character_is_told_as_such():
    said = json.loads(Engine().answer(BAD_FIELD["half a surrogate for an id"]))
    assert said["error"]["message"] == "half of a surrogate pair is no character"
