"""A flow against the configuration it is to run under: who would serve it, which services are there."""

from __future__ import annotations

from config.fault import Path, nearest
from config.tree import Tree
from ivr_flows.loader import Draft
from ivr_flows.model import Flow
from ivr_flows.questions import Offer
from ivr_flows.services import Appointment, Callback, Hours, Identify, Lookup, Notify, Route


def site(made: Draft, flow: Flow, tree: Tree) -> None:
    """Topics and calendars must be there; services may come later, and say so until then."""
    best: dict[str, int] = {}
    for agent in tree.agents.values():
        for skill, level in agent.skills.items():
            best[skill] = max(level, best.get(skill, 0))
    for name, node in flow.nodes.items():
        at = ("nodes", name)
        match node:
            case Route(route=topic, needs=needs):
                _topic(made, flow, (*at, "route"), topic, tree)
                wanted = dict(tree.topics[topic].needs) if topic in tree.topics else {}
                for skill, least in (wanted | dict(needs)).items():
                    if tree.agents and best.get(skill, 0) < least:
                        path = (*at, "needs", skill) if skill in needs else (*at, "route")
                        has = (
                            f"the best has {best[skill]}"
                            if skill in best
                            else f"none has it: {nearest(skill, best)}"
                        )
                        message = f"needs `{skill}` {least} of an agent, and {has}"
                        made.fault(flow.name, path, message)
            case Callback(topic=topic) | Offer(topic=topic) | Appointment(topic=topic):
                _topic(made, flow, (*at, "topic"), topic, tree)
            case Hours(hours=calendar):
                known = {"main", *tree.flows.calendars}
                if calendar not in known:
                    message = f"no calendar `{calendar}`: {nearest(calendar, known)}"
                    made.fault(flow.name, (*at, "hours"), message)
            case Lookup(lookup=service) if service not in tree.flows.services:
                message = (
                    f"no service `{service}` is installed, so this answers `unavailable`: "
                    "name it in the configuration, under flows.services"
                )
                made.fault(flow.name, (*at, "lookup"), message, warning=True)
            case _:
                pass
        if isinstance(node, Notify) and node.notify not in installed(tree):
            message = f"`{node.notify}` is not installed, so this answers `unavailable`: see `notify`"
            made.fault(flow.name, (*at, "notify"), message, warning=True)
        if isinstance(node, Identify) and "identity" not in installed(tree):
            message = (
                "nobody can be identified, so this answers `unavailable`: name a service in flows.identity"
            )
            made.fault(flow.name, (*at, "identify"), message, warning=True)
        if isinstance(node, Appointment):
            message = "no diary is installed, so this answers `unavailable`: name it in flows.diary"
            if "slots" not in installed(tree):
                made.fault(flow.name, (*at, "appointment"), message, warning=True)
    for tongue in flow.head.languages:
        if tree.languages and tongue.removesuffix("-plain") not in tree.languages:
            message = f"no agent is said to speak `{tongue}`: {nearest(tongue, tree.languages)}"
            made.fault(flow.name, ("languages",), message, warning=True)


def installed(tree: Tree) -> set[str]:
    """Services that this configuration has."""
    there = {
        "sms": tree.notify.sms,
        "email": tree.notify.smtp and tree.notify.sender,
        "slots": tree.flows.diary,
        "identity": tree.flows.identity,
    }
    return {name for name, keys in there.items() if keys is not None}


def _topic(made: Draft, flow: Flow, path: Path, topic: str | None, tree: Tree) -> None:
    if topic is not None and topic not in tree.topics:
        made.fault(flow.name, path, f"no topic `{topic}`: {nearest(topic, tree.topics)}")
