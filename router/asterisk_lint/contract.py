"""What Guichet and its dialplan agreed on, so that no call is lost while Guichet is mute, slow or gone.

A heartbeat before the menu and while waiting, a time-out that frees a call from a mute menu, a receipt, and
the native queue behind it all. It must never take the words of a comment for the thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from router.asterisk_lint.dialplan import Step
from router.asterisk_lint.fault import Fault
from router.asterisk_lint.files import Section

CONTEXTS = ("entry", "waiting", "dial", "fallback", "closed", "agents")
BEAT = re.compile(r"guichet-beat\b|\bGUICHET_BEAT\b")
LATER = ("guichet-key", "guichet-after")  # a flow is asked again: the caller has a place, or was served
AGI = re.compile(r"\AAGI\(h?agi://", re.IGNORECASE)
TIMEOUT = re.compile(r"\ASet\(TIMEOUT\(absolute\)=(?P<seconds>\d+(?:\.\d+)?)\)", re.IGNORECASE)
LONGEST_S = 120.0
TARGET = re.compile(r"(?<![\w-])(guichet-[a-z0-9-]+)(?=[,^])")
QUEUE = re.compile(r"\AQueue\((?P<name>[^,)]+)", re.IGNORECASE)


def contexts(plan: dict[str, list[Step]]) -> Iterator[Fault]:
    """The places that Guichet sends callers to, and that the plan itself names."""
    for name in CONTEXTS:
        if f"guichet-{name}" not in plan:
            what = f"the context guichet-{name} is missing"
            yield Fault(
                "context-missing", "extensions.conf:1", what, "copy it from the shipped extensions.conf"
            )
    for steps in plan.values():
        for step in steps:
            for target in TARGET.findall(step.does):
                if target not in plan and not QUEUE.match(step.does) and target[8:] not in CONTEXTS:
                    what = f"goes to {target}, which is not there"
                    mend = "copy it from the shipped extensions.conf"
                    yield Fault("context-missing", step.where, what, mend)


def menus(plan: dict[str, list[Step]]) -> Iterator[Fault]:
    """Each FastAGI call of the plan, and what stands before and after it."""
    asked = False
    for name, steps in plan.items():
        for at, step in enumerate(steps):
            if AGI.match(step.does):
                asked = asked or name not in LATER
                before = [each.does for each in steps[:at] if each.exten == step.exten]
                after = [each.does for each in steps[at + 1 :] if each.exten == step.exten]
                yield from _before(step, before)
                yield from _after(step, after, any(each.exten == "T" for each in plan[name]), name in LATER)
    if not asked and "guichet-entry" in plan:
        where = plan["guichet-entry"][0].where if plan["guichet-entry"] else "extensions.conf:1"
        what = "guichet-entry never asks the menu"
        yield Fault("menu-missing", where, what, "copy guichet-entry from the shipped extensions.conf")


def _before(step: Step, before: list[str]) -> Iterator[Fault]:
    beat = next((at for at, does in enumerate(before) if BEAT.search(does)), None)
    if beat is None or not any(does.startswith("GotoIf(") for does in before[beat:]):
        what = "a frozen Guichet takes the connection and never answers: nothing asks first whether it lives"
        mend = 'Gosub(guichet-beat,s,1), then GotoIf($["${GOSUB_RETVAL}" != "fresh"]?guichet-fallback,s,1)'
        yield Fault("heartbeat-missing", step.where, what, mend)
    if not any(does.replace(" ", "").upper() == "SET(AGIEXITONHANGUP=YES)" for does in before):
        what = "without AGIEXITONHANGUP no time-out frees a call from a mute menu"
        yield Fault("agiexitonhangup-missing", step.where, what, "before it: Set(AGIEXITONHANGUP=yes)")
    limits = [float(match["seconds"]) for does in before if (match := TIMEOUT.match(does))]
    if not limits or not 0 < limits[-1] <= LONGEST_S:
        what = "a mute menu holds the caller for ever: TIMEOUT(absolute) is not set before it"
        yield Fault(
            "timeout-missing", step.where, what, "before it: Set(TIMEOUT(absolute)=8), and an extension T"
        )
    if "GUICHET_AGI_SECRET" not in step.does:
        what = "the menu is asked without a token: whoever reaches Guichet's port is believed"
        mend = "a first argument ${SHA1(${UNIQUEID}:${GLOBAL(GUICHET_AGI_SECRET)})}, and agi.secret_file"
        yield Fault("token-missing", step.where, what, mend, warning=True)


def _after(step: Step, after: list[str], has_t: bool, later: bool) -> Iterator[Fault]:
    if not has_t:
        what = "when TIMEOUT(absolute) ends the menu there is no extension T: the call is hung up"
        yield Fault("timeout-missing", step.where, what, "exten => T,1,… with Goto(guichet-fallback,s,1)")
    if later:
        return
    tested = any(does.startswith("GotoIf(") and '"${GUICHET_ROUTED}" = "wait"' in does for does in after)
    if not tested or not any(does.startswith("Goto(guichet-fallback,") for does in after):
        what = "the receipt is not tested: a menu that died looks like one that took the call"
        mend = (
            'GotoIf($["${GUICHET_ROUTED}" = "wait"]?guichet-waiting,s,1), at last Goto(guichet-fallback,s,1)'
        )
        yield Fault("receipt-untested", step.where, what, mend)


def waiting(plan: dict[str, list[Step]]) -> Iterator[Fault]:
    """Whoever waits asks again and again whether Guichet lives."""
    steps = plan.get("guichet-waiting", [])
    if steps and not any(BEAT.search(step.does) for step in steps):
        what = "a caller who waits stays there when Guichet dies"
        mend = "after each few seconds of music: Gosub(guichet-beat,s,1), stale goes to guichet-fallback"
        yield Fault("heartbeat-missing", steps[0].where, what, mend)


def queue(plan: dict[str, list[Step]], queues: dict[str, Section] | None) -> Iterator[Fault]:
    """Asterisk's own queue, behind it all."""
    steps = plan.get("guichet-fallback", [])
    names = [(step, match["name"]) for step in steps if (match := QUEUE.match(step.does))]
    if steps and not names:
        what = "guichet-fallback has no Queue: without Guichet nobody answers"
        yield Fault(
            "queue-missing", steps[0].where, what, "Queue(guichet-fallback,b(guichet-leg^s^1),,,1800)"
        )
    for step, name in names:
        section = (queues or {}).get(name)
        if section is None:
            yield Fault("queue-missing", step.where, f"queues.conf has no [{name}]", "copy the shipped one")
        elif section.says("ringinuse").lower() != "no":
            what = f"[{name}] rings phones that are in a conversation"
            yield Fault("queue-rings-in-use", section.where, what, "ringinuse = no")
