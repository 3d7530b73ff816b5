"""Writes `docs/reference/api.md` from the routes, the roles and the codes themselves.

Run `python -m router.api.reference > docs/reference/api.md`; a test refuses a page that differs.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, cast

from router.api import messages
from router.api.app import operations
from router.api.outcomes import Outcomes
from router.api.permissions import ROLES, TABLE, is_open
from router.api.problems import CODES
from router.api.promises import Promises
from router.api.settings import Settings
from router.api.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from router.api.offers import Vault
    from router.door import Door

OPENING = """\
# The HTTP API

This page is made from the code, by `python -m router.api.reference`. Every field with its bounds is in the
OpenAPI 3.1 document at `/api/v1/openapi.json`, made from the same types that validate.

- Send `Authorization: Bearer TOKEN`. A token has one role; an agent acts only for themselves.
- Bodies are JSON in UTF-8. Unknown fields are refused, with the nearest name.
- `_s` is seconds; instants are seconds since 1970. In a policy, times are microseconds, as in the log.
- What changes something is answered once it is durable on the log. Repeat a `POST /contacts` with the same
  `contact` as often as you like: it is one contact.
- An error is `application/problem+json` with a stable `code` and a `correlation_id`, also in the header
  `X-Correlation-Id` and in the logs. 503 comes with `Retry-After`.

```
curl -H 'Authorization: Bearer demo-supervisor' -H 'Content-Type: application/json' \\
  -d '{"channel": "chat", "topic": "housing", "language": "fr"}' http://127.0.0.1:8080/api/v1/contacts
```
"""

LIVE = """\
## Live

`GET /api/v1/live` is a WebSocket. The token comes in the `Authorization` header, or within 5 s as the first
message `{"token": "…"}`. A browser's `Origin` must be this server's. Nothing else may be sent. An agent hears
what concerns them, the others hear all. Each message has a `type` and the number `n` of its log entry:
"""

CLOSES = """
It is closed with 1001 (this router is stopping), 1003 (the client spoke), 1009 (too long a first message),
1013 (the log does not answer, or another router owns the pool: try again), 4401 (no known token), 4403 (this
role may not listen), 4408 (256 messages waited: too slow; read over HTTP, then listen again).
"""

METRICS = """
## Metrics

`GET /metrics` is described in [metrics.md](metrics.md)."""


class Undescribed:
    """Stands for what a route is described without."""

    register = people = challenges = rotation = agencies = ledger = opening = cast("Any", None)


def page() -> str:
    """The whole page."""
    return "\n".join([OPENING, *_routes(), LIVE, *_messages(), CLOSES, *_problems(), METRICS])


def _routes() -> Iterator[str]:
    yield "## Operations\n"
    yield f"| Operation | What | {' | '.join(ROLES)} |\n|---|---|{'---|' * len(ROLES)}"
    door, vault = cast("Door", None), cast("Vault", None)  # a route is described without being called
    promises = Promises(door, Watch())
    there = Undescribed()
    described = operations(
        door, vault, lambda policy: "", Outcomes(), Settings(), promises, None, there, None, there
    )
    for route in described:
        may = TABLE[route.operation]
        marks = ["yes" if role in may or is_open(route.operation) else "–" for role in ROLES]
        yield f"| `{route.method} {route.address}` | {route.summary} | {' | '.join(marks)} |"
    yield "\n`/healthz`, `/readyz`, `/metrics` and `/api/v1/openapi.json` need no token.\n"


def _messages() -> Iterator[str]:
    for kind in messages.Message.__args__:
        fields = ", ".join(f"`{name}`" for name in kind.__struct_fields__)
        about = (kind.__doc__ or "").strip().partition("\n")[0]
        yield f"- `{kind.__struct_config__.tag}`: {about} Fields: {fields}."


def _problems() -> Iterator[str]:
    yield "## Problems\n\n| Status | Code | Title |\n|---|---|---|"
    for code, (status, title) in CODES.items():
        yield f"| {status} | `{code}` | {title} |"


if __name__ == "__main__":
    sys.stdout.write(page() + "\n")
