"""Contacts that came by mail, over HTTP: read the thread, save a draft, answer.

For the agent in whose hands they are. What a citizen wrote is text and bytes here, never a page.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from router.api.contacts import hands, read_contact, unknown
from router.api.letter_views import (
    Answered,
    AttachmentContent,
    CannedList,
    CannedView,
    Draft,
    NewAnswer,
    ThreadView,
    letter_view,
)
from router.api.problems import Problem, of_refusal
from router.api.route import Ask, Reply, Route
from router.core.events import Done, Ended
from router.mail.desk import NoLetter
from router.mail.sealing import Lost

if TYPE_CHECKING:
    from router.api.permissions import Caller
    from router.core.state import State
    from router.door import Door
    from router.mail.desk import Desk

LONGEST = 1024 * 1024  # bytes of an answer with its wrapping: each character may be written as six and more

_PROBLEMS = (
    "unknown_contact", "not_yours", "no_letter", "nothing_kept", "vault_unavailable", "not_now",
)  # fmt: skip


class Letters:
    """The operations. Without a mail gateway each answers `no_letter`."""

    def __init__(self, door: Door, desk: Desk | None) -> None:
        self._door = door
        self._desk_or_none = desk

    def routes(self) -> list[Route]:
        return [
            Route(
                "read_thread", "GET", "/contacts/{contact}/letters", self.read,
                "The letters of a contact that came by mail", {200: ThreadView}, problems=_PROBLEMS,
            ),
            Route(
                "get_attachment", "GET", "/contacts/{contact}/letters/{letter}/{number}", self.attachment,
                "One attachment", {200: AttachmentContent}, problems=_PROBLEMS,
            ),
            Route(
                "save_draft", "PUT", "/contacts/{contact}/draft", self.draft,
                "Keep what was begun", {200: Draft}, body=Draft, problems=_PROBLEMS, longest=LONGEST,
            ),
            Route(
                "list_canned", "GET", "/contacts/{contact}/canned", self.canned,
                "Prepared answers, filled in", {200: CannedList}, problems=_PROBLEMS,
            ),
            Route(
                "answer_letter", "POST", "/contacts/{contact}/answer", self.answer,
                "Answer by mail; answered once it is durable and will be sent",
                {200: Answered}, body=NewAnswer, problems=_PROBLEMS, longest=LONGEST,
            ),
        ]  # fmt: skip

    async def read(self, ask: Ask[None, None]) -> Reply:
        contact = await self._theirs(ask.path["contact"], ask.caller)
        with _problems():
            thread = await self._desk.thread(contact)
        letters = [letter_view(each) for each in thread.letters]
        who = (thread.reference, thread.address, thread.name, thread.language)
        return Reply(ThreadView(contact, *who, letters, thread.draft))

    async def attachment(self, ask: Ask[None, None]) -> Reply:
        contact = await self._theirs(ask.path["contact"], ask.caller)
        number = ask.path["number"]
        with _problems():
            if not number.isdecimal() or len(number) > 3:
                raise NoLetter("attachments have numbers, from 0")
            name, kind, data = await self._desk.attachment(contact, ask.path["letter"], int(number))
        return Reply(AttachmentContent(name, kind, base64.b64encode(data).decode()))

    async def draft(self, ask: Ask[Draft, None]) -> Reply:
        contact = await self._theirs(ask.path["contact"], ask.caller)
        with _problems():
            await self._desk.draft(contact, ask.body.text)
        return Reply(ask.body)

    async def canned(self, ask: Ask[None, None]) -> Reply:
        contact = await self._theirs(ask.path["contact"], ask.caller)
        with _problems():
            found = await self._desk.canned(contact, ask.caller.agent)
        return Reply(CannedList([CannedView(each.name, each.text) for each in found]))

    async def answer(self, ask: Ask[NewAnswer, None]) -> Reply:
        contact = await self._theirs(ask.path["contact"], ask.caller, finished=True)
        with _problems():
            fresh = await self._desk.answer(contact, ask.caller.agent, ask.body.text, ask.body.answer)
        if ask.body.close:
            await self._close(contact, ask.body.finish)
        return Reply(Answered(fresh, await read_contact(self._door, contact)))

    async def _close(self, contact: str, finish: bool) -> None:
        """What is over already stays so: this may be a repeat."""
        state, agent = await self._door.read(lambda state: _state(state, contact))
        events: list[Ended | Done] = [Ended(contact, agent)] if state == "connected" else []
        if finish and agent and state in ("connected", "wrap_up"):
            events.append(Done(contact, agent))
        for event in events:
            result = await self._door.submit(event)
            if result.refusal is not None:
                raise of_refusal(result.refusal)

    async def _theirs(self, contact: str, caller: Caller, *, finished: bool = False) -> str:
        """The contact, if it is in this agent's hands, or was when it ended where that is enough."""

        def question(state: State) -> None:
            record = state.contacts.get(contact)
            if record is None:
                raise unknown(contact)
            once = (record.agent,) if finished and record.state == "ended" else ()
            caller.must_be(*hands(state, record), *once)

        await self._door.read(question)
        return contact

    @property
    def _desk(self) -> Desk:
        if self._desk_or_none is None:
            raise NoLetter("no mail gateway is configured here")
        return self._desk_or_none


def _state(state: State, contact: str) -> tuple[str, str | None]:
    record = state.contacts.get(contact)
    return (record.state, record.agent) if record is not None else ("", None)


@contextmanager
def _problems() -> Iterator[None]:
    try:
        yield
    except NoLetter as fault:
        raise Problem("no_letter", str(fault)) from None
    except Lost as fault:
        raise Problem("nothing_kept", str(fault)) from None
    except ValueError:
        raise Problem("not_now", "the citizen gave no address that can be written to") from None
    except OSError:
        raise Problem(
            "vault_unavailable", "Redis is gone or slow: try again", headers={"Retry-After": "1"}
        ) from None
