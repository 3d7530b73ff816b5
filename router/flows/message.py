"""`notify`: a message that the citizen asked for in a conversation, handed over while they listen.

The flow says what became of it, so it is tried once, now, and is on its way only if the provider took it.
What the agency sends of its own accord goes another way, by consent: `router.notify.post`.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from citizens.identifier import Kind, Unusable
from citizens.journey import Happened
from citizens.notice import Way
from citizens.spelling import spell
from ivr_flows.session import Done, Perform, Session
from ivr_flows.text import text_of
from router.notify.ways import Message, Ways

if TYPE_CHECKING:
    from router.notify.post import Citizens

TO: dict[str, Kind] = {"sms": "phone", "email": "email"}
SUBJECT = 78  # characters of a subject, which is the message's first sentence


class Messenger:
    """`ways` that are configured; the journey of who is known hears of it."""

    def __init__(self, ways: Ways, citizens: Citizens | None = None) -> None:
        self._ways, self._citizens = ways, citizens

    async def notify(self, name: str, session: Session, asked: Perform, known: dict[str, str]) -> Done:
        """`next` once a server answers for it."""
        by: Way = "sms" if asked.name == "sms" else "email"
        way = self._ways.get(by)
        if way is None or asked.message is None:
            return Done("unavailable")
        try:
            to = spell(TO[by], str(asked.arguments.get("to") or "")).value
        except Unusable:
            return Done("unavailable")
        text = text_of(asked.message)
        subject = text.partition(". ")[0][:SUBJECT] if by == "email" else ""
        key = f"{name}-{session.entered}.{by}"
        sent = await way.send(Message(key, to, asked.message.language, subject, text))
        if sent.result != "taken":
            return Done("unavailable")
        if self._citizens is not None and (citizen := known.get("citizen")):
            now = time.time_ns() // 1000
            await self._citizens.note(
                citizen, Happened(key, now, "notified", by, about=name, contact=session.contact)
            )
        return Done("next")
