"""Whether the gateways can steer what they brought, and what they see of the agents' own phones.

A contact whose gateway is down stands in no line: nobody is rung for it in vain, and its rank stays. Only a
gateway that has said so once can be down: those that never say it are trusted to be there.
"""

from __future__ import annotations

from router.core.events import Device, Gateway
from router.core.serving import relax_due
from router.core.turn import Turn


def gateway(turn: Turn, event: Gateway) -> None:
    if event.state == "down":
        down(turn, event.gateway)
    else:
        up(turn, event.gateway)


def down(turn: Turn, name: str) -> None:
    """Its contacts leave the lines; what became of their open offers is unknown, and so are the phones."""
    state = turn.state
    for contact in state.contacts.values():
        if contact.via != name:
            continue
        if state.in_line(contact):
            turn.leave_line(contact)
        elif contact.offer is not None:
            state.offers[contact.offer].unknown = True
            state.marks.offers.add(contact.offer)
    state.gateways[name] = "down"
    for agent in state.agents.values():
        if agent.devices.pop(name, "") != "":
            turn.touch(agent)
            turn.look_again(agent)


def up(turn: Turn, name: str) -> None:
    """Its contacts are back in line at their old rank."""
    state = turn.state
    was, state.gateways[name] = state.gateways.get(name), "up"
    if was != "down":
        return
    for contact in state.contacts.values():
        if contact.via == name and state.in_line(contact):
            relax_due(turn, contact)
            turn.touch(contact)
            turn.join_line(contact)


def device(turn: Turn, event: Device) -> None:
    """What stands in the way of ringing an agent, per gateway. `free` is nothing."""
    agent = turn.state.agents[event.agent]
    agent.devices.pop(event.gateway, None)
    if event.state != "free":
        agent.devices[event.gateway] = event.state
    turn.touch(agent)
    turn.look_again(agent)
