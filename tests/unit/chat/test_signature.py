"""Signed messages: of this body, with this secret, of now."""

from __future__ import annotations

import pytest

from router.chat.signature import is_signed, sign

SECRET, BODY, NOW = b"s" * 32, b'{"id":"1"}', 1_800_000_000


def test_what_was_signed_now_is_taken():
    for at in (NOW, NOW - 300, NOW + 300):
        assert is_signed(SECRET, str(at), BODY, sign(SECRET, at, BODY), NOW)
        assert is_signed(SECRET, str(at), BODY, sign(SECRET, at, BODY).upper(), NOW)


@pytest.mark.parametrize(
    ("at", "body", "signature"),
    [
        (str(NOW - 301), BODY, sign(SECRET, NOW - 301, BODY)),
        (str(NOW + 301), BODY, sign(SECRET, NOW + 301, BODY)),
        (str(NOW), BODY + b" ", sign(SECRET, NOW, BODY)),
        (str(NOW + 1), BODY, sign(SECRET, NOW, BODY)),
        (str(NOW), BODY, sign(b"other" * 8, NOW, BODY)),
        ("", BODY, sign(SECRET, NOW, BODY)),
        ("-1", BODY, sign(SECRET, NOW, BODY)),
        ("1" * 400, BODY, sign(SECRET, NOW, BODY)),
        (str(NOW), BODY, ""),
        (str(NOW), BODY, "é" * 64),
    ],
)
def test_anything_else_is_not(at: str, body: bytes, signature: str):
    assert not is_signed(SECRET, at, body, signature, NOW)
