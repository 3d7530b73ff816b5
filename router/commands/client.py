"""How commands talk to a running Guichet: one request over the public API, a clear sentence if it fails.

It repeats nothing by itself and follows no redirection, which could carry the token elsewhere.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import msgspec

if TYPE_CHECKING:
    import argparse

DEFAULT_URL = "http://127.0.0.1:8080"
TIMEOUT_S = 10


class Failed(Exception):
    """The request did not do what was asked; the text says why and what to try."""


def add_options(command: argparse.ArgumentParser) -> None:
    """The options every command has that talks to a running Guichet."""
    group = command.add_argument_group("which Guichet, and who asks")
    group.add_argument("--url", help=f"its address (default: $GUICHET_URL, else {DEFAULT_URL})")
    group.add_argument(
        "--token-file", type=Path, metavar="FILE", help="file with your token (default: $GUICHET_TOKEN)"
    )


class Client:
    """One Guichet, one bearer."""

    def __init__(self, arguments: argparse.Namespace, demo_token: str = "") -> None:
        self.url: str = (arguments.url or os.environ.get("GUICHET_URL") or DEFAULT_URL).rstrip("/")
        self._token = _token(arguments.token_file) or demo_token
        if not self._token:
            raise Failed("no token: set GUICHET_TOKEN or give --token-file")

    def ask(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON of any shape
        """The answer to one request, decoded. Raises Failed."""
        return asyncio.run(self._ask(method, f"{self.url}/api/v1{path}", body))

    async def _ask(self, method: str, url: str, body: object) -> Any:  # noqa: ANN401
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        data = None if body is None else msgspec.json.encode(body)
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout, headers=headers) as session,
                session.request(method, url, data=data, allow_redirects=False) as response,
            ):
                raw = await response.read()
        except TimeoutError:
            raise Failed(f"{url} did not answer within {TIMEOUT_S} s") from None
        except (aiohttp.ClientError, ValueError) as error:
            raise Failed(f"cannot reach Guichet at {url}: {error}; is it running? is --url right?") from None
        try:
            answer = msgspec.json.decode(raw)
        except msgspec.DecodeError:
            raise Failed(f"{url} answered {response.status} and no JSON: is it Guichet?") from None
        if response.status >= 300:
            raise Failed(_problem(response.status, answer))
        return answer


def _token(file: Path | None) -> str:
    if file is None:
        return os.environ.get("GUICHET_TOKEN", "").strip()
    try:
        return file.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Failed(f"{file} cannot be read: {error}") from None


def _problem(status: int, answer: object) -> str:
    if not isinstance(answer, dict):
        return f"refused with status {status}"
    where = f", field {answer['field']}" if answer.get("field") else ""
    return (
        f"refused: {answer.get('title')} ({status} {answer.get('code')}{where}): {answer.get('detail')}; "
        f"correlation id {answer.get('correlation_id')}"
    )
