"""Which variables a flow has, and of which kind each is, from whatever fills it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from config.fault import Path
from ivr_flows.expression import parse
from ivr_flows.inner import Branch, Run, Set
from ivr_flows.kinds import Value
from ivr_flows.lexer import ExpressionFault
from ivr_flows.model import Flow, Flows
from ivr_flows.questions import Collect, Menu, Survey
from ivr_flows.services import Appointment, Callback, Identify, Lookup, Notify, Route
from ivr_flows.turn import BUILT_IN
from ivr_flows.typing_of import kind_of

PASSES = 8  # `set` from `set` from `set` …

_FORMATS = {"number": "number", "date": "date", "birth-date": "date"}


class Filled(NamedTuple):
    """A variable that is filled here, with a kind or by an expression."""

    name: str
    path: Path
    kind: str | None
    expression: Value = None


class Used(NamedTuple):
    """An expression, and what it must come to; `any` where anything will do."""

    expression: Value
    path: Path
    wanted: str = "any"


def filled(flow: Flow, flows: Flows) -> Iterator[Filled]:
    """Everything that fills a variable, in the order of the file."""
    for name, kind in flow.head.takes.items():
        yield Filled(name, ("takes", name), kind)
    for node, each in flow.nodes.items():
        at = ("nodes", node)
        match each:
            case Collect(into=into, collect=form):
                yield Filled(into, (*at, "into"), _FORMATS.get(form, "text"))
            case Lookup(gives=gives):
                for name, kind in gives.items():
                    yield Filled(name, (*at, "gives", name), kind)
            case Survey(survey=questions):
                for n, question in enumerate(questions):
                    yield Filled(question.into, (*at, "survey", n, "into"), "number")
            case Set(set=values):
                for name, expression in values.items():
                    yield Filled(name, (*at, "set", name), None, expression)
            case Menu(menu=menu):
                for key, choice in menu.items():
                    for name, expression in choice.set.items():
                        yield Filled(name, (*at, "menu", key, "set", name), None, expression)
            case Run(run=run, take=take):
                inner = flows.flows.get(run)
                theirs = kinds(inner, flows, run=False) if inner is not None else {}
                for ours, name in take.items():
                    yield Filled(ours, (*at, "take", ours), theirs.get(name))
            case _:
                pass


def kinds(flow: Flow, flows: Flows, *, run: bool = True) -> dict[str, str]:
    """Each variable's kind: the first one that is known rules."""
    known = dict(BUILT_IN)
    all_filled = list(filled(flow, flows)) if run else [f for f in filled(flow, Flows("", {}))]
    for _ in range(PASSES):
        before = len(known)
        for each in all_filled:
            if each.name in known:
                continue
            if each.kind is not None:
                known[each.name] = each.kind
            elif each.expression is not None:
                try:
                    known[each.name] = kind_of(parse(each.expression), known)
                except ExpressionFault:
                    continue
        if len(known) == before:
            break
    for each in all_filled:  # what could not be typed has its own fault
        known.setdefault(each.name, "any")
    return known


def used(flow: Flow) -> Iterator[Used]:
    """Every expression of a flow."""
    for node, each in flow.nodes.items():
        at = ("nodes", node)
        match each:
            case Branch(branch=cases):
                for n, case in enumerate(cases):
                    yield Used(case.when, (*at, "branch", n, "when"), "bool")
            case Set(set=values):
                yield from (Used(value, (*at, "set", name)) for name, value in values.items())
            case Menu(menu=menu):
                for key, choice in menu.items():
                    if choice.when is not None:
                        yield Used(choice.when, (*at, "menu", key, "when"), "bool")
                    yield from (
                        Used(value, (*at, "menu", key, "set", name)) for name, value in choice.set.items()
                    )
            case Run(give=give):
                yield from (Used(value, (*at, "give", name)) for name, value in give.items())
            case Lookup(send=send):
                yield from (Used(value, (*at, "send", name)) for name, value in send.items())
            case Identify(identify=claims):
                yield from (Used(value, (*at, "identify", name)) for name, value in claims.items())
            case Route(vulnerable=value):
                yield Used(value, (*at, "vulnerable"), "bool")
            case Callback(callback=value):
                yield Used(value, (*at, "callback"), "text")
            case Appointment(postcode=value) if value is not None:
                yield Used(value, (*at, "postcode"), "text")
            case Notify(to=value):
                yield Used(value, (*at, "to"), "text")
            case _:
                pass
