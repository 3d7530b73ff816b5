"""Who may do what: one table, operation by role, denied by default.

It says which role may try; that an agent acts only for themselves is checked where the record is read
(`Caller.must_be`). An operation that is not in the table is refused to everybody.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from router.api.problems import Problem

Role = Literal["agent", "supervisor", "designer", "operator", "auditor"]
ROLES: tuple[Role, ...] = ("agent", "supervisor", "designer", "operator", "auditor")

ANYBODY = frozenset({"anybody"})

TABLE: dict[str, frozenset[str]] = {
    operation: frozenset(roles.split())
    for operation, roles in {
        # operation            who may
        "list_agents":         "      supervisor           operator",
        "get_agent":           "agent supervisor           operator",  # an agent: themselves
        "set_agent_state":     "agent supervisor",                     # an agent: themselves
        "list_contacts":       "      supervisor designer  operator auditor",
        "create_contact":      "      supervisor designer  operator",
        "get_contact":         "agent supervisor designer  operator auditor",  # an agent: one in their hands
        "explain_contact":     "      supervisor designer  operator auditor",
        "end_contact_as_gone": "      supervisor designer  operator",
        "end_contact":         "agent supervisor",                     # an agent: one in their hands
        "finish_contact":      "agent supervisor",                     # an agent: one in their hands
        "move_contact":        "      supervisor",                     # to the front, an agent, a pool, back
        "record_choice":       "      supervisor designer  operator",  # of a channel that was proposed
        "transfer_contact":    "agent supervisor",                     # an agent: one in their hands
        "consult_colleague":   "agent",                                # about one in their hands
        "control_contact":     "agent supervisor",                     # more in the two lines below
        "converse":            "agent",             # hold, complete, record …: their own conversation
        "overhear":            "      supervisor",  # listen, whisper, barge
        "get_caller":          "agent supervisor",                     # in their hands; lost, to call back
        "read_thread":         "agent",                                # of one in their hands
        "get_attachment":      "agent",                                # of one in their hands
        "save_draft":          "agent",                                # for one in their hands
        "list_canned":         "agent",                                # for one in their hands
        "close_as_answered":   "agent",             # of whom they have in hand, in another contact
        "answer_letter":       "agent",                                # of one in their hands
        "answer_offer":        "agent",                                # one made to them
        "send_notice":         "agent supervisor           operator",  # an agent: whose contact is in hand
        "get_notice":          "      supervisor           operator",
        "list_failed_notices": "      supervisor           operator",
        "list_agencies":       "agent supervisor designer  operator auditor",
        "hand_over":           "agent",                                # one in their hands
        "get_hand_over":       "agent",                                # one in their hands, to their agency
        "get_facts":           "agent",                                # of one in their hands
        "get_config":          "      supervisor designer  operator auditor",
        "put_config":          "                           operator",
        "patch_config":        "      supervisor           operator",
        "get_flow":            "      supervisor designer  operator auditor",
        "get_flow_version":    "      supervisor designer  operator auditor",
        "get_flow_session":    "      supervisor designer  operator auditor",  # masked
        "publish_flow":        "                 designer  operator",
        "switch_flow":         "                 designer  operator",
        "close_calendar":      "      supervisor           operator",
        "get_promises":        "      supervisor designer  operator auditor",
        "get_state":           "      supervisor           operator",
        "live":                "agent supervisor           operator",  # an agent: what concerns them
        "chats":               "agent",                                # those in their hands
        "chat":                "anybody",  # a citizen's socket: who has a chat's key reads that chat
        "board":               "      supervisor           operator",
        # what each sees, and for which purpose: citizens/purposes.py; an agent: of a contact in their hands
        "meet_citizen":        "      supervisor designer  operator",  # gateways elsewhere
        "find_citizen":        "      supervisor                    auditor",
        "get_citizen":         "agent supervisor                    auditor",
        "get_journey":         "agent supervisor                    auditor",
        "export_citizen":      "                                    auditor",  # and data-protection officer
        "erase_citizen":       "                                    auditor",
        "merge_citizens":      "agent supervisor                    auditor",
        "split_citizen":       "      supervisor                    auditor",
        "correct_identifier":  "      supervisor                    auditor",
        "set_preferences":     "agent supervisor",
        "give_consent":        "agent supervisor                    auditor",
        "withdraw_consent":    "agent supervisor                    auditor",
        "protect_citizen":     "      supervisor                    auditor",
        "ask_proof":           "agent supervisor           operator",  # gateways elsewhere too
        "give_proof":          "agent supervisor           operator",
        "list_accesses":       "                                    auditor",
        "rotate_key":          "                           operator",
        "get_rotation":        "                           operator",
        "get_openapi":         "anybody",
        "health":              "anybody",
        "ready":               "anybody",
        "get_metrics":         "anybody",  # figures with closed labels, never an id
        "page":                "anybody",  # the sign-in form, unless a session is open
        "static":              "anybody",
        "sign_in":             "anybody",
        "sign_out":            "anybody",
    }.items()
}  # fmt: skip


class Caller(Struct, frozen=True):
    """Who asks. `agent` is set for the role agent alone."""

    role: Role
    agent: str = ""
    demo: bool = False

    @property
    def name(self) -> str:
        """For the record: an agent's pseudonym, or the role."""
        return self.agent or self.role

    def may(self, operation: str) -> bool:
        return bool(TABLE.get(operation, frozenset()) & {self.role, "anybody"})

    def must_be(self, *agents: str | None) -> None:
        """Raise unless this caller is one of them or is no agent at all (then the table has decided)."""
        if self.role == "agent" and self.agent not in agents:
            raise Problem("not_yours", "this concerns another agent; use that agent's own token")


def is_open(operation: str) -> bool:
    """Whether an operation needs no token."""
    return TABLE.get(operation) == ANYBODY
