"""Who may see what of a decision: promise 5, as one table. It takes away; it never adds.

The credit's value and cause go to the citizen concerned and to the auditor (data-protection officer,
ombudsman). All others see one merged place in line: no credit, nor the points from which it could be
reckoned. A citizen reads neither an agent's pseudonym nor of any other contact.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeVar, get_args

from msgspec import Struct, structs

from router.core.change import Change
from router.core.effects import Offer, Requeue, Withdraw
from router.core.rivals import Order, Passed
from router.core.why import Profile, Why
from router.tell.decision import Decision, Passes
from router.tell.terms import of_agent

Reader = Literal["citizen", "agent", "supervisor", "designer", "operator", "auditor"]
READERS: tuple[Reader, ...] = get_args(Reader)

T = TypeVar("T", bound=Struct)


class Sight(NamedTuple):
    """What one kind of reader sees."""

    credit: bool  # its value and cause, and points that tell of it
    agents: bool  # pseudonyms of agents
    others: bool  # other contacts' ids
    levers: bool  # what weights or agents' states and skills would have changed


TABLE: dict[Reader, Sight] = {
    "citizen": Sight(credit=True, agents=False, others=False, levers=False),
    "agent": Sight(credit=False, agents=False, others=False, levers=False),
    "supervisor": Sight(credit=False, agents=True, others=True, levers=True),
    "designer": Sight(credit=False, agents=True, others=True, levers=True),
    "operator": Sight(credit=False, agents=True, others=True, levers=True),
    "auditor": Sight(credit=True, agents=True, others=True, levers=True),
}
OF_CREDIT = ("earlier", "credit", "no_credit")  # changes from which a credit could be reckoned


def seen_by(decision: Decision, reader: Reader) -> Decision:
    """The decision as this reader may see it."""
    sight = TABLE[reader]
    about = decision.about
    if not sight.credit:
        about = structs.replace(about, credit=None)
    if about.moved is not None and not sight.agents:
        about = structs.replace(about, moved=structs.replace(about.moved, by="", reason=""))
    return structs.replace(
        decision,
        event=decision.event if sight.agents else decision.event.partition(" ")[0],
        about=about,
        effects=tuple(_effect(effect, sight) for effect in decision.effects),
        why=None if decision.why is None else why_seen(decision.why, sight),
        order=None if decision.order is None else _order(decision.order, sight),
        passes=None if decision.passes is None else _passes(decision.passes, sight),
        changes=_changes(decision.changes, sight),
    )


def points(terms: dict[str, int], score: int | None, sight: Sight) -> tuple[dict[str, int], int | None]:
    """Terms and their sum; without a sight of the credit, of what tells agents apart alone."""
    if sight.credit or score is None:
        return terms, score
    shared = of_agent(terms)
    return shared, sum(shared.values())


def why_seen(why: Why, sight: Sight) -> Why:
    """An explanation as somebody with this sight may see it."""
    terms, score = points(why.terms, why.score, sight)
    profiles = tuple(_profile(each, sight) for each in why.profiles) if sight.agents else ()
    return structs.replace(
        why, agent=why.agent if sight.agents else "", terms=terms, score=score, profiles=profiles
    )


def _profile(profile: Profile, sight: Sight) -> Profile:
    terms, score = points(profile.terms, profile.score, sight)
    return structs.replace(profile, terms=terms, score=score)


def _effect(effect: Offer | Withdraw | Requeue, sight: Sight) -> Offer | Withdraw | Requeue:
    if isinstance(effect, Requeue):
        return effect
    agent = effect.agent if sight.agents else ""
    if isinstance(effect, Withdraw):
        return structs.replace(effect, agent=agent)
    why, score = points(effect.why, effect.score, sight)
    return structs.replace(effect, agent=agent, why=why, score=score)


def _order(order: Order, sight: Sight) -> Order:
    """Of others who waited, the credit of none; who may not see others' ids sees their number."""
    if not sight.others:
        return structs.replace(order, rivals=())
    if sight.credit:
        return order
    rivals = tuple(structs.replace(each, terms={}, score=0, behind=0, by="") for each in order.rivals)
    return structs.replace(order, rivals=rivals)


def _passes(passes: Passes, sight: Sight) -> Passes:
    """The points of somebody else's place are not the citizen's to know either, nor what gives them away."""
    changes = _changes(passes.changes, sight)
    if sight.credit and sight.others:
        return structs.replace(passes, changes=changes)
    last = passes.last
    if last is not None:
        last = Passed(last.contact if sight.others else "", last.agent if sight.agents else "", last.reason)
    changes = tuple(each for each in changes if each.kind != "weight")
    return structs.replace(passes, last=last, behind=_merged(passes.behind), changes=changes)


def _merged(behind: dict[str, int]) -> dict[str, int]:
    """One merged place in line."""
    return {"place": sum(behind.values())} if behind else {}


def _changes(changes: tuple[Change, ...], sight: Sight) -> tuple[Change, ...]:
    return tuple(_change(each, sight) for each in changes if _may(each, sight))


def _may(change: Change, sight: Sight) -> bool:
    if change.kind in OF_CREDIT:
        return sight.credit
    if change.kind in ("needs", "no_preference"):
        return True
    return sight.levers and (sight.credit or not _weighs_the_place(change))


def _weighs_the_place(change: Change) -> bool:
    """A weight from which the points of the place in line could be reckoned, or one without words yet."""
    return change.kind == "weight" and not of_agent({change.weight: 0})


def _change(change: Change, sight: Sight) -> Change:
    if sight.agents:
        return change
    return structs.replace(change, agent="", result=SOMEBODY if change.result else "")


SOMEBODY = "an agent"  # instead of a pseudonym
