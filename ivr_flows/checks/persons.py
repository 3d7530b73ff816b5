"""A person can always be had: silence, wrong keys, a no and a failing service all lead to one."""

from __future__ import annotations

from ivr_flows.checks.graph import PERSONS, QUESTIONS, defaults, edges, reached
from ivr_flows.inner import End
from ivr_flows.loader import Draft
from ivr_flows.model import Flow, ways
from ivr_flows.questions import Confirm, Language, Offer, Survey, Wait
from ivr_flows.services import Callback, Hours, Route

MEND = "add `person: NODE` at the top, a node that leads to a `route`"


def persons(made: Draft, flow: Flow) -> None:
    """Every rule of it."""
    if flow.head.person is None and flow.name == made.flows.main:
        _without(made, flow)
    if made.broken.get(flow.name):
        return
    _person(made, flow)
    forced: set[str] = set()
    for name, node in flow.nodes.items():
        if isinstance(node, Offer):
            forced |= {name} if _offer(made, flow, name, node) else set()
        if isinstance(node, Confirm) and node.yes == node.no:
            message = "yes and no lead to the same node: do not ask, or lead apart"
            made.fault(flow.name, ("nodes", name, "no"), message)
    if flow.name == made.flows.main:
        _silence(made, flow, forced)


def _without(made: Draft, flow: Flow) -> None:
    for name, node in flow.nodes.items():
        named = {way.port for way in ways(node)}
        missing = [port for port in defaults(node) if port not in named]
        if missing:
            what = "silence and wrong keys lead" if isinstance(node, QUESTIONS) else f"`{missing[0]}` leads"
            message = f"{what} nowhere from `{name}`: {MEND}, or give this node `{missing[0]}`"
            made.fault(flow.name, ("nodes", name), message, on_key=True)


def _person(made: Draft, flow: Flow) -> None:
    person = flow.head.person
    if person not in flow.nodes:
        return
    leads = {name: [edge.to for edge in edges(flow, node)] for name, node in flow.nodes.items()}
    if not any(isinstance(flow.nodes[name], Route | Callback) for name in reached([person], leads)):
        message = f"`{person}` leads to no `route` and no `callback`: nobody is there"
        made.fault(flow.name, ("person",), message)


def _silence(made: Draft, flow: Flow, told: set[str]) -> None:
    """Whoever stays silent from a question on meets a person, or is told that it is closed, before an end."""
    for name, node in flow.nodes.items():
        if not isinstance(node, QUESTIONS) or isinstance(node, Language | Survey) or name in told:
            continue
        end = _silent_end(flow, name)
        if end is not None:
            message = (
                f"silence at `{name}` ends the conversation at `{end}` though a person could be had: "
                "lead its `otherwise` to the flow's person, or to a `callback`"
            )
            made.fault(flow.name, ("nodes", name), message, on_key=True)


def _silent_end(flow: Flow, start: str) -> str | None:
    if _after_person(flow, start):
        return None
    seen: set[str] = set()
    todo = [start]
    while todo:
        name = todo.pop()
        node = flow.nodes.get(name)
        if node is None or name in seen:
            continue
        seen.add(name)
        if isinstance(node, End):
            return name
        if isinstance(node, PERSONS) and name != start:
            continue
        for edge in edges(flow, node):
            closed = isinstance(node, Hours) and edge.port in ("closed", "emergency")
            if edge.silent and not closed:
                todo.append(edge.to)
    return None


def _after_person(flow: Flow, start: str) -> bool:
    """Whether each way to it passes where somebody was had or promised, or where it is closed."""
    leads: dict[str, list[str]] = {}
    for name, node in flow.nodes.items():
        past = isinstance(node, (Wait, Callback, *PERSONS))
        leads[name] = [
            edge.to
            for edge in edges(flow, node)
            if not (past and edge.port in ("next", "callback"))
            and not (isinstance(node, Hours) and edge.port in ("closed", "emergency"))
            and not (past and edge.port == "unavailable" and edge.named)
        ]
    return start not in reached([flow.head.start], leads)


def _offer(made: Draft, flow: Flow, name: str, node: Offer) -> bool:
    """Whether it forces."""
    path = ("nodes", name, "next")
    if node.next in node.offer.values():
        message = f"no leads to `{node.next}`, as yes does: an offer must not force; let no lead on"
        made.fault(flow.name, path, message)
        return True
    leads = {each: [edge.to for edge in edges(flow, other)] for each, other in flow.nodes.items()}
    after_no = reached([node.next], leads)
    if after_no and not any(isinstance(flow.nodes[each], PERSONS) for each in after_no):
        message = (
            f"who says no to `{name}` never gets a person: an offer must not force; "
            "lead `next` on to the `wait` or a `route`"
        )
        made.fault(flow.name, path, message)
        return True
    return False
