"""Things said doubled, lost or out of order: no crash, one answer per offer, one agent per contact."""

from hypothesis import given, settings
from hypothesis import strategies as st

from router.core.events import Answer, Ended, Found, Gone
from router.phone import reduce
from router.phone.calls import Calls
from router.phone.said import Accepted, Did, Do, Surveyed, Tell, Told
from tests.unit.phone.stories import ENDPOINTS, RESULTS, anything, garbled

replies = st.lists(st.sampled_from((*RESULTS, *["done"] * 6)), max_size=20)
refusals_of = st.lists(st.sampled_from(("", "", "", "not_now", "unknown_contact")), max_size=20)


@settings(max_examples=400, deadline=None)
@given(st.one_of(garbled(), garbled(), st.lists(anything, max_size=40)), replies, refusals_of)
def test_whatever_is_said_in_whatever_order(heard, results, refusals):
    calls = Calls(ENDPOINTS)
    reduce.apply(calls, Surveyed(frozenset(), 0))
    told, waiting = [], list(heard)
    talking: dict[str, str] = {}  # contact -> agent whom we told the core they talk to
    while waiting:
        for out in reduce.apply(calls, waiting.pop(0)):
            if isinstance(out, Do):
                if out.aim == "dial":
                    assert out.contact not in talking, "a caller in conversation is moved to another agent"
                if results:
                    waiting.insert(min(len(waiting), 2), Did(out, results.pop()))
            elif isinstance(out, Tell):
                told.append(out.event)
                follow(talking, out.event)
                if refusals:
                    waiting.insert(min(len(waiting), 1), Told(out.event, refusals.pop()))
    answered = [event.offer for event in told if isinstance(event, Answer)]
    assert len(answered) == len(set(answered)), "an offer is answered twice"
    everything_ends(calls)


def follow(talking: dict[str, str], event: object) -> None:
    match event:
        case Answer(contact=contact, agent=agent, answer="accepted") | Found(contact, "bridged", agent):
            talking[contact] = agent
        case Ended(contact=contact) | Gone(contact=contact):
            talking.pop(contact, None)
        case Found(contact=contact):
            talking.pop(contact, None)
        case _:
            pass


def everything_ends(calls: Calls) -> None:
    """Once no channel is left, nothing of any call is kept but what the log has not answered yet."""
    for contact in list(calls.calls):
        reduce.apply(calls, Accepted(contact))
    reduce.apply(calls, Surveyed(frozenset(), calls.inputs))
    for contact in list(calls.calls):
        reduce.apply(calls, Accepted(contact))
    assert (calls.calls, calls.callers, calls.legs) == ({}, {}, {})
