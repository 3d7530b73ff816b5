"""Every decision about one contact, explained from the archive at its very instant. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from msgspec import structs

from router.core.change import moment
from router.core.changes import changes
from router.core.effects import Offer, Replaced, Requeue, Withdraw
from router.core.events import Again, Answer, Consult, Consulted, Contact, Control, Event, Found, Move
from router.core.policy import Policy
from router.core.rivals import Order, order, passed
from router.core.score import Score
from router.core.state import AgentRecord, ContactRecord, State
from router.core.why import Why, explain, explain_offer
from router.log.entry import Entry
from router.replay.proof import begin, repeat
from router.tell.decision import Decision, Passes, about, decided


def decisions(
    path: Path,
    contact: str,
    pool: str = "",
    at: int | None = None,
    since: int | None = None,
    *,
    tried: bool = True,
) -> Iterator[Decision]:
    """In order, from the contact's arrival on, up to the instant `at`; then how it stands if it still waits.

    `since`: it came no earlier, so older segments need not be stepped. `tried`: with what would have changed
    each. Raises what `proof.states` raises.
    """
    watch = Watch(contact)
    anew = partial(begin, path, pool, since)
    state, entries = anew()
    last: Entry | None = None
    for entry in entries:
        if at is not None and entry.at > at:
            break
        named = _about_it(entry, contact)
        before = moment(state, entry.event, entry.at, entry.origin) if named and tried else None
        watch.look(state)
        repeat(state, entry)
        last = entry
        if (record := state.contacts.get(contact)) is None or not named:
            continue
        decision = watch.decision(state, entry, record)
        if tried:
            decision = _with_passes(decision, anew, watch.passed_at)
        if before is not None and decision.why is not None:
            decision = structs.replace(decision, changes=changes(before, contact))
        yield decision
    if last is not None and (record := state.contacts.get(contact)) is not None:
        standing = watch.standing(state, last, record, at)
        if standing is not None:
            yield _with_passes(standing, anew, watch.passed_at) if tried else standing


def _with_passes(decision: Decision, anew: Callable[[], tuple[State, Iterator[Entry]]], n: int) -> Decision:
    """With what would have let it go first when another one did: the log is stepped again to there."""
    passes = decision.passes
    if passes is None or passes.last is None:
        return decision
    state, entries = anew()
    for entry in entries:
        if entry.n == n:
            before = moment(state, entry.event, entry.at, entry.origin)
            found = changes(before, decision.about.contact)
            return structs.replace(decision, passes=structs.replace(passes, changes=found))
        repeat(state, entry)
    return decision


def _about_it(entry: Entry, contact: str) -> bool:
    """Whether an entry names the contact, in its event or in what it caused."""
    return getattr(entry.event, "contact", None) == contact or any(
        isinstance(effect, (Offer, Withdraw, Requeue, Replaced)) and effect.contact == contact
        for effect in entry.effects
    )


class Watch:
    """What is heard of one contact while the log goes by."""

    def __init__(self, contact: str) -> None:
        self._contact, self._causes = contact, tuple[str, ...]()
        self._why: Why | None = None
        self._order: Order | None = None
        self._passes = Passes(0)
        self.passed_at = 0  # the entry that last offered another contact to an agent who could have had this

    def look(self, state: State) -> None:
        """Before a step: hear of each offer as it is made."""
        self._why = self._order = None

        def witness(offered: ContactRecord, agent: AgentRecord, worth: Score) -> None:
            waiting = state.contacts.get(self._contact)
            if offered.contact == self._contact:
                self._why = explain_offer(state, offered, agent, worth)
                self._order = order(state, offered, agent, worth)
            elif waiting is not None and state.in_line(waiting):
                self._pass(state, waiting, offered, agent, worth)

        state.witness = witness

    def _pass(
        self, state: State, waiting: ContactRecord, offered: ContactRecord, agent: AgentRecord, worth: Score
    ) -> None:
        one, passes = passed(state, waiting, offered, agent, worth), self._passes
        counts = dict(passes.unable if one.reason else passes.behind)
        name = one.reason or one.by
        counts[name] = counts.get(name, 0) + 1
        if one.reason:
            self._passes = structs.replace(passes, times=passes.times + 1, unable=counts)
        else:
            self._passes = structs.replace(passes, times=passes.times + 1, behind=counts, last=one)
            self.passed_at = state.n

    def decision(self, state: State, entry: Entry, record: ContactRecord) -> Decision:
        """What the entry did."""
        event = entry.event
        if isinstance(event, Contact) and event.contact == self._contact:
            self._causes = causes(state.policy, event)
        effects = tuple(
            effect
            for effect in entry.effects
            if isinstance(effect, (Offer, Withdraw, Requeue)) and effect.contact == self._contact
        )
        why = self._why
        if why is None and record.state == "waiting":
            why = explain(state, record)
        passes, self._passes = self._passes, Passes(0)
        return Decision(
            entry.n,
            entry.at,
            kind(event),
            record.state,
            about(state, record, entry.at, self._causes),
            effects,
            why,
            "" if self._why is None else decided(self._why),
            self._order,
            passes if passes.times else None,
        )

    def standing(self, state: State, last: Entry, record: ContactRecord, at: int | None) -> Decision | None:
        """How it is at the end of what was looked at, for one who still waits and others went before."""
        if record.state != "waiting" or not (self._passes.times or at is not None):
            return None
        when = last.at if at is None else at
        why, told = explain(state, record), about(state, record, when, self._causes)
        passes = self._passes if self._passes.times else None
        return Decision(last.n, when, "standing", record.state, told, why=why, passes=passes)


def causes(policy: Policy, arrival: Contact) -> tuple[str, ...]:
    """What the contact has its credit for, by the policy that ruled when it came."""
    granted = {
        "vulnerable": policy.vulnerable_credit * arrival.vulnerable,
        "cut": policy.cut_credit * arrival.cut,
        "journey": policy.journey_credit * arrival.journey,
    }
    return tuple(name for name, credit in granted.items() if credit)


def kind(event: Event) -> str:
    """The event in a few words."""
    match event:
        case Answer(answer=answer):
            return f"answer {answer}"
        case Again(prefers=prefers, by=by):
            return " ".join(("again", *(("to", *prefers) if prefers else ()), *(("by", by) if by else ())))
        case Move(to=to, agent=agent, pool=pool, by=by, reason=reason):
            return f"moved to {agent or pool or to} by {by}: {reason}"
        case Consult(second=second):
            return f"consult {second}"
        case Consulted(second=second, result=result):
            return f"consulted {second} {result}"
        case Control(what=what, by=by):
            return f"control {what} by {by}" if by else f"control {what}"
        case Found(where=where):
            return f"found {where}"
        case _:
            return type(event).__name__.lower()
