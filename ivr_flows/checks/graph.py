"""Every way between the nodes of one flow, those that the file does not name too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ivr_flows.model import Flow, Node, ways
from ivr_flows.questions import Collect, Confirm, Language, Menu, Offer, Survey, Wait
from ivr_flows.services import Appointment, Callback, Identify, Lookup, Route, Transfer

QUESTIONS = (Menu, Collect, Confirm, Language, Offer, Survey, Appointment)
PERSONS = (Route, Wait, Callback, Transfer, Appointment)  # where somebody is had, or promised


class Edge(NamedTuple):
    """A way; `silent` if it is gone without a good answer. `named`: the file says so."""

    to: str
    port: str
    silent: bool
    named: bool


def edges(flow: Flow, node: Node) -> list[Edge]:
    """Every way out of a node, with the ways to the flow's person that it has by default."""
    found = [Edge(way.to, way.port, _silent(node, way.port), True) for way in ways(node)]
    person = flow.head.person
    if person is None:
        return found
    ports = {edge.port for edge in found}
    found += [Edge(person, port, True, False) for port in defaults(node) if port not in ports]
    if isinstance(node, Menu) and "0" not in node.menu:
        found.append(Edge(person, "0", False, False))
    return found


def defaults(node: Node) -> tuple[str, ...]:
    """Ports that lead to the flow's person where the file leaves them out."""
    match node:
        case Menu() | Collect() | Confirm():
            return ("otherwise",)
        case Lookup():
            return ("missing", "unavailable")
        case Identify():
            return ("unknown", "unavailable")
        case Appointment():
            return ("refused", "unavailable")
        case Callback() | Transfer() | Wait():
            return ("unavailable",)
    return ()


def _silent(node: Node, port: str) -> bool:
    """Whether silence alone gets there: anything is, but a citizen's own good answer."""
    match node:
        case Menu() | Collect() | Confirm():
            return port == "otherwise"
        case Offer() | Survey() | Language():
            return port in ("next", "otherwise")
        case Appointment():
            return port in ("refused", "unavailable")
    return True


def reached(start: Iterable[str], ways: Mapping[str, Iterable[str]]) -> set[str]:
    """Every node that can be reached from these, themselves too."""
    seen: set[str] = set()
    todo = [node for node in start if node in ways]
    while todo:
        node = todo.pop()
        if node not in seen:
            seen.add(node)
            todo += [to for to in ways[node] if to in ways]
    return seen


def circles(ways: Mapping[str, list[str]]) -> list[set[str]]:
    """Sets of nodes that lead round and round (Tarjan, without recursion)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on: set[str] = set()
    found: list[set[str]] = []
    for root in ways:
        if root in index:
            continue
        work = [(root, iter(ways[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on.add(root)
        while work:
            node, rest = work[-1]
            for to in rest:
                if to not in ways:
                    continue
                if to not in index:
                    index[to] = low[to] = len(index)
                    stack.append(to)
                    on.add(to)
                    work.append((to, iter(ways[to])))
                    break
                if to in on:
                    low[node] = min(low[node], index[to])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    part: set[str] = set()
                    while node not in part:
                        part.add(last := stack.pop())
                        on.discard(last)
                    if len(part) > 1 or node in ways[node]:
                        found.append(part)
    return found
