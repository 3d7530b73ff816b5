"""What a run has met: a law checker that never sees a situation proves nothing about it.

It reads the `World` and the effects as the checker does; it never judges.
"""

from __future__ import annotations

import json
from collections import Counter

from tests.engine.checker import Checker
from tests.engine.expect import whole
from tests.engine.world import EXCLUSIVE, Contact, World, micros

SITUATIONS = (
    "offered again to a refuser, the pause over",
    "a refused contact passes to another agent",
    "a refused contact waits beside its free refuser",
    "a contact waits for one it prefers beside another who could",
    "a preferred agent gets it",
    "a preference runs out",
    "offered by relaxed needs",
    "offered on a transfer",
    "deferrable work held back beside a free agent",
    "deferrable work offered at its due time",
    "a chat beside a chat",
    "an exclusive contact waits for empty hands",
    "an offer expires",
    "an agent leaves an open offer",
    "a citizen leaves an open offer",
    "an agent leaves in a conversation",
    "a later arrival goes first by its credit",
    "a head that nobody can serve is passed",
    "several timers fire in one line",
    "several offers in one line",
    "forty wait",
)  # fmt: skip


class Meeting(Checker):
    """A checker that also counts what it met."""

    def __init__(self) -> None:
        super().__init__()
        self.met: Counter[str] = Counter()

    def line(self, sent: bytes, received: bytes) -> list[str]:
        was_offered = {name: self.world.contacts[name].offer for name in self.world.live}
        faults = super().line(sent, received)
        if not faults and b'"effects":' in received and b'"ignored"' not in received:
            said, line = json.loads(received), json.loads(sent, parse_int=whole)
            if line["event"] != "ask":
                for situation in _met(self.world, line, said["effects"], was_offered):
                    self.met[situation] += 1
        return faults


def _met(world: World, line: dict, effects: list[dict], was_offered: dict) -> list[str]:
    now = micros(line["at"])
    offers = [effect for effect in effects if effect["effect"] == "offer"]
    withdrawn = [effect["because"] for effect in effects if effect["effect"] == "withdraw"]
    found = [situation for offer in offers for situation in _of_offer(world, offer, line, now)]
    found += ["an offer expires"] * ("expired" in withdrawn)
    found += ["an agent leaves an open offer"] * ("agent_away" in withdrawn)
    found += ["a citizen leaves an open offer"] * ("gone" in withdrawn)
    found += ["several timers fire in one line"] * (withdrawn.count("expired") > 1)
    found += ["several offers in one line"] * (len(offers) > 1)
    if line["event"] == "agent" and line["state"] != "ready":
        hand = world.agents[line["agent"]].hand
        found += ["an agent leaves in a conversation"] * any(
            world.contacts[name].state == "connected" for name in hand
        )
    waiting = world.waiting()
    found += ["forty wait"] * (len(waiting) >= 40)
    for contact in waiting[:: 1 + len(waiting) // 4]:
        found += _of_waiting(world, contact, now)
    return found


def _of_offer(world: World, effect: dict, line: dict, now: int) -> list[str]:
    contact = world.contacts[effect["contact"]]
    agent = effect["agent"]
    found = []
    if agent in contact.refused:
        found.append("offered again to a refuser, the pause over")
    elif contact.refused:
        found.append("a refused contact passes to another agent")
    if contact.prefers:
        held = now < contact.prefers_until
        found += ["a preferred agent gets it"] * (agent in contact.prefers)
        found += ["a preference runs out"] * (not held and agent not in contact.prefers)
    if contact.needs_at(now) != contact.needs:
        found.append("offered by relaxed needs")
    if line["event"] == "again" and line["contact"] == contact.name:
        found.append("offered on a transfer")
    if contact.due is not None and contact.due <= now:
        found.append("deferrable work offered at its due time")
    others = [name for name in world.agents[agent].hand if name != contact.name]
    found += ["a chat beside a chat"] * bool(others)
    for other in world.waiting():
        if (other.channel, other.targets) != (
            contact.channel,
            contact.targets,
        ) or other.arrived > contact.arrived:
            continue
        if other.needs_at(now) == contact.needs_at(now) and other.base < contact.base:
            found += ["a later arrival goes first by its credit"] * (not other.refused and not other.prefers)
        elif not world.agents[agent].skilled(other.needs_at(now)):
            found.append("a head that nobody can serve is passed")
    return found


def _of_waiting(world: World, contact: Contact, now: int) -> list[str]:
    found = []
    for agent in world.agents.values():
        if agent.state != "ready" or not agent.skilled(contact.needs_at(now)):
            continue
        if not agent.free(contact.channel):
            found += ["an exclusive contact waits for empty hands"] * (
                contact.channel in EXCLUSIVE
                and bool(agent.hand)
                and EXCLUSIVE.isdisjoint(agent.hand.values())
            )
        elif agent.name in contact.refused:
            found.append("a refused contact waits beside its free refuser")
        elif now < contact.prefers_until and agent.name not in contact.prefers:
            found.append("a contact waits for one it prefers beside another who could")
        elif contact.due is not None and now < contact.due:
            found.append("deferrable work held back beside a free agent")
    return found
