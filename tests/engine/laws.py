"""Laws 2 to 5 of `engine-protocol.md` as predicates over a `World`, and when each begins to bind.

Where the protocol leaves freedom, the predicate is the tolerant one and says so.
"""

from __future__ import annotations

from tests.engine.world import PAUSE, Agent, Contact, Needs, World

WAITS = frozenset({"waiting", "offered"})


def others_could(world: World, contact: Contact, now: int) -> bool:
    """Law 3: another eligible agent who has not refused it is ready with free capacity."""
    needs = contact.needs_at(now)
    return any(
        agent.name not in contact.refused
        and agent.state == "ready"
        and agent.free(contact.channel)
        and agent.skilled(needs)
        for agent in world.agents.values()
    )


def demanded(world: World, contact: Contact, agent: Agent, now: int) -> bool:
    """Law 4: this waiting contact may not stay unoffered beside this agent at `now`."""
    return agent.state == "ready" and agent.free(contact.channel) and _owed(world, contact, agent, now)


def _owed(world: World, contact: Contact, agent: Agent, now: int) -> bool:
    """The same of an agent who is known to be ready and to have room."""
    if contact.due is not None and now < contact.due:
        return False  # may be held back; for whom and how long is the engine's choice
    return _may(world, contact, agent, now)


def _may(world: World, contact: Contact, agent: Agent, now: int) -> bool:
    """Whether the contact's own story lets this agent, ready and with room, have it."""
    if now < contact.prefers_until and agent.name not in contact.prefers:
        return False
    if not agent.skilled(contact.needs_at(now)):
        return False
    refusal = contact.refused.get(agent.name)
    return refusal is None or (now >= refusal[1] + PAUSE and not others_could(world, contact, now))


def idle_work(world: World, now: int) -> list[str]:
    """Law 4, broken: each waiting contact beside an agent who should have been offered it."""
    waiting = world.waiting()
    able = _able(world, waiting)
    return [
        f"law 4: {contact.name!r} waits although {agent.name!r} is ready, able and free"
        for contact in waiting
        for agent in able[contact.channel]
        if _owed(world, contact, agent, now)
    ]


def _able(world: World, waiting: list[Contact]) -> dict[str, list[Agent]]:
    """For each channel somebody waits on, the ready agents with room for it."""
    ready = [agent for agent in world.agents.values() if agent.state == "ready"]
    channels = {contact.channel for contact in waiting}
    return {channel: [agent for agent in ready if agent.free(channel)] for channel in channels}


def offer_faults(world: World, contact: Contact, agent: Agent, now: int, settled: bool) -> list[str]:
    """Laws 2, 3 and 5 for an offer about to be made. `settled`: no timer is still to fire in this line."""
    faults = []
    told = f"{contact.name!r} offered to {agent.name!r}"
    if agent.state != "ready":
        faults.append(f"law 2: {told} who is {agent.state}")
    if not agent.free(contact.channel):
        faults.append(f"law 2: {told} who has no room for {contact.channel}: {agent.hand}")
    if not any(agent.skilled(needs) for needs in _needs_possible(world, contact, now, settled)):
        faults.append(f"law 2: {told} who lacks the skills {contact.needs_at(now)}")
    refusal = contact.refused.get(agent.name)
    if refusal is not None:
        # An expiry found late refused when it fell due or when it was found: the earlier one is allowed.
        if now < refusal[0] + PAUSE:
            faults.append(f"law 3: {told} again within the pause")
        if settled and others_could(world, contact, now):
            faults.append(f"law 3: {told} again while another agent who has not refused it is free")
    if settled and not faults:
        faults += [
            f"law 5: {told} before {other.name!r}, equal and of lower rank"
            for other in world.waiting()
            if _overtaken(other, contact, now) and _may(world, other, agent, now)
        ]
    return faults


def _overtaken(other: Contact, contact: Contact, now: int) -> bool:
    """Equal channel, needs and target, and a lower rank whatever credit either of them has.

    Also where the other may be held back: holding back is an exception to law 4 and none to law 5, so of
    equal mails the first goes first, though a later one falls due before it.
    """
    return (
        other.base < contact.base - contact.credit
        and other.channel == contact.channel
        and len(other.targets) == 1
        and other.targets == contact.targets
        and other.needs_at(now) == contact.needs_at(now)
    )


def _needs_possible(world: World, contact: Contact, now: int, settled: bool) -> list[Needs]:
    """The needs that may rule: all that did since the last line while timers are still firing."""
    possible = [contact.needs_at(now)]
    if not settled and world.now is not None:
        possible.append(contact.needs_at(world.now))
        possible += [needs for instant, needs in contact.relax if world.now < instant <= now]
    return possible


def instants(contact: Contact) -> set[int]:
    """When a timer of this contact may be due.

    Open in the protocol: whether `prefers_for_s` runs from the arrival or includes `waited_s`, and whether a
    refusal by expiry counts from the expiry or from the line that found it. Each is allowed here.
    """
    found = {instant for instant, _ in contact.relax}
    for earliest, latest in contact.refused.values():
        found |= {earliest + PAUSE, latest + PAUSE}
    if contact.prefers:
        found |= {contact.prefers_until, contact.prefers_until - contact.waited}
    if contact.due is not None:
        found.add(contact.due)
    return found


def wake_faults(world: World, wake: int | None, now: int) -> list[str]:
    """`wake` is the next instant a timer is due, or null; after a line at T, it is later than T."""
    if wake is not None and wake <= now:
        return [f"wake {wake} is not after {now}"]
    latest = [offer.expires for offer in world.open_offers()]
    waiting = world.waiting()
    able = _able(world, waiting)
    for contact in waiting:
        free = able[contact.channel]
        coming = sorted(instant for instant in instants(contact) if instant > now) if free else []
        latest += [t for t in coming if any(_owed(world, contact, agent, t) for agent in free)][:1]
    if latest and (wake is None or wake > min(latest)):
        return [f"wake is {wake} although a timer is due at {min(latest)}"]
    if wake is None or any(contact.due is not None and now < contact.due for contact in waiting):
        return []  # work held back may be looked at again whenever the engine likes
    known = {offer.expires for offer in world.open_offers()}
    known.update(*(instants(world.contacts[n]) for n in world.live if world.contacts[n].state in WAITS))
    return [] if wake in known else [f"wake {wake}: nothing is due then"]
