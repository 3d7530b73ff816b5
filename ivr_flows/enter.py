"""What each node does when a session arrives there. Returns the node to go on to at once, or None to wait."""

from __future__ import annotations

from typing import assert_never

from ivr_flows.inner import Branch, End, Run, Say, Set
from ivr_flows.model import Node
from ivr_flows.question import ask
from ivr_flows.questions import Collect, Confirm, Language, Menu, Offer, Survey, Wait
from ivr_flows.services import Appointment, Callback, Hours, Identify, Lookup, Notify, Route, Transfer
from ivr_flows.turn import Turn


def enter(turn: Turn, node: Node) -> str | None:
    """The next node, or None: something is waited for, or the flow ended."""
    match node:
        case Menu() | Collect() | Confirm() | Language() | Survey():
            return ask(turn, node)
        case Say(next=to):
            turn.say(node.say)
            return to
        case Branch() | Set() | Run() | End():
            turn.say(node.say)
            return _inner(turn, node)
        case (
            Hours() | Lookup() | Identify() | Offer() | Route() | Wait() | Callback() | Appointment()
            | Notify() | Transfer()
        ):  # fmt: skip
            if not isinstance(node, Offer | Appointment):  # its words are for those who get a choice
                turn.say(node.say)
            return _service(turn, node)
    assert_never(node)


def _inner(turn: Turn, node: Branch | Set | Run | End) -> str | None:
    match node:
        case Branch(branch=cases, otherwise=otherwise):
            return next((case.next for case in cases if turn.holds(case.when)), otherwise)
        case Set(set=values, next=to):
            for name, expression in values.items():
                turn.set({name: turn.value(expression)})
            return to
        case Run(run=flow, give=give):
            return turn.run(flow, turn.given(give))
        case End(end=name):
            return turn.leave(name)


def _service(
    turn: Turn,
    node: Hours | Lookup | Identify | Offer | Route | Wait | Callback | Appointment | Notify | Transfer,
) -> str | None:
    match node:
        case Hours(hours=calendar):
            turn.perform("hours", calendar)
        case Lookup(lookup=name, send=send, gives=gives, within_s=within_s):
            turn.perform("lookup", name, arguments=turn.given(send), gives=dict(gives), within_s=within_s)
        case Identify(identify=claims):
            turn.perform("identify", arguments=turn.given(claims))
        case Offer(offer=channels, topic=topic):
            if set(channels) <= set(turn.refused):
                return node.next
            turn.perform("waits", topic or turn.topic, arguments={"channels": list(channels)})
        case Route(route=topic, needs=needs):
            turn.topic = topic or turn.topic
            vulnerable = turn.holds(node.vulnerable)
            arguments = {"language": turn.language, "vulnerable": vulnerable}
            turn.perform("route", topic or "", needs=dict(needs), arguments=arguments)
        case Wait(wait=how, callback=callback):
            key = how.callback_key if callback else ""
            arguments = {"music": how.music, "announce_s": how.announce_s, "callback_key": key}
            turn.perform("wait", turn.contact, arguments=arguments)
        case Callback(callback=number, topic=topic):
            turn.perform("callback", topic or turn.topic, arguments={"number": turn.value(number)})
        case Appointment(appointment=where, postcode=postcode, topic=topic):
            arguments = {
                "topic": topic or turn.topic,
                "postcode": None if postcode is None else turn.value(postcode),
            }
            turn.perform("slots", where, arguments=arguments)
        case Notify(notify=by, message=message, to=to):
            turn.perform(
                "notify", by, arguments={"to": turn.value(to)}, message=turn.words(message, "message")
            )
        case Transfer(transfer=number):
            turn.perform("transfer", number)
        case _:
            assert_never(node)
    return None
