"""Nodes that nobody reaches, ways that lead nowhere, circles without a word from the citizen."""

from __future__ import annotations

from config.fault import nearest
from ivr_flows.checks.graph import QUESTIONS, circles, edges, reached
from ivr_flows.inner import End, Run
from ivr_flows.loader import Draft
from ivr_flows.model import Flow, Node, ways
from ivr_flows.questions import Wait
from ivr_flows.services import Transfer


def ways_out(made: Draft, flow: Flow) -> None:
    """Dangling, unreachable, no way out, loops."""
    broken = made.broken.get(flow.name, set())
    there = {*flow.nodes, *broken}
    if not there:
        return  # told already
    lost = False
    for key in ("start", "person"):
        name = getattr(flow.head, key)
        if name is not None and name not in there:
            lost = True
            made.fault(flow.name, (key,), f"no node `{name}`: {nearest(name, there)}")
    for name, node in flow.nodes.items():
        for way in ways(node):
            if way.to not in there:
                lost = True
                path = ("nodes", name, *way.path)
                made.fault(flow.name, path, f"no node `{way.to}`: {nearest(way.to, there)}")
        if isinstance(node, Run):
            _run(made, flow, name, node)
    leads = {name: [edge.to for edge in edges(flow, node)] for name, node in flow.nodes.items()}
    round_ = _circles(made, flow)
    if not broken and not lost:  # what a broken node or a wrong name leads to is not known
        _unreached(made, flow, leads)
        _no_end(made, flow, leads, round_)


def _unreached(made: Draft, flow: Flow, leads: dict[str, list[str]]) -> None:
    if flow.head.start not in flow.nodes:
        return
    seen = reached([flow.head.start, *([flow.head.person] if flow.head.person else [])], leads)
    for name in flow.nodes:
        if name not in seen:
            mend = "lead to it from somewhere, or take it out"
            made.fault(flow.name, ("nodes", name), f"`{name}` is never reached: {mend}", on_key=True)


def _no_end(made: Draft, flow: Flow, leads: dict[str, list[str]], known: set[str]) -> None:
    last = [name for name, node in flow.nodes.items() if _is_last(node)]
    back: dict[str, list[str]] = {name: [] for name in flow.nodes}
    for name, tos in leads.items():
        for to in tos:
            if to in back:
                back[to].append(name)
    ends = reached(last, back)
    for name in flow.nodes:
        if name not in ends and name not in known and all(to in flow.nodes for to in leads[name]):
            message = f"`{name}` has no way out: from it no `end`, no `wait` is ever reached"
            made.fault(flow.name, ("nodes", name), message, on_key=True)


def _is_last(node: Node) -> bool:
    return isinstance(node, End) or (isinstance(node, Wait | Transfer) and node.next is None)


def _circles(made: Draft, flow: Flow) -> set[str]:
    """Round and round without the citizen, by what is named and by the ways that failures take."""
    found: set[str] = set()
    quiet = {
        name: [
            edge.to
            for edge in edges(flow, node)
            if not isinstance(flow.nodes.get(edge.to), (*QUESTIONS, Wait))
        ]
        for name, node in flow.nodes.items()
        if not isinstance(node, (*QUESTIONS, Wait))
    }
    for circle in circles(quiet):
        first = next(name for name in flow.nodes if name in circle)
        round_ = " → ".join(f"`{name}`" for name in flow.nodes if name in circle)
        message = f"{round_} go round without asking the citizen anything: put a question or an end between"
        made.fault(flow.name, ("nodes", first), message, on_key=True)
        found |= circle
    return found


def _run(made: Draft, flow: Flow, name: str, node: Run) -> None:
    inner = made.flows.flows.get(node.run)
    if inner is None:
        return
    ends = [each.end for each in inner.nodes.values() if isinstance(each, End)]
    for end in node.ends:
        if end not in ends and not made.broken.get(node.run):
            message = f"`{node.run}` has no `end: {end}`: {nearest(end, ends)}"
            made.fault(flow.name, ("nodes", name, "ends", end), message, on_key=True)
    runs = {
        each.name: [run.run for run in each.nodes.values() if isinstance(run, Run)]
        for each in made.flows.flows.values()
    }
    if flow.name in reached(runs.get(node.run, []), runs) or node.run == flow.name:
        message = (
            f"`{node.run}` runs `{flow.name}` again: a flow cannot run itself; lead back to a node instead"
        )
        made.fault(flow.name, ("nodes", name, "run"), message)
