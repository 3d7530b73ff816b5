"""Text messages through a provider's HTTP interface: the small contract of docs/reference/notify.md.

POST URL        {"to", "from", "text", "key", "parts"}, header Idempotency-Key  →  200 or 202 {"id"}
GET  URL/ID     →  200 {"state": "sent" | "delivered" | "failed", "code"}
"""

from __future__ import annotations

import logging
import re

from citizens.sms import size_of
from router.notify.delivery import Delivery
from router.notify.ways import Message
from router.outward import Answer, Failed, Outward

log = logging.getLogger(__name__)

LOGIN = frozenset({401, 403, 407})
PASSING = frozenset({408, 425, 429})  # with every 5xx: try again
_ID = re.compile(r"[A-Za-z0-9_.:-]{1,100}")


class Sms:
    """`ways.Sender`. A message longer than `parts_max` parts is never sent: each part is paid for."""

    def __init__(self, provider: Outward, sender: str, parts_max: int) -> None:
        self._provider, self._sender, self._parts_max = provider, sender, parts_max

    async def send(self, message: Message) -> Delivery:
        size = size_of(message.text)
        if size.parts > self._parts_max:
            return _told(Delivery("never", "too_long"))
        body = {
            "to": message.to,
            "from": self._sender,
            "text": message.text,
            "key": message.key,
            "parts": size.parts,
        }
        try:
            answer = await self._provider.ask("POST", (), body, headers={"Idempotency-Key": message.key})
        except Failed as fault:
            return _told(Delivery("later", fault.code, unsure=fault.unsure))
        return _told(_meant(answer))

    async def arrived(self, reference: str) -> Delivery | None:
        try:
            answer = await self._provider.ask("GET", (reference,))
        except Failed:
            return None
        state = answer.value.get("state") if isinstance(answer.value, dict) else None
        if answer.status != 200:
            return None
        return {"delivered": Delivery("taken", "arrived"), "failed": Delivery("never", "not_arrived")}.get(
            state if isinstance(state, str) else ""
        )


def _meant(answer: Answer) -> Delivery:
    status = answer.status
    if status in (200, 201, 202):
        given = answer.value.get("id") if isinstance(answer.value, dict) else None
        if isinstance(given, str) and _ID.fullmatch(given):
            return Delivery("taken", "accepted", status, reference=given)
        return Delivery("later", "nonsense", status, unsure=True)  # whoever takes a message names it
    if status in LOGIN:
        return Delivery("later", "login", status)
    if status in PASSING or status >= 500:
        return Delivery("later", "refused", status)
    if status == 409:
        return Delivery("never", "conflict", status)  # the key stands for another message there
    return Delivery("never" if 400 <= status < 500 else "later", "refused", status)


def _told(delivery: Delivery) -> Delivery:
    if delivery.result != "taken":
        log.warning(
            "a text message is not delivered", extra={"code": delivery.code, "status": delivery.status}
        )
    return delivery
