"""Whether a machine sent it: RFC 3834's signs, and those that programs use beside it. Pure.

Whatever has one of them gets no automatic answer: two machines never answer each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from router.mail.letter import Address, Automatic
    from router.mail.mime import Headers

LISTS = ("list-id", "list-unsubscribe", "list-post", "list-help", "mailing-list")
ROBOTS = (
    "mailer-daemon", "postmaster", "no-reply", "noreply", "do-not-reply", "donotreply", "ne-pas-repondre",
    "nepasrepondre", "bounce", "bounces", "listserv", "majordomo", "autoreply", "auto-reply",
)  # fmt: skip
OURS = "x-guichet"  # on everything we send of our own accord


def automatic(headers: Headers, sender: Address, own: str, report: bool) -> Automatic:
    """The first sign that is found; `own` is the address that letters are sent to."""
    said = {name.lower(): str(value).strip().lower()[:200] for name, value in headers.items()[:500]}
    local = sender.address.partition("@")[0]
    if report or said.get("return-path") == "<>" or local == "mailer-daemon":
        return "bounce"
    if sender.address == own or OURS in said:
        return "ourselves"
    declared = said.get("auto-submitted", "no").partition(";")[0].strip()
    if declared == "auto-replied" or "x-autoreply" in said or "x-autorespond" in said:
        return "replied"
    if any(name in said for name in LISTS):
        return "list"
    if said.get("precedence") in ("bulk", "junk", "list", "auto_reply"):
        return "bulk"
    if declared != "no" or said.get("x-auto-response-suppress", "none") not in ("none", ""):
        return "generated"
    return "generated" if local in ROBOTS else ""
