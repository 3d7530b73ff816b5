"""Messages to citizens over HTTP: send one, see what became of it, list those that reached nobody.

An agent writes only to the citizen of a contact in their hands. Nobody is told here where or what was sent.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from citizens.keyring import VaultError
from citizens.notice import Way
from router.api.contacts import hands, unknown
from router.api.problems import Problem
from router.api.route import Ask, Reply, Route
from router.api.shapes import Code, Id
from router.api.views import instant
from router.notify.post import NotTaken

if TYPE_CHECKING:
    from router.core.state import State
    from router.door import Door
    from router.notify.notice import Notice
    from router.notify.post import Post

log = logging.getLogger("guichet.api")

Value = Annotated[str, Meta(max_length=500)]
Variable = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$(?!\n)", max_length=40)]
# What the caller can mend in the request itself; everything else is how things are.
IN_REQUEST = {"missing": "bad_field", "unknown": "unknown_field", "too_long": "bad_field"}


class NewNotice(Struct, frozen=True):
    """A message to a citizen, by its id in the configuration. `notice` makes a repeat harmless.

    With `contact` the citizen is that contact's; agents give it, and it must be in their hands.
    """

    message: Code
    values: Annotated[dict[Variable, Value], Meta(max_length=40)] = {}
    citizen: Id | UnsetType = UNSET
    contact: Id | UnsetType = UNSET
    notice: Id | UnsetType = UNSET


class Failures(Struct, frozen=True):
    """How many to list, newest first."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class TriedView(Struct, frozen=True):
    """`over`: this way is not tried again."""

    way: str
    times: int
    over: bool


class NoticeView(Struct, frozen=True):
    """What became of a message. Codes: docs/reference/notify.md."""

    notice: str
    citizen: str
    message: str
    stage: str
    code: str
    way: Way | None
    made_at: float
    due_at: float | None
    until: float
    tried: list[TriedView]


class NoticeList(Struct, frozen=True):
    notices: list[NoticeView]


class Notices:
    """Its three operations."""

    def __init__(self, door: Door, post: Post | None) -> None:
        self._door, self._post = door, post

    def routes(self) -> list[Route]:
        return [
            Route(
                "send_notice", "POST", "/notices", self.send,
                "Tell a citizen something, by the way they prefer and agreed to",
                {202: NoticeView}, body=NewNotice,
                problems=("not_configured", "unknown_contact", "not_yours", "not_told", "unknown_message",
                          "citizens_unavailable", "vault_unreadable"),
            ),
            Route(
                "list_failed_notices", "GET", "/notices", self.failures,
                "Messages that reached nobody, newest first",
                {200: NoticeList}, query=Failures, problems=("not_configured", "citizens_unavailable"),
            ),
            Route(
                "get_notice", "GET", "/notices/{notice}", self.look, "What became of a message",
                {200: NoticeView}, problems=("not_configured", "unknown_notice", "citizens_unavailable"),
            ),
        ]  # fmt: skip

    async def send(self, ask: Ask[NewNotice, None]) -> Reply:
        wanted, post = ask.body, self._there()
        citizen = await self._citizen(ask)
        contact = wanted.contact or ""
        try:
            notice = await post.send(
                citizen, wanted.message, wanted.values, ask.caller.name, wanted.notice or "", contact
            )
        except NotTaken as fault:
            raise problem(fault) from None
        except OSError:
            raise away() from None
        except VaultError as fault:
            log.error("%s", fault)
            raise Problem("vault_unreadable", "the operator finds the mend in the logs") from None
        return Reply(view(notice), 202)

    async def failures(self, ask: Ask[None, Failures]) -> Reply:
        post = self._there()
        try:
            return Reply(NoticeList([view(each) for each in await post.failed(ask.query.limit)]))
        except OSError:
            raise away() from None

    async def look(self, ask: Ask[None, None]) -> Reply:
        post = self._there()
        try:
            found = await post.look(ask.path["notice"])
        except OSError:
            raise away() from None
        if found is None:
            raise Problem("unknown_notice", "no such message, or it was long ago")
        return Reply(view(found))

    async def _citizen(self, ask: Ask[NewNotice, None]) -> str:
        wanted = ask.body
        if isinstance(wanted.contact, str):
            contact = wanted.contact

            def question(state: State) -> str:
                record = state.contacts.get(contact)
                if record is None:
                    raise unknown(contact)
                ask.caller.must_be(*hands(state, record))
                return record.citizen or ""

            citizen = await self._door.read(question)
            if not citizen or (isinstance(wanted.citizen, str) and wanted.citizen != citizen):
                raise Problem("bad_field", "not the citizen of this contact", field="citizen")
            return citizen
        if ask.caller.role == "agent":
            raise Problem("bad_field", "an agent names the contact in hand", field="contact")
        if not isinstance(wanted.citizen, str):
            raise Problem("bad_field", "whom? give `citizen` or `contact`", field="citizen")
        return wanted.citizen

    def _there(self) -> Post:
        if self._post is None:
            raise Problem("not_configured", "no messages are sent here: see `notify` in the configuration")
        return self._post


def view(notice: Notice) -> NoticeView:
    """As the API shows it."""
    return NoticeView(
        notice=notice.notice,
        citizen=notice.citizen,
        message=notice.message,
        stage=notice.stage,
        code=notice.code,
        way=notice.way,
        made_at=instant(notice.made),
        due_at=None if notice.over else instant(notice.due),
        until=instant(notice.until),
        tried=[TriedView(each.way, each.times, each.over) for each in notice.tried],
    )


def away() -> Problem:
    return Problem("citizens_unavailable", "Redis is gone or slow: try again", headers={"Retry-After": "1"})


def problem(fault: NotTaken) -> Problem:
    """Why nothing is sent."""
    if fault.code == "unknown_message":
        return Problem("unknown_message", "see `notify.messages` in the configuration")
    if fault.code in IN_REQUEST:
        mend = {"missing": "this variable is missing", "unknown": "the message has no such variable"}
        words = mend.get(fault.code, "500 characters at most")
        return Problem(IN_REQUEST[fault.code], words, field=f"values.{fault.name}")
    return Problem("not_told", MENDS.get(fault.code, "it cannot be sent"), reason=fault.code)


MENDS = {
    "no_consent": "the citizen has not agreed to be told by any way this message has: ask them",
    "no_address": "no proved telephone number or address by which this message could go",
    "not_asked": "this message is not one that citizens ask for: `why: asked`",
    "no_way": "none of the message's ways is configured",
    "unknown_citizen": "nobody knows this citizen (any more)",
    "conflict": "this `notice` stands for another message: choose another id",
    "expired": "it would be of no use any more when it may first be sent",
}
