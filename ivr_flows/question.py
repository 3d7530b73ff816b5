"""Questions to the citizen: how each is put, and what becomes of an answer, a wrong one, or silence.

Whatever is not a good answer leads, after a few tries, on to a person; it never ends the conversation.
"""

from __future__ import annotations

import datetime as dt
from typing import TypeAlias

from ivr_flows.formats import FORMATS, Good, read
from ivr_flows.questions import Collect, Confirm, Language, Menu, Offer, Survey
from ivr_flows.services import Appointment
from ivr_flows.session import Choose, Option, Say, Values
from ivr_flows.session import Collect as CollectAsk
from ivr_flows.turn import Turn

Asking: TypeAlias = Menu | Collect | Confirm | Language | Offer | Survey | Appointment

PERSON, REPEAT = "0", "*"
SLOTS_SILENCE_S, SLOTS_TRIES = 9.0, 2
NONE_OF_THEM = "9"


def ask(turn: Turn, node: Asking) -> str | None:
    """Put the question. Returns where to go on where there is nothing to ask."""
    match node:
        case Collect():
            return _collect(turn, node)
        case Survey(survey=questions, next=to) if turn.at >= len(questions):
            return to
        case Survey(survey=questions):
            if turn.at == 0 and turn.attempt == 1:
                turn.say(node.say)
            turn.say(questions[turn.at].say, f"survey.{turn.at + 1}")
        case Confirm(confirm=question):
            if turn.attempt == 1:
                turn.say(node.say)
            turn.say(question, "confirm")
        case _:
            turn.say(node.say)
    options = _options(turn, node)
    if not options:
        return way_out(turn, node)
    keys = {option.key for option in options}
    silence_s = SLOTS_SILENCE_S if isinstance(node, Appointment) else node.silence_s
    quiet = "".join(key for key in (PERSON, REPEAT) if key not in keys)
    binds = isinstance(node, Confirm | Offer | Appointment)
    turn.wait(Choose(turn.place, options, silence_s, quiet, turn.attempt, binds))
    return None


def answered(turn: Turn, node: Asking, text: str) -> str | None:
    """A key, a button, or what was collected."""
    if isinstance(node, Collect):
        return _collected(turn, node, text)
    key = text.strip()
    waited = turn.waits_for
    options = {option.key: option for option in waited.options} if isinstance(waited, Choose) else {}
    if key in options:
        return _chosen(turn, node, options[key])
    if key == PERSON:
        turn.hear(key, "person")
        return turn.to_person()
    if key == REPEAT:
        turn.entered += 1  # so that it cannot be asked for without end
        return ask(turn, node)
    if key:
        turn.hear(key, "wrong")
    return again(turn, node, "wrong")


def again(turn: Turn, node: Asking, why: str) -> str | None:
    """Another try, or on without an answer. `why` is a word of the house: silence, wrong, length, key, …"""
    turn.attempt += 1
    turn.entered += 1
    if turn.attempt > (SLOTS_TRIES if isinstance(node, Appointment) else node.tries):
        return way_out(turn, node)
    words = None if isinstance(node, Appointment) else node.again
    if words:
        turn.say(words, "again")
    else:
        turn.asks.append(turn.house(why))
    return ask(turn, node)


def way_out(turn: Turn, node: Asking) -> str | None:
    """Where it goes on without an answer."""
    match node:
        case Survey(survey=questions, next=to):
            turn.at, turn.attempt = turn.at + 1, 1
            return to if turn.at >= len(questions) else ask(turn, node)
        case Language(next=to, otherwise=otherwise) | Offer(next=to, otherwise=otherwise):
            return otherwise or to
        case Appointment(refused=refused):
            return refused or turn.to_person()
    return node.otherwise or turn.to_person()


def _options(turn: Turn, node: Asking) -> tuple[Option, ...]:
    match node:
        case Menu(menu=menu):
            return tuple(
                Option(key, turn.words(choice.label, f"menu.{key}"))
                for key, choice in menu.items()
                if choice.when is None or turn.holds(choice.when)
            )
        case Confirm():
            return (Option("1", turn.house("yes")), Option("2", turn.house("no")))
        case Language(language=tongues):
            return tuple(
                Option(key, turn.house("language", language=tongue)) for key, tongue in tongues.items()
            )
        case Survey(survey=questions):
            scale = questions[turn.at].scale
            return tuple(
                Option(str(n), turn.house("mark", {"mark": n, "of": scale})) for n in range(1, scale + 1)
            )
        case Offer():
            options = [_row(turn, n, row, f"channel_{row['channel']}") for n, row in enumerate(turn.rows, 1)]
            return (*options, Option(str(len(options) + 1), turn.house("no_thanks"))) if options else ()
        case Appointment():
            options = [_row(turn, n, row, "slot") for n, row in enumerate(turn.rows, 1)]
            return (*options, Option(NONE_OF_THEM, turn.house("none_of_them"))) if options else ()
    return ()


def _row(turn: Turn, number: int, row: Values, word: str) -> Option:
    return Option(str(number), turn.house(word, row))


def _chosen(turn: Turn, node: Asking, option: Option) -> str | None:
    key = option.key
    turn.hear(key, _label(option.label))
    match node:
        case Menu(menu=menu):
            turn.set(turn.given(menu[key].set))
            return menu[key].next
        case Confirm(yes=yes, no=no):
            return yes if key == "1" else no
        case Language(language=tongues, next=to):
            turn.language = tongues[key]
            return to
        case Survey(survey=questions):
            turn.set({questions[turn.at].into: int(key)})
            return way_out(turn, node)
        case Offer(offer=channels, next=to):
            if int(key) <= len(turn.rows):
                return next(
                    way for name, way in channels.items() if name == turn.rows[int(key) - 1]["channel"]
                )
            turn.refused = tuple(dict.fromkeys((*turn.refused, *(row["channel"] for row in turn.rows))))
            return to
        case Appointment(appointment=where) if key != NONE_OF_THEM:
            row = turn.rows[int(key) - 1]
            turn.perform("book", where, arguments=row)
            return None
    return way_out(turn, node)


def _label(label: Say) -> str:
    return label.text or label.prompt.removeprefix("house.")


def _collect(turn: Turn, node: Collect) -> str | None:
    wanted = FORMATS[node.collect]
    most = node.length or node.at_most or wanted.keys_max
    if turn.channel == "phone" and not wanted.keys_max:
        turn.set({node.into: None})  # cannot be keyed: the agent hears it
        return node.next
    turn.say(node.say)
    least = node.length or wanted.keys_min
    turn.wait(CollectAsk(turn.place, node.collect, least, most, node.silence_s, turn.attempt))
    return None


def _collected(turn: Turn, node: Collect, text: str) -> str | None:
    if not text.strip().rstrip("#"):
        return again(turn, node, "silence")
    today = dt.date.fromisoformat(turn.variables()["today"])
    good = read(node.collect, text, "keys" if turn.channel == "phone" else "text", today)
    if not isinstance(good, Good) and text.strip().rstrip("#") == PERSON:
        return turn.to_person()
    if not isinstance(good, Good):
        turn.hear(text, f"not a {node.collect}")
        return again(turn, node, good.reason)
    if (node.length and len(good.value) != node.length) or (node.at_most and len(good.value) > node.at_most):
        turn.hear(text, f"not a {node.collect}")
        return again(turn, node, "length")
    turn.hear(good.value, node.collect)
    turn.set({node.into: int(good.value) if node.collect == "number" else good.value})
    return node.next
