"""HTTP to servers that the configuration names, and to no other: text messages, facts of other agencies.

It follows no redirect, goes to no internal address unless the configuration says so, reads a bounded answer
and waits a bounded time. It never logs or raises an address, a body, or what a server said.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import aiohttp
import msgspec
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from msgspec import Struct
from yarl import URL

from config.loopback import is_loopback

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

LONGEST = 256 * 1024  # bytes of an answer that are read


class Server(Struct, frozen=True):
    """One server. `private`: it may be in our own network, but never where machines describe themselves."""

    url: str
    token_file: str = ""
    ca_file: str = ""
    timeout_s: float = 10.0
    private: bool = False


class Answer(Struct, frozen=True):
    """What it said: JSON, or None where it said nothing."""

    status: int
    value: Any = None
    retry_after: int = 0  # seconds; 0: it did not say


class Failed(Exception):
    """No answer to use. `code` is closed; `unsure`: the server may have done it all the same."""

    def __init__(self, code: str, *, unsure: bool = False) -> None:
        super().__init__(code)
        # unreachable, timeout, cut_off, certificate, redirected, too_large, not_json, internal_address,
        # settings
        self.code, self.unsure = code, unsure


class Outward:
    """Asks one server. A connection for each question: none is reused that may be half dead."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._url = URL(server.url)
        local = is_loopback(self._url.host or "")
        self._may: Callable[[str], bool] = lambda at: local or allowed(at, private=server.private)

    async def ask(
        self,
        method: str,
        path: Sequence[str] = (),
        body: object = None,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One question, sent once. Each part of `path` is one part, whatever is in it. Raises Failed."""
        begun = False
        try:
            async with asyncio.timeout(self.server.timeout_s):
                url, sent, context = self._address(path, query), await self._headers(), await self._tls()
                connector = aiohttp.TCPConnector(
                    resolver=Guarded(self._may), ssl=context, force_close=True, limit=1
                )
                crumbs = aiohttp.DummyCookieJar()
                async with aiohttp.ClientSession(
                    connector=connector, cookie_jar=crumbs, auto_decompress=False
                ) as session:
                    begun = True
                    async with session.request(
                        method,
                        url,
                        data=None if body is None else msgspec.json.encode(body),
                        headers={**sent, **(headers or {})},
                        allow_redirects=False,
                        max_line_size=8190,
                        max_field_size=8190,
                    ) as reply:
                        return await _read(reply)
        except TimeoutError:
            raise Failed("timeout", unsure=begun) from None
        except _Internal:
            raise Failed("internal_address") from None
        except aiohttp.ClientConnectorCertificateError:
            raise Failed("certificate") from None
        except aiohttp.ClientConnectorError as fault:
            inside = isinstance(fault.__cause__, _Internal) or isinstance(fault.os_error, _Internal)
            raise Failed("internal_address" if inside else "unreachable") from None
        except (aiohttp.ClientError, ValueError):
            raise Failed("cut_off", unsure=True) from None
        except ssl.SSLError:
            raise Failed("certificate") from None
        except OSError:  # the token's or the authority's file
            raise Failed("settings") from None

    def _address(self, path: Sequence[str], query: Mapping[str, str] | None) -> URL:
        host = self._url.host or ""
        try:
            literal = str(ipaddress.ip_address(host))
        except ValueError:
            literal = ""
        if literal and not self._may(literal):  # aiohttp asks no resolver about these
            raise _Internal(host)
        tail = "".join(f"/{quote(part, safe='')}" for part in path)
        url = URL(str(self._url).rstrip("/") + tail, encoded=True)
        return url.with_query(dict(query)) if query else url

    async def _headers(self) -> dict[str, str]:
        made = {
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "Content-Type": "application/json",
            "User-Agent": "guichet",
        }
        if self.server.token_file:
            token = (await asyncio.to_thread(Path(self.server.token_file).read_text)).strip()
            made["Authorization"] = f"Bearer {token}"
        return made

    async def _tls(self) -> ssl.SSLContext | bool:
        if self._url.scheme != "https":
            return True
        return await asyncio.to_thread(ssl.create_default_context, cafile=self.server.ca_file or None)


class _Internal(OSError):
    """A name that leads inside our own network."""


class Guarded(AbstractResolver):
    """Looks a name up, and leaves out addresses that may not be gone to: what is checked is what is used."""

    def __init__(self, may: Callable[[str], bool]) -> None:
        self._may, self._resolver = may, ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        good = [each for each in found if self._may(each["host"])]
        if not good:
            raise _Internal(host)
        return good

    async def close(self) -> None:
        await self._resolver.close()


def allowed(address: str, *, private: bool) -> bool:
    """Whether a server may be there: never this machine, nor what cloud machines ask about themselves."""
    here = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(here, ipaddress.IPv6Address):
        here = here.ipv4_mapped or here.sixtofour or here
    if here.is_loopback or here.is_link_local or here.is_multicast or here.is_unspecified or here.is_reserved:
        return False
    return here.is_global or (private and here.is_private)


async def _read(reply: aiohttp.ClientResponse) -> Answer:
    if 300 <= reply.status < 400:
        raise Failed("redirected")
    raw = bytearray()
    async for chunk in reply.content.iter_any():
        raw += chunk
        if len(raw) > LONGEST:
            raise Failed("too_large", unsure=True)
    after = reply.headers.get("Retry-After", "")
    retry = min(int(after), 86_400) if after.isascii() and after.isdigit() and len(after) < 9 else 0
    if not raw.strip():
        return Answer(reply.status, None, retry)
    if reply.status >= 400:  # its words are for nobody; only a code is looked for
        try:
            return Answer(reply.status, msgspec.json.decode(raw), retry)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return Answer(reply.status, None, retry)
    charset = (reply.charset or "utf-8").lower()
    if reply.content_type != "application/json" or charset not in ("utf-8", "utf8", "us-ascii"):
        raise Failed("not_json", unsure=True)
    try:
        return Answer(reply.status, msgspec.json.decode(raw), retry)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Failed("not_json", unsure=True) from None
