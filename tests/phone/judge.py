"""An independent judge: says how each call ended from Asterisk's channel events and SIPp's own logs alone.

It must never read a line of Guichet's, nor import it: it is the other side's witness.

    python tests/phone/judge.py calls.csv [--citizens citizens.log] [--agents agents.log]
"""

import argparse
import csv
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

SERVICE = re.compile(r"3230\d{0,4}")


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
    rung: float
    answered: float | None = None
    bridged: float | None = None
    ended: float | None = None


@dataclass
class Verdict:
    """How one call ended. `outcome`: served, abandoned, fallback, closed, open (not over) or other."""

    number: str
    start: float
    music: bool = False
    native: bool = False  # Asterisk's own queue had it
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


class Judgement(NamedTuple):
    verdicts: dict[str, Verdict]  # by linked id
    legs: list[Leg]
    faults: list[str]

    def counts(self) -> Counter[str]:
        return Counter(verdict.outcome for verdict in self.verdicts.values())


def read(record: Path) -> Iterator[Event]:
    with record.open(newline="", encoding="utf-8", errors="replace") as lines:
        for row in csv.reader(lines):
            yield Event(row[0], float(row[1]), *row[2:10])


def judge(record: Path, citizens: Path | None = None, agents: Path | None = None) -> Judgement:
    verdicts: dict[str, Verdict] = {}
    legs: dict[str, Leg] = {}
    for event in sorted(read(record), key=lambda event: event.at):
        if event.kind == "CHAN_START":
            if event.context == "from-citizens":
                verdicts[event.id] = Verdict(event.exten, event.at)
            elif event.call in verdicts:
                legs[event.id] = Leg(event.channel.split("/")[-1].rsplit("-", 1)[0], event.call, event.at)
        elif event.id in verdicts:
            _citizen_side(verdicts[event.id], event)
        elif event.id in legs:
            _agent_side(legs[event.id], event, verdicts)
    verdicts = {call: verdict for call, verdict in verdicts.items() if SERVICE.fullmatch(verdict.number)}
    faults = [*_exactly_once(verdicts.values()), *_overlaps(legs.values())]
    if citizens:
        faults += _citizens_disagree(verdicts.values(), sipp_log(citizens))
    if agents:
        faults += _agents_disagree(legs.values(), sipp_log(agents))
    return Judgement(verdicts, list(legs.values()), faults)


def _citizen_side(verdict: Verdict, event: Event) -> None:
    if event.kind == "APP_START":
        verdict.music |= event.app == "MusicOnHold"
        verdict.native |= event.app == "Queue"
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


# ---------------------------------------------------------------- faults


def _exactly_once(verdicts: Iterable[Verdict]) -> Iterator[str]:
    for verdict in verdicts:
        if verdict.outcome in ("open", "other"):
            yield f"call {verdict.number} ended in no known way: {verdict.outcome}"
        if len(verdict.agents) > 1:
            yield f"call {verdict.number} was given to {len(verdict.agents)} agents: {' '.join(verdict.agents)}"


def _overlaps(legs: Iterable[Leg]) -> Iterator[str]:
    """No phone may ring or talk for two calls at once."""
    for before, after in pairwise(sorted(legs, key=lambda leg: (leg.agent, leg.rung))):
        if before.agent == after.agent and (before.ended is None or after.rung < before.ended):
            yield f"{after.agent} got call {after.call} while {before.call} was not over"


def sipp_log(path: Path) -> list[tuple[str, str, float, str]]:
    """(who, what, when, Call-ID) of each line that a scenario's `log` action wrote."""
    rows = []
    for line in path.read_text(errors="replace").splitlines():
        if found := re.fullmatch(r"(\S+) (\w+) \S+\s\S+\s(\d+\.\d+)(?: (\S+))?", line.strip()):
            rows.append((found[1], found[2], float(found[3]), found[4] or ""))
    return rows


def _citizens_disagree(verdicts: Iterable[Verdict], log: list[tuple[str, str, float, str]]) -> Iterator[str]:
    said = {what: Counter(who for who, did, *_ in log if did == what) for what in ("up", "left", "over")}
    seen = Counter(verdict.number for verdict in verdicts)
    for number in sorted(set(seen) | set(said["up"])):
        if seen[number] != said["up"][number]:
            yield f"number {number}: {said['up'][number]} calls by SIPp, {seen[number]} by Asterisk"
        if said["over"][number] != said["up"][number]:
            yield f"number {number}: SIPp saw a call that was not ended properly"
    for verdict in verdicts:
        if verdict.outcome == "abandoned" and not said["left"][verdict.number]:
            yield f"call {verdict.number}: Asterisk says that the citizen left, SIPp did not"


def _agents_disagree(legs: Iterable[Leg], log: list[tuple[str, str, float, str]]) -> Iterator[str]:
    talking: dict[str, str] = {}
    for agent, did, _, call in sorted(log, key=lambda row: row[2]):
        if did == "answered":
            if agent in talking:
                yield f"{agent}'s phone answered a call during another one"
            talking[agent] = call
        elif did == "ended" and talking.get(agent) == call:
            del talking[agent]
    answered = Counter(agent for agent, did, *_ in log if did == "answered")
    for agent, count in Counter(leg.agent for leg in legs if leg.bridged).items():
        if answered[agent] < count:
            yield f"{agent} talked {count} times by Asterisk, answered {answered[agent]} times by SIPp"


# ---------------------------------------------------------------- the table


def table(judgement: Judgement) -> str:
    rows = [
        f"{verdict.number:10} {verdict.outcome:10} {' '.join(verdict.agents) or '-':8} "
        f"{'music' if verdict.music else '-':6} {(verdict.end or verdict.start) - verdict.start:7.1f} s"
        for verdict in judgement.verdicts.values()
    ]
    counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(judgement.counts().items()))
    return "\n".join([*rows, *(f"FAULT {fault}" for fault in judgement.faults), f"{len(rows)} calls: {counts}"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("record", type=Path)
    parser.add_argument("--citizens", type=Path)
    parser.add_argument("--agents", type=Path)
    options = parser.parse_args()
    judgement = judge(options.record, options.citizens, options.agents)
    print(table(judgement))
    return 1 if judgement.faults else 0


if __name__ == "__main__":
    sys.exit(main())
