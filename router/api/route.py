"""One operation of the API: how it is reached, what it takes and what it answers.

The same record serves the requests, the permission check and the OpenAPI document: they cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from aiohttp import web
from msgspec import Struct

from router.api.permissions import Caller

B = TypeVar("B")
Q = TypeVar("Q")

PREFIX = "/api/v1"
SMALL = 16 * 1024  # bytes of body an ordinary operation reads at most


@dataclass(frozen=True, slots=True)
class Ask(Generic[B, Q]):
    """A request that was let in: every part is decoded and checked."""

    caller: Caller
    path: Mapping[str, str]
    body: B
    query: Q


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered: a typed value and a status the route declares."""

    value: Struct | bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Handler = Callable[[Ask[Any, Any]], Awaitable[Reply]]
RawHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Route:
    """`path` is below `/api/v1` unless `root`. `problems`: the codes beyond those every route may answer."""

    operation: str  # its name in `permissions.TABLE`
    method: str
    path: str
    handler: Handler
    summary: str
    replies: Mapping[int, Any]  # status -> type of the value
    body: Any = None
    query: Any = None
    problems: tuple[str, ...] = ()
    longest: int = SMALL
    root: bool = False

    @property
    def address(self) -> str:
        return self.path if self.root else PREFIX + self.path


@dataclass(frozen=True, slots=True)
class RawRoute:
    """What is no JSON operation: sockets, pages, figures. Not in the OpenAPI document."""

    operation: str
    method: str
    address: str
    handler: RawHandler
    cookie: bool = False  # a page's session opens it too
    own_check: bool = False  # the handler itself asks who calls: a socket may say it later
