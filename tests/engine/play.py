"""Plays one taken line against the `World`: timers, the event, and the effects in their printed order.

It judges each effect at the moment it is printed. Which effects the timers caused and which the event is not
marked in the output: `settle` tries each place where the event may have happened and keeps one without fault.
"""

from __future__ import annotations

from tests.engine.happen import happen, let_go, refuse
from tests.engine.laws import idle_work, offer_faults, wake_faults
from tests.engine.shapes import effect_faults
from tests.engine.world import EXPIRY, Contact, Offer, World, micros


def settle(world: World, line: dict, effects: list[dict], wake: int | None) -> tuple[World, list[str]]:
    """The world after the line, and what was wrong with the answer."""
    now = micros(line["at"])
    shapes = [fault for effect in effects for fault in effect_faults(effect)]
    if shapes:
        return world, shapes
    fired = world.wake is not None and world.wake <= now
    outcomes = []
    for place in range(len(effects) + 1 if fired else 1):
        play = Play(world.copy() if fired else world, now, fired)
        play.timers(effects[:place])
        play.event(line, effects[place:])
        faults = play.faults + idle_work(play.world, now) + wake_faults(play.world, wake, now)
        if line["event"] == "tick" and not fired:
            faults += [f"{e['effect']} at a tick before any timer was due" for e in effects]
        if not faults:
            return play.done(wake), []
        outcomes.append((len(faults), play, faults))
    _, best, faults = min(outcomes, key=lambda outcome: outcome[0])
    return best.done(wake), faults


class Play:
    """One reading of a line."""

    def __init__(self, world: World, now: int, fired: bool) -> None:
        self.world, self.now = world, now
        self.faults: list[str] = []
        self._timers = fired
        self._withdrawn: dict[str, str] = {}
        self._fell: set[str] = set()
        self._last_expiry = 0

    def timers(self, effects: list[dict]) -> None:
        for effect in effects:
            self._apply(effect)
        late = [offer for offer in self.world.open_offers() if offer.expires <= self.now]
        self.faults += [f"offer {offer.name!r} is past its expiry and still open" for offer in late]
        self._timers = False

    def event(self, line: dict, effects: list[dict]) -> None:
        self._withdrawn = happen(self.world, line, self.now)
        if line["event"] == "answer" and line["answer"] != "accepted":
            self._fell.add(line["contact"])
        for effect in effects:
            self._apply(effect)
        self.faults += [f"offer {name!r} was not withdrawn: {why}" for name, why in self._withdrawn.items()]

    def done(self, wake: int | None) -> World:
        self.world.now, self.world.wake = self.now, wake
        return self.world

    def _apply(self, effect: dict) -> None:
        kind = effect["effect"]
        if kind == "answer":
            self.faults.append("an answer to a line that asked nothing")
        if kind not in {"offer", "withdraw", "requeue", "propose"}:
            return  # drivers ignore effects they do not know
        contact = self.world.contacts.get(effect["contact"])
        if contact is None:
            self.faults.append(f"{kind} of {effect['contact']!r}, who never came")
        elif kind == "offer":
            self._offer(contact, effect)
        elif kind == "withdraw":
            self._withdraw(contact, effect)
        elif contact.state != "waiting" or (kind == "requeue" and contact.name not in self._fell):
            self.faults.append(f"{kind} of {contact.name!r}, which is {contact.state}")
        else:
            self._fell.discard(contact.name) if kind == "requeue" else None

    def _offer(self, contact: Contact, effect: dict) -> None:
        name, agent = effect["offer"], self.world.agents.get(effect["agent"])
        if name in self.world.offers:
            self.faults.append(f"offer id {name!r} came back")
        if micros(effect["expires_at"]) != self.now + EXPIRY:
            self.faults.append(f"offer {name!r} expires at {effect['expires_at']}")
        if contact.state != "waiting" or agent is None:
            self.faults.append(f"law 1: offer of {contact.name!r}, {contact.state}, to {effect['agent']!r}")
            return
        self.faults += offer_faults(self.world, contact, agent, self.now, settled=not self._timers)
        self.world.offers[name] = Offer(name, contact.name, agent.name, micros(effect["expires_at"]))
        contact.state, contact.offer, contact.agent = "offered", name, agent.name
        agent.hand[contact.name] = contact.channel
        self._fell.discard(contact.name)

    def _withdraw(self, contact: Contact, effect: dict) -> None:
        offer, because = self.world.offers.get(effect["offer"]), effect["because"]
        if offer is None or not offer.open:
            self.faults.append(f"withdraw of {effect['offer']!r}, which is not open")
            return
        if (offer.contact, offer.agent) != (effect["contact"], effect["agent"]):
            self.faults.append(f"withdraw of {offer.name!r} names another contact or agent")
            return
        expired = offer.expires <= self.now
        reason = "expired" if expired else self._withdrawn.pop(offer.name, None)
        # An offer that its agent no longer fits may be withdrawn or left; the protocol does not say.
        if because != reason and not (reason is None and because == "preempted" and self._misfit(contact)):
            self.faults.append(f"offer {offer.name!r} withdrawn because {because}; true is: {reason}")
        offer.open = False
        if expired:
            if offer.expires < self._last_expiry:
                self.faults.append(f"offer {offer.name!r} expired out of order")
            self._last_expiry = offer.expires
            refuse(self.world, contact, offer.expires, self.now)
        elif contact.state == "gone":
            let_go(self.world, contact)
            self.world.live.discard(contact.name)
        else:
            let_go(self.world, contact)
            contact.state = "waiting"
        contact.offer = None
        if contact.state == "waiting":
            self._fell.add(contact.name)

    def _misfit(self, contact: Contact) -> bool:
        agent = self.world.agents[contact.agent or ""]
        return not agent.skilled(contact.needs_at(self.now)) or agent.capacity.get(contact.channel, 1) < 1
