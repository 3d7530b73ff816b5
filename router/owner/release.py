"""What durable entries set free: listeners hear them in order, questions are answered on durable state."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from router.core.state import State
from router.door import Listener, Released, Unavailable
from router.log.entry import Entry

logger = logging.getLogger(__name__)


class Release:
    """Those who listen and those who ask. A listener that raises is not allowed to stop the others."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._questions: list[tuple[Callable[[State], Any], asyncio.Future[Any]]] = []

    def listen(self, listener: Listener) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def ask(self, question: Callable[[State], Any]) -> asyncio.Future[Any]:
        """Answered at the next release."""
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._questions.append((question, answer))
        return answer

    def tell(self, entries: list[Entry], do_before: int) -> None:
        for entry in entries:
            released = Released(entry, do_before)
            for listener in tuple(self._listeners):
                try:
                    listener(released)
                except Exception:
                    logger.exception("a listener failed on entry %d", entry.n)

    def answer(self, state: State) -> None:
        """Every bit of `state` is durable."""
        questions, self._questions = self._questions, []
        for question, answer in questions:
            if answer.done():
                continue
            try:
                answer.set_result(question(state))
            except Exception as error:
                answer.set_exception(error)

    def fail(self, code: str, message: str) -> None:
        questions, self._questions = self._questions, []
        for _, answer in questions:
            if not answer.done():
                answer.set_exception(Unavailable(code, message))
