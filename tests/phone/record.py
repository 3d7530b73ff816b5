"""What Asterisk and SIPp wrote down, read into one verdict for each call and one leg for each ringing phone.

It must never read a line of Guichet's, nor import it.
"""

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple


class Event(NamedTuple):
    """A line of `deploy/asterisk/etc/cel_custom.conf`."""

    kind: str
    at: float
    call: str  # the linked id: that of the caller's channel
    id: str
    channel: str
    context: str
    exten: str
    app: str
    peer: str
    extra: str


@dataclass
class Leg:
    """One ringing, or conversation, of one agent's phone."""

    agent: str
    call: str
    id: str
    rung: float
    answered: float | None = None
    bridged: float | None = None
    ended: float | None = None


@dataclass
class Verdict:
    """How one call ended. `outcome`: served, abandoned, fallback, closed, open (not over) or other."""

    number: str
    start: float
    asked: float | None = None  # when the service took the caller: its menu, or its queue, began
    music: bool = False
    native: bool = False  # Asterisk's own queue has it, or had it last
    native_at: float | None = None  # when that queue first took it
    closed: bool = False
    left: bool = False  # the citizen hung up first
    end: float | None = None
    agents: list[str] = field(default_factory=list)  # who talked, in order

    @property
    def outcome(self) -> str:
        if self.end is None:
            return "open"
        if self.native:
            return "fallback"
        if self.agents:
            return "served"
        if self.closed:
            return "closed"
        return "abandoned" if self.left else "other"


class Said(NamedTuple):
    """A line that a SIPp scenario's `log` action wrote."""

    who: str
    did: str
    at: float
    call: str  # the SIP Call-ID, where the scenario gives it


def calls(record: Path) -> tuple[dict[str, Verdict], list[Leg]]:
    """Every citizen's call by its linked id, and every leg to an agent's phone."""
    verdicts: dict[str, Verdict] = {}
    legs: dict[str, Leg] = {}
    for event in sorted(_events(record), key=lambda event: event.at):
        if event.kind == "CHAN_START":
            if event.context == "from-citizens":
                verdicts[event.id] = Verdict(event.exten, event.at)
            elif event.call in verdicts:
                agent = event.channel.split("/")[-1].rsplit("-", 1)[0]
                legs[event.id] = Leg(agent, event.call, event.id, event.at)
        elif event.id in verdicts:
            _citizen_side(verdicts[event.id], event)
        elif event.id in legs:
            _agent_side(legs[event.id], event, verdicts)
    return verdicts, list(legs.values())


def _events(record: Path) -> Iterator[Event]:
    with record.open(newline="", encoding="utf-8", errors="replace") as lines:
        for row in csv.reader(lines):
            yield Event(row[0], float(row[1]), *row[2:10])


def _citizen_side(verdict: Verdict, event: Event) -> None:
    if event.kind == "APP_START":
        if verdict.asked is None and event.app in ("AGI", "Queue"):
            verdict.asked = event.at
        verdict.music |= event.app == "BridgeWait"
        if event.app == "Queue":
            verdict.native, verdict.native_at = True, verdict.native_at or event.at
        elif event.app in ("BridgeWait", "Dial"):
            verdict.native = False  # taken back
        verdict.closed |= event.context == "guichet-closed"
    elif event.kind == "HANGUP":
        verdict.left = json.loads(event.extra or "{}").get("hangupsource") == event.channel
    elif event.kind == "CHAN_END":
        verdict.end = event.at


def _agent_side(leg: Leg, event: Event, verdicts: dict[str, Verdict]) -> None:
    if event.kind == "ANSWER":
        leg.answered = event.at
    elif event.kind == "BRIDGE_ENTER" and leg.bridged is None:
        leg.bridged = event.at
        verdicts[leg.call].agents.append(leg.agent)
    elif event.kind == "CHAN_END":
        leg.ended = event.at


def sipp_log(path: Path) -> list[Said]:
    pattern = re.compile(r"(\S+) (\w+) \S+\s\S+\s(\d+\.\d+)(?: (\S+))?")
    lines = path.read_text(errors="replace").splitlines()
    found = filter(None, (pattern.fullmatch(line.strip()) for line in lines))
    return [Said(line[1], line[2], float(line[3]), line[4] or "") for line in found]
