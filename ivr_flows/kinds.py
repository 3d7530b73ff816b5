"""The kinds of value that stand in a flow's file, each with the title that errors and the reference use.

No key is defined here and nothing is read: these are names for shapes only.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from config.types import about

MOST_NODES = 2_000  # of one flow: a state's whole entry has some 150
MOST_TEXT = 2_000  # characters of one text: three minutes of speech
MOST_EXPRESSION = 500  # characters

To = Annotated[
    str, Meta(pattern=r"\A[a-z0-9][a-z0-9_-]{0,39}\Z", title="the name of a node", extra={"to": True})
]
Name = Annotated[str, Meta(pattern=r"\A[a-z][a-z0-9_]{0,39}\Z", title="a variable (a-z, 0-9, _)")]
Tongue = Annotated[
    str,
    Meta(
        pattern=r"\A[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}\Z",
        title="a language such as fr, or fr-plain for its plain variant",
    ),
]
Said = Annotated[str, Meta(min_length=1, max_length=MOST_TEXT, title="a text to say")]
Words = dict[Tongue, Said]
Key = Annotated[str, Meta(pattern=r"\A[0-9*#]\Z", title="one key of a telephone (0-9, * or #)")]
Expression = Annotated[
    str | int | float | bool,
    Meta(title="an expression such as `age >= 60`", extra={"expression": True}),
]
Tries = Annotated[int, Meta(ge=1, le=9)]
SilenceS = Annotated[float, Meta(ge=1, le=120)]
WithinS = Annotated[float, Meta(ge=0.1, le=10)]
Scale = Annotated[int, Meta(ge=2, le=9)]
Digits = Annotated[int, Meta(ge=1, le=40)]
Number = Annotated[str, Meta(pattern=r"\A\+?[0-9]{2,15}\Z", title="a telephone number, in quotes")]

Written = Literal["phone", "chat", "email", "callback", "counter", "appointment"]
Fact = Literal["text", "number", "bool", "date"]  # what a variable can be
Value = None | bool | int | float | str  # of an expression


class Step(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every node may have."""

    say: Annotated[Words | None, about("Said on arrival, by language; in a question, the question.")] = None
    note: Annotated[Said | None, about("For those who read the file: why it is so. Never said.")] = None


class Question(Step, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every node has that waits for the citizen."""

    again: Annotated[Words | None, about("Said before another try; none: the house's own words.")] = None
    silence_s: Annotated[SilenceS, about("So much silence on the phone is a try without answer.")] = 7
    tries: Annotated[Tries, about("After so many tries without a good answer it goes on to `otherwise`.")] = 2
    otherwise: Annotated[To | None, about("Where that leads; none: to the flow's `person`.")] = None
