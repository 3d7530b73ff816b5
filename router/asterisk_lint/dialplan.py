"""extensions.conf: nothing that a caller sent is executed, dialled or taken for a place to go.

Asterisk expands `${...}` before it reads a line: a caller's name there is a caller's command.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from router.asterisk_lint.fault import Fault
from router.asterisk_lint.files import Section

STEP = re.compile(r"(?:(?P<exten>[^,]*),)?\s*(?P<priority>[^,]+?)\s*,\s*(?P<does>.*)\Z")
SENT = re.compile(
    r"\$\{(?:CALLERID|CONNECTEDLINE|REDIRECTING|DNID|RDNIS|ANI2?|CALLERIDNUM|CALLERIDNAME|CALLERIDALL|SIPHEADER|"
    r"SIP_HEADER|PJSIP_HEADERS?|PJSIP_PARSE_URI|MESSAGE(?:_DATA)?|SIPDOMAIN|CHANNEL\((?:pjsip|callid|dnid))\b",
    re.IGNORECASE,
)
FILTERED = re.compile(r"\$\{(?:FILTER\([^,{}]*,|LEN\()\$\{[^{}]*\}\)\}")  # signs we chose, or their number
EXTEN = re.compile(r"\$\{EXTEN\b|\(EXTEN\b")
RUNS = re.compile(r"\A(?:Try)?System\b|\$\{(?:SHELL|EVAL|CURL)\(", re.IGNORECASE)
USES = re.compile(
    r"\A(?:Dial|(?:Try)?System|Exec\w*|TryExec|Go\w+|Macro|Originate|Queue|Page|Playback|Background|Record|"
    r"MixMonitor|\w*AGI|Transfer|FollowMe|RetryDial|DumpChan|Log|UserEvent|Read)\b",
    re.IGNORECASE,
)


class Step(Struct, frozen=True):
    """One line of the dialplan: what is done at this extension and priority."""

    context: str
    exten: str
    where: str
    does: str


def steps(section: Section) -> list[Step]:
    """The steps of a context, `same` resolved."""
    found = []
    exten = ""
    for line in section.lines:
        name = line.name.lower()
        match = STEP.match(line.value if name == "exten" else f",{line.value}")
        if name not in ("exten", "same") or match is None:
            continue
        exten = match["exten"].strip() if name == "exten" else exten
        found.append(Step(section.name, exten, line.where, match["does"].strip()))
    return found


def expanded(steps: list[Step]) -> Iterator[Fault]:
    """What callers send, where it would be read as more than a value."""
    for at, step in enumerate(steps):
        rest = FILTERED.sub("", step.does)
        if SENT.search(rest):
            what = "expands what the caller sent: it may hold commas, brackets and functions"
            yield Fault(
                "caller-expanded", step.where, what, "leave it out, or ${FILTER(0-9,${CALLERID(num)})}"
            )
        if RUNS.search(rest) and "${" in rest:
            what = "runs a program or evaluates text with something expanded in it"
            yield Fault("system-expanded", step.where, what, "leave it out: nothing of Guichet needs it")
        if EXTEN.search(rest) and USES.match(rest) and _any(step.exten) and not _checked(steps[:at], step):
            what = f"the pattern {step.exten} takes any sign, and ${{EXTEN}} is used as it came"
            mend = (
                "first: GotoIf($[${LEN(${FILTER(a-z0-9,${EXTEN})})} != ${LEN(${EXTEN})}]?guichet-waiting,s,1)"
            )
            yield Fault("exten-unfiltered", step.where, what, mend)


def _any(pattern: str) -> bool:
    return pattern.startswith("_") and ("." in pattern or "!" in pattern)


def _checked(before: list[Step], step: Step) -> bool:
    """Whether an earlier step of the same extension compares it with what is left of it after FILTER."""
    return any(
        each.exten == step.exten
        and each.does.lower().startswith("gotoif(")
        and re.search(r"FILTER\([^,{}]*,\$\{EXTEN\}\)", each.does)
        for each in before
    )
