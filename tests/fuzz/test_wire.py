"""A short run of the fuzzer in every test run, and hypothesis on the same parsers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.phone import ami, frame
from tests.fuzz.wire import GREETING, TARGETS, fuzz

pytestmark = pytest.mark.fuzz

names = st.sampled_from(("Event", "Response", "ActionID", "Variable", "Uniqueid", "UserEvent", "Content"))
values = st.text(st.characters(blacklist_characters="\r\n", blacklist_categories=("Cs",)))


@pytest.mark.parametrize("target", sorted(TARGETS))
async def test_a_few_seconds_find_nothing(target):
    assert await fuzz(target, 3.0, seed=1) > 100


@given(st.lists(st.lists(st.tuples(names, values), min_size=1), max_size=4), st.data())
def test_what_asterisk_writes_is_what_is_read_however_it_is_cut(messages, data):
    said = [b"\r\n".join(f"{name}: {value}".encode() for name, value in lines) for lines in messages]
    stream = GREETING + b"".join(each + b"\r\n\r\n" for each in said)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=5)))
    frames = frame.Frames()
    read = []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        read += frames.feed(stream[start:end])
    assert read == said
    for each, lines in zip(read, messages, strict=True):
        found = frame.headers(each)
        for name, value in dict(lines).items():
            key, equals, _ = value.partition("=")
            if name == "Variable" and equals:
                assert f"variable:{key.lower()}" in found
            else:
                assert found[name.lower()] == value
        ami.read(found)


@given(st.lists(st.binary(max_size=300), max_size=8))
def test_any_bytes_are_read_or_refused(segments):
    frames = frame.Frames()
    try:
        for segment in [GREETING, *segments]:
            for each in frames.feed(segment):
                ami.read(frame.headers(each))
    except frame.NotAsterisk:
        pass
