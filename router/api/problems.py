"""What goes wrong, told in one shape: RFC 9457 problem+json with a stable code.

`CODES` is the one table of codes; nothing answers an error that is not in it. A detail tells the mend and
never repeats what a stranger sent beyond a field's name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec
from aiohttp import web
from msgspec import Meta, Struct

if TYPE_CHECKING:
    from collections.abc import Mapping

    from router.core.refusal import Refusal
    from router.door import Unavailable

MEDIA_TYPE = "application/problem+json"

CODES: dict[str, tuple[int, str]] = {
    "bad_json": (400, "The body is not JSON"),
    "bad_request": (400, "The request is malformed"),
    "not_signed_in": (401, "A token is needed"),
    "not_allowed": (403, "This role may not do this"),
    "not_yours": (403, "An agent acts only for themselves"),
    "recording_off": (403, "This site records nothing"),
    "foreign_origin": (403, "A page of another site may not do this"),
    "unknown_route": (404, "There is nothing at this address"),
    "unknown_contact": (404, "No such contact"),
    "no_archive": (404, "No archive is kept here"),
    "archive_unreadable": (500, "The archive cannot be read"),
    "unknown_flow": (404, "No such flow or version"),
    "unknown_session": (404, "No such session"),
    "no_flows": (404, "No flows are kept here"),
    "faulty_flow": (422, "The flow has faults"),
    "unknown_agent": (404, "No such agent"),
    "unknown_offer": (404, "No such offer"),
    "no_letter": (404, "There is no letter"),
    "nothing_kept": (404, "Nothing is kept of this citizen"),
    "unknown_citizen": (404, "No such citizen"),
    "unknown_link": (404, "No such link"),
    "unknown_identifier": (404, "This citizen holds no such identifier"),
    "wrong_purpose": (403, "Not for this purpose"),
    "unknown_notice": (404, "No such message"),
    "unknown_message": (404, "No such message is configured"),
    "not_told": (409, "The citizen is not told this"),
    "not_proved": (409, "This proves nothing"),
    "not_configured": (404, "This is not configured here"),
    "citizens_unavailable": (503, "What is known of citizens cannot be reached now"),
    "unknown_agency": (404, "No such agency"),
    "agency_closed": (409, "The agency is closed"),
    "no_consent": (409, "The citizen has not agreed"),
    "not_shared": (403, "This is not shared with your agency"),
    "wrong_method": (405, "This address does not take this method"),
    "not_now": (409, "The present state forbids this"),
    "contradiction": (409, "These cannot be one person"),
    "poison": (500, "This could not be applied; the contact was put aside for a supervisor"),
    "too_large": (413, "The body is too large"),
    "not_json": (415, "The body must be application/json"),
    "foreign_host": (421, "Demonstration tokens work on loopback only"),
    "bad_field": (422, "A field is wrong"),
    "bad_identifier": (422, "This is no such identifier"),
    "unknown_field": (422, "A field is not known here"),
    "unknown_event": (422, "The event is not known"),
    "internal": (500, "A fault of Guichet"),
    "gateway_failed": (502, "The gateway could not do this"),
    "vault_unreadable": (500, "What is kept of this citizen does not open"),
    "vault_unavailable": (503, "What is kept of citizens cannot be read now"),
    "time_went_back": (503, "The clock went back"),
    "log_unavailable": (503, "The log cannot take this now"),
    "not_owner": (503, "Another router owns this pool"),
    "overloaded": (503, "More arrives than can be taken"),
    "stopping": (503, "This router is stopping"),
    "gateway_unknown": (504, "Whether the gateway did this is not known"),
}


class ProblemBody(Struct, frozen=True, omit_defaults=True):
    """What a client reads. `code` is stable; `title` and `detail` are for people and may change."""

    type: str
    title: str
    status: Annotated[int, Meta(ge=400, le=599)]
    code: str
    detail: str
    correlation_id: str
    field: str = ""  # path of the field at fault, such as `needs.housing`
    reason: str = ""  # why a gateway did not do what was asked: one of `mends.MENDS`


class Problem(Exception):
    """Raised anywhere in the API; becomes one answer."""

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        field: str = "",
        reason: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.field = field
        self.reason = reason
        self.headers = dict(headers or {})

    @property
    def status(self) -> int:
        return CODES[self.code][0]

    def response(self, correlation_id: str) -> web.Response:
        status, title = CODES[self.code]
        kind = f"urn:guichet:problem:{self.code}"
        body = ProblemBody(
            kind, title, status, self.code, self.detail, correlation_id, self.field, self.reason
        )
        headers = self.headers | {"Cache-Control": "no-store"}
        return web.Response(
            body=msgspec.json.encode(body), status=status, content_type=MEDIA_TYPE, headers=headers
        )


def of_refusal(refusal: Refusal) -> Problem:
    """The core's refusal keeps its code and its words."""
    return Problem(refusal.code, refusal.message)


def of_unavailable(unavailable: Unavailable) -> Problem:
    """503 with a date to come back: whole seconds, at least one."""
    seconds = max(1, round(unavailable.retry_after))
    return Problem(unavailable.code, str(unavailable), headers={"Retry-After": str(seconds)})
