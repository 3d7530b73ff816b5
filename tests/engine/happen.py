"""What an event of the input does to the `World`, before any effect answers it.

It must only be given events that the protocol allows in that state; `expect` says which.
"""

from __future__ import annotations

from tests.engine.world import (
    CREDIT_CAP,
    SECOND,
    Agent,
    Contact,
    World,
    canonical,
    default_target,
    micros,
)


def happen(world: World, line: dict, now: int) -> dict[str, str]:
    """Applies the event; the offers that must now be withdrawn, each with its reason."""
    event = line["event"]
    if event == "tick":
        return {}
    if event == "agent":
        return _agent(world, line)
    if event == "contact":
        contact = world.contacts[line["contact"]] = _arrival(line, now)
        world.live.add(contact.name)
        return {}
    contact = world.contacts[line["contact"]]
    if event == "answer":
        _answer(world, contact, line, now)
    elif event == "gone":
        contact.state = "gone"
        if contact.offer is not None:
            return {contact.offer: "gone"}
        world.live.discard(contact.name)
    elif event == "ended":
        contact.state = "wrap_up"
    elif event == "done":
        let_go(world, contact)
        contact.state = "ended"
        world.live.discard(contact.name)
    elif event == "again":
        _again(world, contact, line, now)
    return {}


def let_go(world: World, contact: Contact) -> None:
    """Frees the agent's capacity that this contact holds."""
    if contact.agent is not None:
        del world.agents[contact.agent].hand[contact.name]
    contact.agent = None


def refuse(world: World, contact: Contact, earliest: int, latest: int) -> None:
    """Back in line, refused by its agent somewhere between two instants."""
    assert contact.agent is not None
    contact.refused[contact.agent] = (earliest, latest)
    let_go(world, contact)
    contact.state, contact.offer = "waiting", None


def _agent(world: World, line: dict) -> dict[str, str]:
    agent = world.agents.setdefault(line["agent"], Agent(line["agent"]))
    agent.state = line["state"]
    if line.get("skills") is not None:
        agent.skills, agent.known = dict(line["skills"]), {}
    if line.get("capacity") is not None:
        agent.capacity = dict(line["capacity"])  # unnamed channels are at their default again
    if agent.state == "ready":
        return {}
    offers = (world.contacts[name].offer for name in agent.hand)
    return {offer: "agent_away" for offer in offers if offer is not None}


def _arrival(line: dict, now: int) -> Contact:
    def seconds(name: str, default: float) -> int:
        return micros(default if line.get(name) is None else line[name])

    channel = line["channel"]
    waited = seconds("waited_s", 0)
    steps = sorted(line.get("relax") or [], key=lambda step: micros(step["after_s"]))
    # Credit has its causes: verified vulnerability, or a history that only a known citizen can have.
    credited = line.get("vulnerable") or line.get("citizen") is not None
    prefers = frozenset(line.get("prefers") or [])
    return Contact(
        name=line["contact"],
        channel=channel,
        needs=canonical(line["needs"]),
        targets=frozenset({seconds("target_s", default_target(channel) / SECOND)}),
        arrived=now,
        waited=waited,
        credit=CREDIT_CAP if credited else 0,
        due=None if line.get("due_s") is None else now + micros(line["due_s"]),
        prefers=prefers,
        prefers_until=now + seconds("prefers_for_s", 30) if prefers else 0,
        relax=tuple((now - waited + micros(step["after_s"]), canonical(step["needs"])) for step in steps),
    )


def _answer(world: World, contact: Contact, line: dict, now: int) -> None:
    world.offers[line["offer"]].open = False
    if line["answer"] == "accepted":
        contact.state, contact.offer = "connected", None
    else:
        refuse(world, contact, now, now)


def _again(world: World, contact: Contact, line: dict, now: int) -> None:
    contact.refused.clear()
    refuse(world, contact, now, now)
    contact.needs, contact.relax = canonical(line["needs"]), ()
    targets = set(contact.targets)
    channel = line.get("channel") or contact.channel
    if line.get("target_s") is not None:
        targets = {micros(line["target_s"])}
    elif channel != contact.channel:
        # Whether the target follows the channel is not said.
        targets.add(default_target(channel))
    contact.channel, contact.targets = channel, frozenset(targets)
