"""From a flow's file, and those it runs, to typed flows. A draft holds every fault of their form.

A broken node takes nothing else with it, so that one run finds all that is wrong. A hostile file costs
little: its size, depth and values are bounded before anything is made of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path as FilePath
from typing import Any

import msgspec
from msgspec import Struct, field

from config.fault import Fault, Faults, Path, Place, nearest
from config.shape import misfits
from config.source import Source
from config.typed import place_of
from ivr_flows.inner import Run
from ivr_flows.kinds import MOST_NODES
from ivr_flows.model import KINDS, Flow, Flows, Head, Node

MOST_BYTES = 300_000  # of one file: some 600 nodes in three languages
MOST_FLOWS = 60  # that one flow may run, all in all

# Of what could not be read at all nothing more is said.
_FATAL = ("not YAML", "nested", "more than", "longer", "cannot be read", "byte")

Read = Callable[[str], Source]


class Draft(Struct):
    """A flow with those it runs, as far as they could be read, and what was wrong with their form."""

    flows: Flows
    sources: dict[str, Source] = field(default_factory=dict)
    broken: dict[str, set[str]] = field(default_factory=dict)  # nodes by flow that are there, but not right
    faults: list[Fault] = field(default_factory=list)

    def fault(
        self, flow: str, path: Path, message: str, *, at: int = 0, warning: bool = False, on_key: bool = False
    ) -> None:
        """Something wrong at a place; `at` characters further in a text of one line."""
        source = self.sources[flow]
        place = place_of(source, path, on_key=on_key)
        line = source.text.splitlines()[place.line - 1 : place.line]
        if at and line:
            quoted = line[0][place.column - 1 : place.column] in ("'", '"')
            place = place._replace(column=min(place.column + at + quoted, len(line[0]) + 1))
        if all(place.line != unread.place.line for unread in source.faults):  # it has its fault already
            self.faults.append(Fault(place, message, warning))


def draft(path: FilePath) -> Draft:
    """The flow of a file, with those it runs from the same folder."""
    folder = path.parent

    def from_folder(name: str) -> Source:
        file = path if name == path.stem else folder / f"{name}.yaml"
        return Source.of(file, str(file), MOST_BYTES)

    return _drafted(path.stem, from_folder)


def draft_of(main: str, texts: Mapping[str, str]) -> Draft:
    """The same from texts by name, as a published version holds them."""

    def from_texts(name: str) -> Source:
        if name in texts and len(texts[name]) <= MOST_BYTES:
            return Source(f"{name}.yaml", texts[name])
        source = Source(f"{name}.yaml", "")
        source.faults.append(Fault(Place(source.name), "cannot be read: it is not in this version"))
        return source

    return _drafted(main, from_texts)


def load(path: FilePath) -> Flows:
    """For who wants a flow that may be run, or none. Raises Faults with everything that is wrong."""
    from ivr_flows.check import check  # it needs the types of this module

    made = draft(path)
    wrong = [fault for fault in check(made) if not fault.warning]
    if wrong:
        raise Faults(wrong)
    return made.flows


def _drafted(main: str, read: Read) -> Draft:
    made = Draft(Flows(main, {}))
    wanted = [main]
    while wanted:
        name = wanted.pop()
        if name in made.sources:
            continue
        made.sources[name] = read(name)
        flow = _flow(made, name)
        if flow is None:
            continue
        made.flows.flows[name] = flow
        for node, run in flow.nodes.items():
            if isinstance(run, Run) and run.run not in made.sources:
                source = read(run.run)
                if not source.faults or not _absent(source):
                    wanted.append(run.run)
                else:
                    made.fault(name, ("nodes", node, "run"), f"no flow `{run.run}`: {_cannot(source)}")
        if len(made.sources) > MOST_FLOWS:
            made.fault(name, ("flow",), f"more than {MOST_FLOWS} flows are run: split the entry")
            break
    return made


@cache
def _shape(kind: type) -> msgspec.inspect.Type:
    """Asked once for each kind of node: it takes longer than the node's own check."""
    return msgspec.inspect.type_info(kind)


def _absent(source: Source) -> bool:
    return any("cannot be read" in fault.message for fault in source.faults)


def _cannot(source: Source) -> str:
    return f"{source.name} {source.faults[0].message}"


def _flow(made: Draft, name: str) -> Flow | None:
    source = made.sources[name]
    made.faults += source.faults
    value = source.value
    if any(fault.message.startswith(_FATAL) for fault in source.faults):
        return None
    if not isinstance(value, dict):
        if not source.faults:
            made.fault(name, (), "a flow is a map with the keys `flow`, `languages`, `start` and `nodes`")
        return None
    if not value:
        if not source.faults:
            made.fault(
                name, (), "the file is empty: a flow has the keys `flow`, `languages`, `start`, `nodes`"
            )
        return None
    given = dict(value)
    nodes = given.pop("nodes", None)
    wrong = list(misfits(given, _shape(Head)))
    for misfit in wrong:
        message = misfit.message
        if misfit.on_key and misfit.path[0] in KINDS:
            message = f"`{misfit.path[0]}` belongs in a node, under `nodes`"
        made.fault(name, misfit.path, message, on_key=misfit.on_key)
    if not isinstance(nodes, dict) or not nodes:
        made.fault(name, ("nodes",), "`nodes` is a map of nodes by name, with one at least")
        nodes = {}
    if len(nodes) > MOST_NODES:
        made.fault(name, ("nodes",), f"more than {MOST_NODES} nodes: move some into a flow of their own")
        nodes = dict(list(nodes.items())[:MOST_NODES])
    good = {
        node: typed for node, each in nodes.items() if (typed := _node(made, name, node, each)) is not None
    }
    if wrong:
        return None
    head = msgspec.convert(given, Head)
    if head.flow != name:
        made.fault(
            name, ("flow",), f"`{head.flow}` is the name, but the file is called {name}.yaml: rename one"
        )
    return Flow(name=name, head=head, nodes=good)


def _node(made: Draft, flow: str, node: str, value: Any) -> Node | None:  # noqa: ANN401 - plain YAML
    path = ("nodes", node)
    made.broken.setdefault(flow, set()).add(node)
    kind = None
    if not isinstance(value, dict):
        made.fault(flow, path, f"`{node}` is a map, such as {{say: {{fr: …}}, next: …}}")
    elif not _is_name(node):
        made.fault(flow, path, f"`{node[:40]}` cannot be a node's name: a-z, 0-9, _ and - only", on_key=True)
    else:
        kind = _kind(made, flow, node, value)
    if kind is None:
        return None
    wrong = list(misfits(value, _shape(KINDS[kind]), path))
    for misfit in wrong:
        made.fault(flow, misfit.path, misfit.message, on_key=misfit.on_key)
    if wrong:
        return None
    try:
        typed = msgspec.convert(value, KINDS[kind])
    except msgspec.ValidationError as error:  # what a type says and `misfits` does not know
        made.fault(flow, path, str(error))
        return None
    made.broken[flow].discard(node)
    return typed


def _is_name(node: str) -> bool:
    return (
        bool(node)
        and len(node) <= 40
        and node.replace("-", "_").replace("_", "a").isalnum()
        and node == (node.lower())
        and node.isascii()
        and node[0] not in "-_"
    )


def _kind(made: Draft, flow: str, node: str, value: dict[str, Any]) -> str | None:
    """The key that makes it what it is. A `wait` may have a `callback`, which alone is a node too."""
    there = [
        key for key in KINDS if key in value and key != "say" and not (key == "callback" and "wait" in value)
    ]
    if len(there) == 1:
        return there[0]
    if there:
        both = " and ".join(f"`{key}`" for key in there)
        made.fault(flow, ("nodes", node), f"`{node}` has {both}: a node is one thing, make two of it")
        return None
    if "say" in value:
        return "say"
    near = (nearest(key, KINDS) for key in value)
    mend = next((words for words in near if words.startswith("did")), "")
    mend = mend or "give it `say`, `menu`, `collect`, `branch`, `route`, `end`, …"
    made.fault(flow, ("nodes", node), f"`{node}` does not say what it is: {mend}")
    return None
