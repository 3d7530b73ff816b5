"""Expressions that cannot be read, that name what is not there, or that can never hold."""

from __future__ import annotations

from config.fault import nearest
from ivr_flows.checks.variables import filled, kinds, used
from ivr_flows.expression import parse
from ivr_flows.formats import FORMATS
from ivr_flows.inner import Run
from ivr_flows.lexer import ExpressionFault
from ivr_flows.loader import Draft
from ivr_flows.model import Flow
from ivr_flows.questions import Collect
from ivr_flows.turn import BUILT_IN
from ivr_flows.typing_of import kind_of

_WORDS = {"bool": "true or false", "text": "a text", "number": "a number", "date": "a date"}


def expressions(made: Draft, flow: Flow) -> None:
    """Each expression, each variable, each format."""
    known = kinds(flow, made.flows)
    if made.broken.get(flow.name):  # variables of broken nodes are not known
        known = _Lenient(known)
    for each in used(flow):
        try:
            kind = kind_of(parse(each.expression), known)
        except ExpressionFault as fault:
            made.fault(flow.name, each.path, str(fault), at=fault.at)
            continue
        if each.wanted not in ("any", kind) and kind != "any" and (each.wanted, kind) != ("text", "date"):
            message = (
                f"this is {_WORDS[kind]}, and {_WORDS[each.wanted]} is wanted: compare it, or name another"
            )
            made.fault(flow.name, each.path, message)
    _filled(made, flow, known)
    for name, node in flow.nodes.items():
        if isinstance(node, Collect) and node.collect not in FORMATS:
            message = f"no format `{node.collect}`: {nearest(node.collect, FORMATS)}"
            made.fault(flow.name, ("nodes", name, "collect"), message)
        if isinstance(node, Run):
            _run(made, flow, name, node, known)


def _filled(made: Draft, flow: Flow, known: dict[str, str]) -> None:
    for each in filled(flow, made.flows):
        if each.name in BUILT_IN:
            message = f"`{each.name}` is built in and cannot be set: use another name"
            made.fault(flow.name, each.path, message)
            continue
        kind = each.kind
        if kind is None and each.expression is not None:
            try:
                kind = kind_of(parse(each.expression), known)
            except ExpressionFault:
                continue  # told already
        first = known.get(each.name, "any")
        if kind is not None and "any" not in (kind, first) and kind != first:
            message = f"`{each.name}` is {_WORDS[first]} elsewhere, {_WORDS[kind]} here: use two names"
            made.fault(flow.name, each.path, message)


def _run(made: Draft, flow: Flow, name: str, node: Run, known: dict[str, str]) -> None:
    inner = made.flows.flows.get(node.run)
    if inner is None:
        return
    for given, value in node.give.items():
        path = ("nodes", name, "give", given)
        if given not in inner.head.takes:
            message = f"`{node.run}` does not take `{given}`: {nearest(given, inner.head.takes)}"
            made.fault(flow.name, path, message, on_key=True)
            continue
        try:
            kind, wanted = kind_of(parse(value), known), inner.head.takes[given]
        except ExpressionFault:
            continue
        if kind not in ("any", wanted) and not (wanted == "text" and kind == "date"):
            message = f"`{node.run}` takes {_WORDS[wanted]} for `{given}`, not {_WORDS[kind]}"
            made.fault(flow.name, path, message)
    theirs = kinds(inner, made.flows)
    for ours, theirs_name in node.take.items():
        if theirs_name not in theirs and not made.broken.get(node.run):
            message = f"`{node.run}` has no variable `{theirs_name}`: {nearest(theirs_name, theirs)}"
            made.fault(flow.name, ("nodes", name, "take", ours), message)


class _Lenient(dict[str, str]):
    """Every name is known, of any kind."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        return "any"
