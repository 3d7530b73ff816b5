"""One citizen's walk through a flow, as plain data that can be kept and sent: position, variables, record.

What comes in is an `Input` (what happened); what is wanted from outside is an `Ask`. The last ask of a step
is the one whose answer is the next input; those before it are said on the way there.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from msgspec import Struct, field

Values = dict[
    str, Any
]  # text, number, bool; {low, high} of a wait, {at, from} of a moment: what JSON can say


# --- what happened ---------------------------------------------------------------------------------------


class Started(Struct, frozen=True, tag="started"):
    """The citizen is there. `known` are variables to begin with: caller, called, citizen, …"""

    channel: str
    language: str = ""  # "": the flow's first
    known: Values = field(default_factory=dict)


class Answered(Struct, frozen=True, tag="answered"):
    """Keys, or words; the key of a choice where a button was pressed. Exactly what came, never cleaned."""

    text: str


class Silent(Struct, frozen=True, tag="silent"):
    """The time for an answer is over."""


class Left(Struct, frozen=True, tag="left"):
    """The citizen hung up or closed the chat."""


class Done(Struct, frozen=True, tag="done"):
    """What was asked of a service came out by this port (`next`, `missing`, `unavailable`, `open`, …).

    `values` become variables. `rows` are what may be chosen from: moments of an appointment.
    """

    port: str
    values: Values = field(default_factory=dict)
    rows: tuple[Values, ...] = ()


Input: TypeAlias = Started | Answered | Silent | Left | Done


# --- what is wanted --------------------------------------------------------------------------------------


class Say(Struct, frozen=True, tag="say"):
    """Say this. `text` is the template as it is written in the flow, `values` what its {variables} are.

    `prompt` names it: `flow.node.say`. House words (`again`, `press`, …) have a prompt that begins with
    `house.` and an empty text: the renderer has them in its languages.
    """

    prompt: str
    language: str
    text: str = ""
    values: Values = field(default_factory=dict)


class Option(Struct, frozen=True):
    """One choice: its key, what is said of it, and the word that text may take for it."""

    key: str
    label: Say


class Choose(Struct, frozen=True, tag="choose"):
    """Wait for one of the options; the question was said before. Answered by `Answered`, `Silent`, `Left`.

    `silent_keys` are taken too and not said: 0 for a person, * to hear it again.
    """

    node: str
    options: tuple[Option, ...]
    silence_s: float
    silent_keys: str = "0*"
    attempt: int = 1
    binds: bool = False  # a yes moves somebody, or promises something: no double press is one


class Collect(Struct, frozen=True, tag="collect"):
    """Wait for digits or text in a format. At most `most` characters; `#` ends what may be shorter."""

    node: str
    format: str
    least: int
    most: int  # digits after which a telephone need not wait; 0: it cannot be keyed
    silence_s: float
    attempt: int = 1
    secret: bool = True  # never in a log or a trace


class Perform(Struct, frozen=True, tag="perform"):
    """Have a service do something. `arguments` are its own; answered by `Done`, or `Left`."""

    node: str
    service: Literal[
        "hours", "lookup", "identify", "waits", "route", "wait", "callback", "slots", "book", "notify",
        "transfer",
    ]  # fmt: skip
    name: str = ""
    arguments: Values = field(default_factory=dict)
    needs: dict[str, int] = field(default_factory=dict)  # of `route` alone
    gives: dict[str, str] = field(default_factory=dict)  # of `lookup` alone
    message: Say | None = None  # of `notify` alone
    within_s: float = 5.0


class End(Struct, frozen=True, tag="end"):
    """It is over. `reason` is the end's name, `left` after a hang-up."""

    reason: str


Ask: TypeAlias = Say | Choose | Collect | Perform | End


# --- the walk --------------------------------------------------------------------------------------------


class Frame(Struct, frozen=True):
    """A place in one flow: the last frame is where the citizen is, those before it ran the next."""

    flow: str
    node: str
    variables: Values = field(default_factory=dict)


class Heard(Struct, frozen=True):
    """What was answered at a node: goes to the vault with the contact, so that nobody repeats themselves."""

    node: str
    text: str
    means: str = ""  # the label of the choice, or the format


class Session(Struct, frozen=True):
    """The whole walk so far. Two that are equal go on equally."""

    frames: tuple[Frame, ...] = ()
    known: Values = field(default_factory=dict)  # the built-in variables, the same in every flow
    channel: str = ""
    language: str = ""
    waits_for: Ask | None = None
    attempt: int = 1
    rows: tuple[Values, ...] = ()  # what is being chosen from
    at: int = 0  # the question of a survey
    path: tuple[str, ...] = ()  # `flow.node` of each node entered
    heard: tuple[Heard, ...] = ()
    refused: tuple[str, ...] = ()  # channels the citizen said no to
    topic: str = ""  # of the last `route`
    contact: str = ""  # once there is one
    served: bool = False  # a person was had
    ended: str = ""  # why, once it is
    rescued: bool = False  # the flow failed, and a person was asked for without it
    entered: int = 0  # nodes, all in all: nobody is led in circles for ever


class Step(Struct, frozen=True):
    """What became of an input."""

    session: Session
    asks: tuple[Ask, ...]
    fault: str = ""  # a defect of the interpreter or of an unchecked flow; a person is asked for then
