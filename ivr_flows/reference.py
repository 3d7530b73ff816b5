"""The reference of the flow language, made from its types: `docs/reference/flows.md` is what this prints.

It reads no flow. A test refuses a page that is not what this prints.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import inspect

from config.hours import Hours
from config.words import about, bare, expected, unit
from ivr_flows.formats import FORMATS
from ivr_flows.functions import FUNCTIONS
from ivr_flows.kinds import Question, Step
from ivr_flows.message import KINDS as GAPS
from ivr_flows.model import KINDS, Head
from ivr_flows.scenario import Expected, Scenario, Scenarios
from ivr_flows.stage import World
from ivr_flows.turn import BUILT_IN

_INTRODUCTION = """\
# The flow language

This page is made from the types that check a flow, by `python -m ivr_flows.reference`.
[Design a flow](../how-to/design-a-flow.md) is the way in; `guichet flow schema` gives your editor the same.

A flow is one YAML file: `housing.yaml` has `flow: housing`. The same flow is heard on the phone and read
in a chat. `nodes` holds its nodes by name; the key that is in bold below makes a node what it is. Every
mistake is reported at once, as `file:line:column`, with its mend.

**A person is always reachable.** Silence, wrong answers, key 0 and services that fail lead to the flow's
`person`, after `tries`; what was said and keyed goes along. `check` refuses a flow in which silence ends
a conversation while a person could be had, and an offer whose no leads to nobody.

**Texts** are maps by language: `{fr: Bonjour., en: Hello.}`. Each has every language of the flow;
`fr-plain` beside `fr` is said to who chose plain language. Do not write keys into them: the phone says
“For your file, press 1.” by the menu's own labels, a chat shows buttons. A file that was recorded for a
text is played in its place.

**Gaps** in texts are `{name}` or `{name, kind}` with the kinds GAPS, and
`{n, plural, one {# file} other {# files}}`, `{x, select, a {…} other {…}}`.
An apostrophe before a brace makes it plain.
"""

_EXPRESSIONS = """\
## Expressions

`when`, `set`, `send`, `give` and some more take expressions: names of variables, numbers, texts in
quotes, `true`, `false`, `nothing`; `and or not`, `== != < <= > >=`, `in [a, b]`, `+ - * /`, brackets.
What has no answer (a variable that is not set, a division by zero) is nothing, and a condition that is
nothing does not hold. Kinds are checked before anybody calls: `'12' > 3` is refused, `number('12') > 3`
is not. Inside `{…}` or `[…]` of YAML, put an expression with a comma, a bracket or a colon into quotes.
"""

_SCENARIOS = """\
## Scenarios

`housing.scenarios.yaml` beside `housing.yaml`, with `flow: housing` and `scenarios`, a list of these.
`guichet flow test` walks each as a phone call and as text.
"""


def page() -> str:
    """The whole page in Markdown."""
    parts = [_INTRODUCTION.replace("GAPS", ", ".join(f"`{kind}`" for kind in GAPS))]
    parts += ["## The top of the file\n", *_table(Head)]
    parts += ["`nodes`: every node by its name (a-z, 0-9, _ and -).\n"]
    parts += [
        "## Every node\n",
        *_table(Step),
        "Every question (a node that waits for the citizen) has besides:\n",
    ]
    parts += [*_table(Question, Step)]
    for key, kind in KINDS.items():
        parts += _node(key, kind)
    parts += [_EXPRESSIONS, "| Function | Gives | Is |", "|---|---|---|"]
    for name, function in FUNCTIONS.items():
        parts.append(f"| `{name}({', '.join(function.takes)})` | {function.gives} | {function.about} |")
    parts += ["", "Built-in variables, which cannot be set:", ""]
    parts += [", ".join(f"`{name}` ({kind})" for name, kind in BUILT_IN.items()) + ".", ""]
    parts += ["## Formats of `collect`", "", "| Format | Keys on the phone | Such as |", "|---|---|---|"]
    for name, form in FORMATS.items():
        keys = f"{form.keys_min} to {form.keys_max}" if form.keys_max else "cannot be keyed: passed over"
        parts.append(f"| `{name}` | {keys} | {form.example} |")
    parts += [
        "",
        _SCENARIOS,
        *_table(Scenarios, Step),
        "### One scenario\n",
        *_table(Scenario),
        "### `expect`\n",
        *_table(Expected),
    ]
    parts += ["### `given`, and `--world` of `guichet flow play`\n", *_table(World)]
    return "\n".join(parts)


def _node(key: str, kind: type) -> Iterator[str]:
    yield f"## `{key}`\n"
    yield f"{' '.join((kind.__doc__ or '').split())}\n"
    yield from _table(kind, Question if issubclass(kind, Question) else Step, bold=key)


def _table(kind: type, without: type | None = None, bold: str = "") -> Iterator[str]:
    left_out = set(without.__struct_fields__) if without is not None else set()  # type: ignore[attr-defined]
    left_out -= {bold}
    struct = inspect.type_info(kind)
    assert isinstance(struct, inspect.StructType)
    rows = [field for field in struct.fields if field.name not in left_out]
    yield "| Key | Takes | Meaning |\n|---|---|---|"
    for field in sorted(rows, key=lambda each: each.name != bold):
        name = f"**`{field.name}`**" if field.name == bold else f"`{field.name}`"
        takes = expected(field.type) + (f", in {unit(field.name)}" if unit(field.name) else "")
        must = " *Required.*" if field.required and field.name != bold else _default(field)
        yield f"| {name} | {takes} | {about(field)}{must} |".replace("||", "|")
    yield ""
    for field in rows:
        inner = bare(field.type)
        if isinstance(inner, inspect.DictType):
            inner = bare(inner.value_type)
        elif isinstance(inner, inspect.VarTupleType):
            inner = bare(inner.item_type)
        if isinstance(inner, inspect.StructType) and inner.cls not in (World, Expected, Scenario, Hours):
            yield f"Inside `{field.name}`:\n"
            yield from _table(inner.cls)


def _default(field: inspect.Field) -> str:
    value = field.default
    shown = isinstance(value, str | int | float) and not isinstance(value, bool) and value != ""
    return (
        f" Default `{value:g}`."
        if isinstance(value, float) and shown
        else (f" Default `{value}`." if shown else "")
    )


if __name__ == "__main__":
    print(page(), end="")
