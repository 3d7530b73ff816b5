"""The closed lists of label values, and the bounds of the buckets. No label ever has another value."""

from __future__ import annotations

AGENT_STATES = ("ready", "away", "offline")
RESULTS = ("done", "failed", "unknown")  # of what a gateway was asked to do
OUTCOMES = ("accepted", "declined", "missed", "withdrawn")
# why an event from the inbox was passed over: the core's codes, and what the owner itself says
REFUSALS = (
    "bad_json", "bad_field", "unknown_event", "unknown_contact", "unknown_agent", "unknown_offer",
    "not_now", "time_went_back", "poison", "unreadable", "duplicate", "other",
)  # fmt: skip
# what `router.phone` counts: calls at the door, how their scripts ended, and what became of each action
PHONE = (
    "accepted", "turned", "closed", "refused", "dropped", "logins", "surveys", "beats", "unreachable",
    "at_once", "members", "member_refused", "readopted", "recordings_deleted", "flow",
    "spoken_late",
    *(f"agi_{end}" for end in ("served", "hung_up", "failed", "garbage", "forged", "refused", "crowded")),
    *(
        f"{aim}_{result}"
        for aim in ("dial", "return", "divert", "control")
        for result in ("done", "absent", "denied", "unsent", "unknown", "late")
    ),
    "other",
)  # fmt: skip
# what `router.mail` counts: letters that came, what was sent, and how the servers failed
MAIL = (
    "taken", "followed", "noted", "again", "carried_over", "put_aside", "sorted", "unsorted", "acknowledged",
    "not_acknowledged", "loop_stopped", "refused", "bounced", "delayed", "sent", "send_again", "send_failed",
    "logins", "imap_unreachable", "imap_login", "imap_protocol", "imap_settings", "other",
)  # fmt: skip
# what `router.chat` counts
CHAT = ("opened", "closed", "messages", "crowded", "mailed", "not_mailed", "other")
# what became of each try of `router.notify`
NOTICES = (
    *(f"{way}_{result}" for way in ("email", "sms", "voice") for result in ("taken", "later", "never")),
    "failed", "other",
)  # fmt: skip
# what `router.phone.drift` compares
DRIFT = ("caller", "leg", "place", "stranger", "state", "member")
STATUS_CLASSES = ("1xx", "2xx", "3xx", "4xx", "5xx")

# seconds
WAIT_BUCKETS = (1, 5, 10, 20, 30, 45, 60, 120, 300, 600, 1800, 3600, 14400, 86400)
OFFER_BUCKETS = (0.5, 1, 2, 3, 5, 8, 12, 15, 20, 30)
WORK_BUCKETS = (0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.25, 1)
# events
BATCH_BUCKETS = (1, 2, 4, 8, 16, 32, 64, 128, 256)


def known(value: str, closed: tuple[str, ...], otherwise: str = "other") -> str:
    """The value if it is in the closed list."""
    return value if value in closed else otherwise
