"""The answers to `ask`, compared with the `World`: counts, digest, a contact's state, an estimate."""

from __future__ import annotations

from tests.engine.shapes import effect_faults, wait_faults
from tests.engine.world import World, micros


class Digests:
    """The digest stays while nothing is taken, and differs where the counts do."""

    def __init__(self) -> None:
        self._since: str | None = None
        self._counts: dict[str, dict[str, int]] = {}

    def moved(self) -> None:
        self._since = None

    def faults(self, digest: object, counts: dict[str, int]) -> list[str]:
        if not isinstance(digest, str) or not digest:
            return ["digest is no string"]
        faults = []
        if self._since not in (None, digest):
            faults.append("the digest changed although nothing was taken in between")
        if self._counts.setdefault(digest, counts) != counts:
            faults.append("two different states have one digest")
        self._since = digest
        return faults


def ask_faults(world: World, digests: Digests, line: dict, effects: list[dict]) -> list[str]:
    if len(effects) != 1 or effects[0]["effect"] != "answer":
        return [f"an ask is answered by one answer, not {[effect['effect'] for effect in effects]}"]
    reply, about = effects[0], line["about"]
    faults = effect_faults(reply)
    if reply.get("about") != about:
        faults.append(f"asked about {about}, answered about {reply.get('about')!r}")
    if about == "state":
        return faults + _state_faults(world, digests, reply)
    if about == "contact":
        return faults + _contact_faults(world, line["contact"], reply)
    return faults + wait_faults(reply)


def _state_faults(world: World, digests: Digests, reply: dict) -> list[str]:
    counts = world.counts()
    counts["arrived"] = sum(counts.values())
    ready = [agent for agent in world.agents.values() if agent.state == "ready"]
    counts["agents_ready"] = len(ready)
    faults = [f"{name} is {reply.get(name)!r}, not {n}" for name, n in counts.items() if reply.get(name) != n]
    # Open: whether an agent who is rung but has not answered is idle.
    busy = [sum(world.contacts[name].state != "offered" for name in agent.hand) for agent in ready]
    least, most = sum(not agent.hand for agent in ready), sum(not n for n in busy)
    idle = reply.get("agents_idle")
    if not isinstance(idle, int) or isinstance(idle, bool) or not least <= idle <= most:
        faults.append(f"agents_idle is {idle!r}, not between {least} and {most}")
    return faults + digests.faults(reply.get("digest"), counts)


def _contact_faults(world: World, name: str, reply: dict) -> list[str]:
    contact = world.contacts[name]
    faults = []
    if reply.get("state") != contact.state:
        faults.append(f"{name!r} is {contact.state}, not {reply.get('state')!r}")
    arrived = reply.get("arrived_at")
    if not isinstance(arrived, int | float) or micros(arrived) not in {contact.arrived, contact.base}:
        faults.append(f"{name!r} arrived at {contact.arrived}, not {arrived!r}")
    if reply.get("offer") != contact.offer and contact.state == "offered":
        faults.append(f"{name!r} has offer {contact.offer!r}, not {reply.get('offer')!r}")
    if contact.state == "waiting" and not isinstance(reply.get("position"), int):
        faults.append(f"{name!r} waits at position {reply.get('position')!r}")
    return faults + [f"{field} is missing" for field in ("position", "offer", "why") if field not in reply]
