"""Tokens: who holds which, and that those everybody knows never leave this machine."""

from __future__ import annotations

import hashlib

import pytest

from config.loopback import is_loopback
from config.site import Credential
from router.api.tokens import Keyring, PublicDemoTokens, refuse_public


def token(text, role="supervisor", agent=None, demo=False):
    return Credential(hashlib.sha256(text.encode()).hexdigest(), role, agent, demo)


def test_the_holder_is_found_and_nobody_else():
    keyring = Keyring([token("a"), token("b", "agent", "ag01")])
    assert keyring.holder("a").role == "supervisor"
    assert keyring.holder("b").agent == "ag01"
    for presented in ("", "c", "A", "a ", "a" * 10_000, "\ud800", hashlib.sha256(b"a").hexdigest()):
        assert keyring.holder(presented) is None


def test_every_token_is_compared_whichever_matches(monkeypatch):
    compared = []
    monkeypatch.setattr("router.api.tokens.hmac.compare_digest", lambda a, b: compared.append(a) or a == b)
    Keyring([token("a"), token("b"), token("c")]).holder("a")
    assert len(compared) == 3


@pytest.mark.parametrize(
    ("role", "agent"), [("king", None), ("agent", None), ("agent", ""), ("operator", "ag01")]
)
def test_tokens_that_make_no_sense(role, agent):
    with pytest.raises(ValueError, match="token"):
        Keyring([token("a", role, agent)])


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "[::1]", "localhost", "LOCALHOST"])
def test_loopback(host):
    assert is_loopback(host)
    refuse_public(host, [token("a", demo=True)])


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "guichet.example", "localhost.example", ""])
def test_demonstration_tokens_are_refused_elsewhere_with_the_mend(host):
    assert not is_loopback(host)
    refuse_public(host, [token("a")])
    with pytest.raises(PublicDemoTokens, match=r"listen on 127\.0\.0\.1, or remove"):
        refuse_public(host, [token("a"), token("b", demo=True)])
