"""Bearer tokens: who holds which role. Only their SHA-256 is kept; what is presented is never logged."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Protocol

from config.loopback import is_loopback
from router.api.permissions import ROLES, Caller, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LONGEST = 512  # characters: beyond this it is no token of ours


class Token(Protocol):
    """One entry of the configuration's list of tokens."""

    @property
    def sha256(self) -> str:
        """64 lower-case hex digits."""

    @property
    def role(self) -> Role: ...

    @property
    def agent(self) -> str | None:
        """The agent it stands for: set for the role agent, and for it alone."""

    @property
    def demo(self) -> bool:
        """Published with the demonstration, so no secret."""


class PublicDemoTokens(Exception):
    """Tokens that everybody knows would be reachable from other machines."""


class Keyring:
    """Finds the holder of a presented token."""

    def __init__(self, tokens: Iterable[Token]) -> None:
        self._callers: list[tuple[bytes, Caller]] = []
        for token in tokens:
            if token.role not in ROLES:
                raise ValueError(f"a token has the role {token.role!r}; roles are {', '.join(ROLES)}")
            if (token.role == "agent") != bool(token.agent):
                raise ValueError("a token of the role agent names its agent, and no other token does")
            caller = Caller(token.role, token.agent or "", token.demo)
            self._callers.append((bytes.fromhex(token.sha256), caller))

    @property
    def demo(self) -> bool:
        """Whether any token is published."""
        return any(caller.demo for _, caller in self._callers)

    def holder(self, presented: str) -> Caller | None:
        """Constant time in which token matches: each one is compared, and compared whole."""
        if not presented or len(presented) > LONGEST:
            return None
        digest = hashlib.sha256(presented.encode("utf-8", "surrogatepass")).digest()
        found: Caller | None = None
        for known, caller in self._callers:
            if hmac.compare_digest(known, digest):
                found = caller
        return found


def refuse_public(host: str, tokens: Sequence[Token]) -> None:
    """Raise, with the mend, if demonstration tokens would be reachable beyond loopback."""
    demo = sum(1 for token in tokens if token.demo)
    if demo and not is_loopback(host):
        raise PublicDemoTokens(
            f"http.host is {host!r}, but {demo} demonstration tokens, which everybody knows, are configured. "
            "Either listen on 127.0.0.1, or remove every `demo: …` token and make your own: "
            "`openssl rand -hex 32`, then its `sha256sum` under http.tokens."
        )
