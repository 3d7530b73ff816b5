"""Deferrable work held back: for whom, how long, and never past its due time."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from router.core import events as e
from router.core.best import best_agent
from router.core.digest import digest
from router.core.effects import Offer
from router.core.kept import KEPT_MAX, LOOK_EVERY
from router.core.line import HELD, hold_of
from router.core.policy import SECOND, Policy
from router.core.reserve import pressure, share, spares
from router.core.snapshot import freeze, thaw
from router.core.state import State
from router.core.step import step

HOUSING = ({"housing": 3},)
HOUR = 3600 * SECOND


def say(state: State, at: int, *events: e.Event) -> list[Offer]:
    """Offers made."""
    effects = [effect for event in events for effect in step(state, event, at).effects]
    return [effect for effect in effects if isinstance(effect, Offer)]


def calls(state: State, many: int, needs=HOUSING, at: int = 0, channel: str = "phone") -> int:
    """That many arrive, one each two seconds, and leave at once: what is learnt is their rate."""
    for number in range(many):
        at += 2 * SECOND
        name = f"{channel}-{at}-{number}"
        say(state, at, e.Contact(name, channel, needs), e.Gone(name))
    return at


def centre(agents: int, **rules: int) -> State:
    state = State()
    state.policy = Policy(**rules)
    say(state, 0, *(e.Agent(f"a{n:02}", "ready", skills={"housing": 5}) for n in range(agents)))
    return state


def mail(name: str, due: int = 4 * HOUR, needs=HOUSING, **more) -> e.Contact:
    return e.Contact(name, "email", needs, due=due, **more)


def test_where_nobody_calls_nothing_is_held():
    assert [offer.contact for offer in say(centre(1), SECOND, mail("m1"))] == ["m1"]


def test_the_reserve_is_kept_and_what_is_beyond_it_works():
    state = centre(40)
    # One in two seconds, 300 s each: 150 agents' worth, so 1.1 sqrt(150) = 13.5 are kept.
    at = calls(state, 60)
    offers = [offer for n in range(40) for offer in say(state, at, mail(f"m{n:02}"))]
    assert len(offers) == 26
    assert state.reserve.held == 14


def test_few_who_serve_many_kinds_are_kept_for_all_of_these_together():
    state = State()
    kinds = [({f"s{n}": 1},) for n in range(30)]
    say(state, 0, *(e.Agent(f"a{n:02}", "ready", skills={f"s{k}": 5 for k in range(30)}) for n in range(40)))
    at = 0
    for _ in range(2):
        for needs in kinds:
            at = calls(state, 1, needs, at)
    # Of one kind two came in two minutes, five agents' worth: 2.5 kept; of all kinds together 13.5.
    offers = [offer for n in range(40) for offer in say(state, at, mail(f"m{n:02}", needs=kinds[0]))]
    assert len(offers) == 26
    assert say(state, at, e.Agent("m", "ready", skills={"mail": 5}), mail("m", needs=({"mail": 1},))), (
        "who serves none of the kinds is no part of it"
    )


def test_a_reserve_of_nought_holds_nothing():
    state = centre(40, reserve=0)
    at = calls(state, 60)
    assert len([offer for n in range(40) for offer in say(state, at, mail(f"m{n:02}"))]) == 40


def test_agents_whom_no_call_needs_are_not_kept():
    state = centre(2)
    at = calls(state, 60)
    say(state, at, e.Agent("m", "ready", skills={"mail": 5}))
    assert [o.agent for o in say(state, at, mail("m1", needs=({"mail": 1},)))] == ["m"]
    assert say(state, at, mail("m2")) == []


def test_an_agent_who_closed_the_channel_is_not_kept_for_it():
    state = centre(1)
    at = calls(state, 60)
    say(state, at, e.Agent("m", "ready", skills={"housing": 5}, capacity={"phone": 0}))
    assert [o.agent for o in say(state, at, mail("m1"))] == ["m"]


def test_held_work_goes_before_it_is_due_and_before_calls():
    state = centre(1)
    at = calls(state, 60)
    assert say(state, at, mail("m1", due=1200 * SECOND)) == []
    press = at + 1200 * SECOND - state.policy.press_before
    say(state, press - 1, e.Agent("a00", "away"), e.Contact("c1", "phone", HOUSING))
    assert not state.contacts["m1"].pressed
    say(state, press, e.Tick())
    assert state.contacts["m1"].pressed
    (offer,) = say(state, press, e.Agent("a00", "ready"))
    assert (offer.contact, offer.why["due"]) == ("m1", state.policy.weights.due)


def test_wake_is_when_held_work_may_go():
    state = centre(1)
    at = calls(state, 60)
    say(state, at, mail("m1"))
    assert state.wake() == (at // LOOK_EVERY + 1) * LOOK_EVERY
    said: list[Offer] = []
    for _ in range(200):
        wake = state.wake()
        assert wake is not None
        assert wake > state.now
        said += say(state, wake, e.Tick())
        if said:
            break
    assert [offer.contact for offer in said] == ["m1"], "nobody calls any more"
    assert state.now - at <= 601 * SECOND


def test_what_cannot_be_done_in_time_is_pressed():
    state = centre(2)
    at = calls(state, 60)
    for n in range(60):
        say(state, at, mail(f"m{n:02}", due=2 * HOUR))
    say(state, at + LOOK_EVERY, e.Tick())
    pressed = [contact for contact in state.contacts.values() if contact.pressed]
    assert 0 < len(pressed) < 60
    assert max(each.rank for each in pressed) <= min(
        each.rank for each in state.contacts.values() if each.due_at and not each.pressed
    )


def test_who_is_pressed_presses_those_before_them():
    state = centre(1)
    at = calls(state, 60)
    say(state, at, e.Contact("x", "phone", HOUSING))
    say(state, at, mail("m1", due=4 * HOUR), mail("m2", due=0))
    assert state.contacts["m1"].pressed
    assert state.contacts["m2"].pressed


def test_kinds_are_bounded_and_quiet_ones_make_room():
    state = centre(1)
    at = 0
    for n in range(KEPT_MAX + 20):
        at = calls(state, 1, needs=({f"s{n}": 1},), at=at)
    kept = [key for key, record in state.kinds.items() if record.reserve and key[1]]
    assert len(kept) == KEPT_MAX
    at = calls(state, 1, needs=({"new": 1},), at=at + HOUR)
    kept = [key for key, record in state.kinds.items() if record.reserve and key[1]]
    assert kept == [("phone", ((("new", 1),),))]


arrivals = st.builds(
    e.Contact,
    contact=st.integers(1, 30).map("c{}".format),
    channel=st.sampled_from(("phone", "phone", "chat", "email", "email")),
    needs=st.sampled_from((HOUSING, ({"housing": 3, "b": 1},), ({},))),
    due=st.none() | st.sampled_from((0, 60 * SECOND, 1200 * SECOND, 2 * HOUR)),
)
agents = st.builds(
    e.Agent,
    agent=st.integers(1, 6).map("a{}".format),
    state=st.sampled_from(("ready", "ready", "ready", "away")),
    skills=st.none() | st.sampled_from(({"housing": 5}, {"housing": 3, "b": 4}, {})),
)
moves = st.lists(
    st.tuples(st.sampled_from((0, 1, 7, 60, 400)), arrivals | agents | st.integers(0, 9)), max_size=60
)


def live(state: State, drawn: list[tuple[int, object]]):
    """Each step's instant and effects; a number does something to an offer or a conversation."""
    at = state.now
    for gap, what in drawn:
        at += gap * SECOND
        if isinstance(what, int):
            busy = [c for c in state.contacts.values() if c.state in ("offered", "connected", "wrap_up")]
            if not busy:
                continue
            contact = busy[what % len(busy)]
            what = {
                "offered": lambda c: e.Answer(c.offer, c.contact, state.offers[c.offer].agent, "accepted"),
                "connected": lambda c: e.Ended(c.contact),
                "wrap_up": lambda c: e.Done(c.contact, c.agent),
            }[contact.state](contact)
        yield at, what, step(state, what, at).effects


@given(moves)
@settings(max_examples=80, deadline=None)
def test_live_contacts_never_wait_for_it_nor_does_work_that_is_due(drawn):
    state = State()
    for at, _, _ in live(state, drawn):
        for contact in state.contacts.values():
            if state.in_line(contact) and (contact.due_at is None or contact.due_at <= at):
                assert best_agent(state, contact) is None, contact
            if state.in_line(contact) and hold_of(contact) == HELD:
                assert contact.due_at - state.policy.press_before > at
                assert state.wake() <= contact.due_at


@given(moves, moves)
@settings(max_examples=60, deadline=None)
def test_a_restored_state_holds_the_same(before, after):
    state = State()
    for _ in live(state, before):
        pass
    twin = thaw(freeze(state))
    assert digest(twin) == digest(state)
    assert twin.wake() == state.wake()
    for at, event, effects in live(state, after):
        assert step(twin, event, at).effects == effects
        assert twin.wake() == state.wake()
        assert digest(twin) == digest(state)


@given(moves)
@settings(max_examples=60, deadline=None)
def test_counts_are_what_a_look_at_everybody_counts(drawn):
    state = State()
    for _ in live(state, drawn):
        for agent in state.agents.values():
            kept = thaw(freeze(state))
            assert kept.reserve.slack(kept, kept.agents[agent.agent]) == state.reserve.slack(state, agent)


def test_another_policy_presses_at_once():
    state = centre(1)
    at = calls(state, 60)
    say(state, at, mail("m1", due=HOUR))
    assert not state.contacts["m1"].pressed
    policy = structs.replace(state.policy, press_before=HOUR)
    assert [offer.contact for offer in say(state, at, e.Config(policy, "h"))] == ["m1"]


def test_spares_asks_nobody_where_no_reserve_is_configured():
    state = centre(1, reserve=0)
    say(state, calls(state, 60), e.Agent("a00", "away"), mail("m1"))
    assert spares(state, state.agents["a00"], state.contacts["m1"])


def test_callers_who_leave_at_once_teach_no_division_by_nought():
    state = centre(1)
    at = calls(state, 60)
    say(state, at, e.Contact("c1", "phone", HOUSING))
    at = calls(state, 2, at=at)
    assert say(state, at, e.Contact("c2", "phone", HOUSING)) == []


def test_work_that_comes_at_its_last_moment_is_not_held():
    state = centre(1)
    at = calls(state, 60)
    assert [offer.contact for offer in say(state, at, mail("m1", due=state.policy.press_before))] == ["m1"]


def test_work_that_comes_back_before_an_equal_who_is_pressed_is_pressed():
    state = centre(0)
    say(
        state, HOUR, mail("m1", due=0), mail("m2", due=4 * HOUR, waited=60 * SECOND), mail("m3", due=4 * HOUR)
    )
    assert [state.contacts[name].pressed for name in ("m1", "m2", "m3")] == [True, True, False]


def test_work_is_pressed_before_an_equal_that_cannot_wait():
    state = centre(0)
    say(state, HOUR, e.Contact("a1", "email", HOUSING), mail("m1", waited=60 * SECOND), mail("m2"))
    assert [state.contacts[name].pressed for name in ("a1", "m1", "m2")] == [False, True, False]


def test_nothing_is_looked_at_again_where_nothing_is_held():
    state = centre(0)
    say(state, HOUR, mail("m1", due=0))
    assert state.wake() is None
    say(state, HOUR, mail("m2", needs=({"tax": 1},)))
    assert state.wake() == HOUR + LOOK_EVERY
    say(state, HOUR, e.Gone("m2"))
    assert state.wake() is None


def test_a_reserve_filled_to_the_very_share_spares_an_agent():
    state = centre(2)
    at = calls(state, 60)
    record = state.kinds["phone", ((("housing", 3),),)]
    record.reserve = 2_000
    state.reserve.touched.update(dict.fromkeys(state.agents))
    say(state, at, e.Agent("a00", "away"), e.Agent("a01", "away"))
    say(state, at, mail("m1", due=HOUR))
    line = state.lines.line_of("m1")
    agent = state.agents["a00"]
    assert state.reserve.slack(state, agent) == 0
    assert share(state, line) > 0
    assert not spares(state, agent, state.contacts["m1"])
    many = [mail(f"n{number:03}", due=HOUR) for number in range(400)]
    say(state, at, *many)
    assert share(state, line) == 0
    assert spares(state, agent, state.contacts["m1"])


def test_pressure_is_work_over_what_can_be_done_before_the_last_is_due():
    """In thousandths: an e-mail is taken for 400 s until more is known; of ten agents one serves tax."""
    state = State()
    skills = {"housing": 5}
    say(state, 0, *(e.Agent(f"a{n}", "ready", skills=skills | ({} if n else {"tax": 5})) for n in range(10)))
    for offer in say(state, 0, *(e.Contact(f"call{n}", "phone", HOUSING) for n in range(10))):
        say(state, 0, e.Answer(offer.offer, offer.contact, offer.agent, "accepted"))
    say(state, SECOND, *(mail(f"h{n}", due=(1000 + n) * SECOND) for n in range(8)))
    say(state, SECOND, mail("t", due=2000 * SECOND, needs=({"tax": 1},)))
    housing, tax = (state.lines.line_of(name) for name in ("h0", "t"))
    assert pressure(state, housing) == 1000 * 9 * 400 // (
        10 * 1007
    )  # all nine by all ten: more than eight by ten
    assert pressure(state, tax) == 1000 * 1 * 400 // (1 * 2000)  # one by one: more than all nine by all ten
    assert share(state, housing) == 1000 - 357
    say(state, SECOND, mail("h8", due=1008 * SECOND, prefers=("a1",)))  # an equal in a line of its own
    assert state.lines.line_of("h8") is not housing
    for line in (housing, state.lines.line_of("h8")):
        assert pressure(state, line) == 1000 * 10 * 400 // (10 * 1008)
