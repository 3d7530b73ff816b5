"""`python -m router.demo.chat`: be a citizen in a demonstration that runs, in a terminal.

It shows what is said and sends what is typed; a number chooses of what was offered. It knows nothing of
Guichet but the protocol.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from typing import Any

from router.demo.chat_client import ChatClient

TEACH = "Write with the demonstration as a citizen does. A number chooses; an empty line ends the chat."
WHO = {"citizen": "you", "agent": "agent", "guichet": "·"}


class Terminal:
    """What was said, as lines; what is typed, as messages."""

    def __init__(self, url: str, **hello: str) -> None:
        self._client = ChatClient(url, self._show, **hello)
        self._choices: list[dict[str, str]] = []
        self._tasks: set[asyncio.Task[Any]] = set()

    async def run(self) -> None:
        """Until the chat is over."""
        asyncio.get_running_loop().add_reader(sys.stdin, self._typed)
        await self._client.run()

    def _show(self, message: dict[str, Any]) -> None:
        print(f"{WHO[message['by']]}: {message.get('text', '')}", flush=True)
        if message["by"] != "citizen":
            self._choices = message.get("choices", [])
        for number, each in enumerate(self._choices, 1):
            print(f"   {number}  {each['label']}", flush=True)

    def _typed(self) -> None:
        line = sys.stdin.readline()
        text = line.strip()
        if not text:
            if not line:
                asyncio.get_running_loop().remove_reader(sys.stdin)
            self._do(self._client.send(type="leave"))
        elif text.isdigit() and 0 < int(text) <= len(self._choices):
            self._do(self._client.say(choice=self._choices[int(text) - 1]["id"]))
        else:
            self._do(self._client.say(text))

    def _do(self, work: Any) -> None:  # noqa: ANN401 - a coroutine of whatever kind
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def main() -> int:
    """0 when the chat is over."""
    options = argparse.ArgumentParser(prog="python -m router.demo.chat", description=TEACH)
    options.add_argument("url", nargs="?", default="http://127.0.0.1:8080", help="the address `./run` prints")
    options.add_argument("--language", default="", help="as fr; without it you are asked")
    options.add_argument("--topic", default="", help="as housing; without it you are asked")
    chosen = options.parse_args()
    url = f"{chosen.url.rstrip('/').replace('http', 'ws', 1)}/chat/v1/socket"
    try:
        asyncio.run(Terminal(url, language=chosen.language, topic=chosen.topic).run())
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
