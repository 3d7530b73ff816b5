"""Where each node of a drawing stands: layers from the start down, few crossings. Pure geometry, no ink."""

from __future__ import annotations

from itertools import pairwise

from msgspec import Struct

from ivr_flows.model import Flow, ways

SWEEPS = 8

Bend = tuple[str, str, int]  # a point on a long edge: from, to, layer


class Arrow(Struct, frozen=True):
    """A way, with the ports that take it."""

    start: str
    to: str
    ports: tuple[str, ...]


class Layout(Struct, frozen=True):
    """Layers of nodes and bends, from left to right, and the arrows between."""

    layers: list[list[str | Bend]]
    arrows: list[Arrow]


def layout(flow: Flow) -> Layout:
    """A place for every node; those that nothing leads to come last."""
    arrows = _arrows(flow)
    depth = _depths(flow, arrows)
    layers: list[list[str | Bend]] = [[] for _ in range(max(depth.values(), default=0) + 1)]
    for name in flow.nodes:
        layers[depth[name]].append(name)
    links: dict[str | Bend, list[str | Bend]] = {}
    for arrow in arrows:
        first, last = sorted((arrow.start, arrow.to), key=lambda name: depth[name])
        before: str | Bend = first
        for layer in range(depth[first] + 1, depth[last]):
            bend = (arrow.start, arrow.to, layer)
            layers[layer].append(bend)
            links.setdefault(before, []).append(bend)
            links.setdefault(bend, []).append(before)
            before = bend
        if before != last:
            links.setdefault(before, []).append(last)
            links.setdefault(last, []).append(before)
    for sweep in range(SWEEPS):
        _sweep(layers if sweep % 2 == 0 else layers[::-1], links)
    return Layout(layers, arrows)


def _arrows(flow: Flow) -> list[Arrow]:
    ports: dict[tuple[str, str], list[str]] = {}
    for name, node in flow.nodes.items():
        for way in ways(node):
            if way.to in flow.nodes:
                ports.setdefault((name, way.to), []).append(way.port)
    return [Arrow(start, to, tuple(names)) for (start, to), names in ports.items()]


def _depths(flow: Flow, arrows: list[Arrow]) -> dict[str, int]:
    """The longest way from the start that goes back nowhere."""
    leads: dict[str, list[str]] = {name: [] for name in flow.nodes}
    for arrow in arrows:
        leads[arrow.start].append(arrow.to)
    order: list[str] = []
    back: set[tuple[str, str]] = set()
    state: dict[str, int] = {}
    for root in [flow.head.start, *flow.nodes]:
        if root not in leads or root in state:
            continue
        state[root] = 1
        stack = [(root, iter(leads[root]))]
        while stack:
            name, rest = stack[-1]
            for to in rest:
                if state.get(to) == 1:
                    back.add((name, to))
                elif to not in state:
                    state[to] = 1
                    stack.append((to, iter(leads[to])))
                    break
            else:
                state[name] = 2
                order.append(name)
                stack.pop()
    depth = dict.fromkeys(flow.nodes, 0)
    for name in reversed(order):
        for to in leads[name]:
            if (name, to) not in back:
                depth[to] = max(depth[to], depth[name] + 1)
    return depth


def _sweep(layers: list[list[str | Bend]], links: dict[str | Bend, list[str | Bend]]) -> None:
    """Each layer in the order of the middles of what it is joined with before."""
    for before, layer in pairwise(layers):
        place = {item: index / max(1, len(before) - 1) for index, item in enumerate(before)}
        own = {item: index / max(1, len(layer) - 1) for index, item in enumerate(layer)}
        keyed: list[tuple[float, int, str | Bend]] = []
        for index, item in enumerate(layer):
            near = [place[other] for other in links.get(item, []) if other in place]
            keyed.append((sum(near) / len(near) if near else own[item], index, item))
        layer[:] = [item for _, _, item in sorted(keyed, key=lambda each: each[:2])]
