"""What may be said of two calls: as it goes when all goes well, and then garbled."""

from __future__ import annotations

from hypothesis import strategies as st

from router.core.effects import Confirm, Offer, Release, Withdraw
from router.phone import ami
from router.phone.said import Accepted, Closed, Entered, Ordered, Seen, Submitting, Surveyed, Turned, Woke

CONTACTS = ("c1", "c2")
ENDPOINTS = {"a1": "ag01", "a2": "ag02"}
AGENTS = (*ENDPOINTS, "x")
OFFERS = {
    "o1": ("c1", "a1"),
    "o2": ("c1", "a2"),
    "o3": ("c2", "a1"),
    "o4": ("c2", "a2"),
    "o5": ("c1", "x"),
}
STATUSES = ("", "ANSWER", "NOANSWER", "BUSY", "CANCEL", "CHANUNAVAIL")
PLACES = ("entering", "waiting", "dialling", "bridged", "fallback", "absent")
RESULTS = ("done", "absent", "denied", "unsent", "unknown", "late")

contacts, agents, offers = st.sampled_from(CONTACTS), st.sampled_from(AGENTS), st.sampled_from(sorted(OFFERS))
callers = contacts.map(lambda contact: f"{contact}.caller")
turns = st.integers(0, 3)


def leg(agent: str) -> tuple[str, str]:
    return f"PJSIP/{ENDPOINTS.get(agent, 'x')}-0001", f"{agent}.leg"


def ordered(name: str, kind: str) -> Ordered:
    contact, agent = OFFERS[name]
    if kind == "offer":
        return Ordered(Offer(name, contact, agent, 9, 1, {}, "phone"), 9)
    return Ordered(Withdraw(name, contact, agent, "expired", "phone", f"e{name}"), 9)


anything = st.one_of(
    st.sampled_from((Submitting, Accepted, Turned)).flatmap(lambda kind: contacts.map(kind)),
    contacts.map(lambda contact: Entered(contact, f"PJSIP/{contact}", f"{contact}.caller")),
    st.builds(ami.Waiting, contacts, st.just("PJSIP/x"), callers, st.sampled_from(STATUSES), turns),
    st.builds(ami.Fallback, contacts, callers),
    st.builds(lambda caller, agent: ami.DialBegin(caller, *leg(agent)), callers, agents),
    st.builds(lambda caller, agent, status: ami.DialEnd(caller, *leg(agent), status), callers, agents,
              st.sampled_from(STATUSES)),
    st.builds(lambda caller, agent, status: ami.DialState(caller, *leg(agent), status), callers, agents,
              st.sampled_from(("RINGING", "PROGRESS", "PROCEEDING"))),
    st.builds(ami.BridgeEnter, callers, st.just("PJSIP/x"), st.sampled_from(("b1", "b2")),
              st.sampled_from(("guichet-hall-1", ""))),
    st.builds(Woke, contacts, offers),
    st.builds(ami.HungUp, st.one_of(callers, agents.map(lambda agent: f"{agent}.leg"))),
    st.sampled_from((ami.LoggedIn(), ami.LinkLost(), ami.Booted())),
    st.builds(ordered, offers, st.sampled_from(("offer", "withdraw"))),
    st.builds(lambda contact, agent: Ordered(Release(contact, agent, "phone"), 9), contacts, agents),
    contacts.map(lambda contact: Ordered(Confirm(contact, "phone"), 9)),
    contacts.map(lambda contact: Closed(contact, 9)),
    st.builds(Seen, contacts, st.sampled_from(PLACES),
              st.integers(0, 99), st.just("PJSIP/x"), callers, agents),
    st.builds(Surveyed, st.frozensets(callers), st.integers(0, 80)),
)  # fmt: skip


def story(contact: str, offer: str, second: str, ending: str) -> list[object]:
    """A call as it goes when all goes well."""
    caller, channel, agent = f"{contact}.caller", f"PJSIP/{contact}", OFFERS[offer][1]
    answered_by_second = [ordered(second, "offer"), ami.DialEnd(caller, *leg(OFFERS[second][1]), "ANSWER")]
    answered = ami.DialEnd(caller, *leg(agent), "ANSWER")
    leg_ended, caller_left = ami.HungUp(f"{agent}.leg"), ami.HungUp(caller)
    begin = [Entered(contact, channel, caller), Submitting(contact), Accepted(contact)]
    hall = [ami.BridgeEnter(caller, channel, f"hall-{turn}", "guichet-hall-1") for turn in (1, 2)]
    wait = [ami.Waiting(contact, channel, caller, "", 1), hall[0], ordered(offer, "offer")]
    ring = [ami.DialBegin(caller, *leg(agent)), ami.DialState(caller, *leg(agent), "RINGING")]
    missed = ami.Waiting(contact, channel, caller, "NOANSWER", 2)
    returned = ami.Waiting(contact, channel, caller, "CANCEL", 2)
    endings = {
        "answered": [answered, leg_ended, caller_left],
        "missed": [leg_ended, missed, hall[1], *answered_by_second],
        "withdrawn": [ordered(offer, "withdraw"), leg_ended, returned, hall[1], *answered_by_second],
        "crossed": [answered, ordered(offer, "withdraw"), ordered(second, "offer")],
    }
    return [*begin, *wait, *ring, *endings[ending]]


endings = st.sampled_from(("answered", "missed", "withdrawn", "crossed"))
stories = st.tuples(
    endings.map(lambda ending: story("c1", "o1", "o2", ending)),
    endings.map(lambda ending: story("c2", "o3", "o4", ending)),
)


@st.composite
def garbled(draw: st.DrawFn) -> list[object]:
    """Two stories interleaved; then some of it doubled, dropped, moved, and strange things put in between."""
    first, second = draw(stories)
    heard: list[object] = []
    while first or second:
        heard.append((first if first and (not second or draw(st.booleans())) else second).pop(0))
    for _ in range(draw(st.integers(0, 6))):
        at, to = draw(st.integers(0, len(heard) - 1)), draw(st.integers(0, len(heard) - 1))
        match draw(st.sampled_from(("double", "drop", "move", "put"))):
            case "double":
                heard.insert(to, heard[at])
            case "drop" if len(heard) > 1:
                del heard[at]
            case "move":
                heard.insert(to, heard.pop(at))
            case _:
                heard.insert(to, draw(anything))
    return heard
