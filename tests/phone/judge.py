"""An independent judge: says how each call ended from Asterisk's channel events and SIPp's own logs alone.

It must never read a line of Guichet's, nor import it: it is the other side's witness.

    python -m tests.phone.judge calls.csv [--citizens citizens.log] [--agents agents.log]
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from tests.phone.record import Leg, Said, Verdict, calls, sipp_log

SERVICE = re.compile(r"3230\d{0,4}")


class Judgement(NamedTuple):
    """`faults` are broken promises in words; none means that all is well."""

    verdicts: dict[str, Verdict]  # by linked id
    legs: list[Leg]
    faults: list[str]

    def counts(self) -> Counter[str]:
        return Counter(verdict.outcome for verdict in self.verdicts.values())


def judge(
    record: Path,
    citizens: Path | None = None,
    agents: Path | None = None,
    *,
    service: re.Pattern[str] = SERVICE,
    moved: Collection[str] = (),
) -> Judgement:
    """`moved`: numbers whose calls were to be passed on: these may talk with one agent after the other."""
    everything, legs = calls(record)
    verdicts = {call: one for call, one in everything.items() if service.fullmatch(one.number)}
    phones = sipp_log(agents) if agents and agents.exists() else None
    faults = [
        *_exactly_once(verdicts.values(), moved),
        *_overlaps(legs if phones is None else _rang(legs, phones)),
    ]
    if citizens:
        faults += _citizens_disagree(verdicts.values(), sipp_log(citizens))
    if phones is not None:
        faults += _agents_disagree(legs, phones)
    return Judgement(verdicts, legs, faults)


def _exactly_once(verdicts: Iterable[Verdict], moved: Collection[str]) -> Iterator[str]:
    for verdict in verdicts:
        if verdict.outcome in ("open", "other"):
            yield f"call {verdict.number} ended in no known way: {verdict.outcome}"
        if len(verdict.agents) > 1 and verdict.number not in moved:
            yield f"call {verdict.number} was given to several agents: {' '.join(verdict.agents)}"


def _overlaps(legs: Iterable[Leg]) -> Iterator[str]:
    """No phone may ring or talk for two calls at once."""
    for before, after in pairwise(sorted(legs, key=lambda leg: (leg.agent, leg.rung))):
        if before.agent == after.agent and (before.ended is None or after.rung < before.ended):
            yield f"{after.agent} got call {after.call} while {before.call} was not over"


def _rang(legs: Iterable[Leg], log: list[Said]) -> Iterator[Leg]:
    """Legs that a phone heard of. Of two legs begun at once the dialplan ends one before anything is sent."""
    heard: dict[str, list[float]] = {}
    for agent, did, at, _ in log:
        if did in ("rung", "busy", "silent"):
            heard.setdefault(agent, []).append(at)
    for leg in sorted(legs, key=lambda leg: (leg.agent, not leg.answered, leg.rung)):
        ended = float("inf") if leg.ended is None else leg.ended
        found = next((at for at in heard.get(leg.agent, []) if leg.rung <= at <= ended), None)
        if found is not None:
            heard[leg.agent].remove(found)
        if found is not None or leg.answered:
            yield leg


def _citizens_disagree(verdicts: Iterable[Verdict], log: list[Said]) -> Iterator[str]:
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


def _agents_disagree(legs: Iterable[Leg], log: list[Said]) -> Iterator[str]:
    talking: dict[str, tuple[str, float]] = {}
    for agent, did, at, call in sorted(log, key=lambda row: row[2]):
        before, since = talking.get(agent, ("", 0.0))
        if did == "answered":
            if before and not _was_over(legs, agent, since, at):
                yield f"{agent}'s phone answered a call during another one"
            talking[agent] = call, at
        elif did in ("ended", "cancelled") and before == call:  # cancelled: answer and CANCEL crossed
            del talking[agent]
    answered = Counter(agent for agent, did, *_ in log if did == "answered")
    for agent, count in Counter(leg.agent for leg in legs if leg.bridged).items():
        if answered[agent] < count:
            yield f"{agent} talked {count} times by Asterisk, answered {answered[agent]} times by SIPp"


def _was_over(legs: Iterable[Leg], agent: str, since: float, now: float) -> bool:
    """Whether Asterisk had ended, and told the phone so, what the phone had answered then.

    When ACK and CANCEL come together SIPp sticks in the middle of its answer and hears no more of that call.
    """
    answered = [leg for leg in legs if leg.agent == agent and leg.rung <= since]
    leg = max(answered, key=lambda leg: leg.rung, default=None)
    return leg is not None and leg.ended is not None and leg.ended <= now


def table(judgement: Judgement) -> str:
    rows = [
        f"{verdict.number:10} {verdict.outcome:10} {' '.join(verdict.agents) or '-':8} "
        f"{'music' if verdict.music else '-':6} {(verdict.end or verdict.start) - verdict.start:7.1f} s"
        for verdict in judgement.verdicts.values()
    ]
    counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(judgement.counts().items()))
    faults = [f"FAULT {fault}" for fault in judgement.faults]
    return "\n".join([*rows, *faults, f"{len(rows)} calls: {counts}"])


def main() -> int:
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=shape)
    parser.add_argument("record", type=Path)
    parser.add_argument("--citizens", type=Path)
    parser.add_argument("--agents", type=Path)
    options = parser.parse_args()
    judgement = judge(options.record, options.citizens, options.agents)
    print(table(judgement))
    return 1 if judgement.faults else 0


if __name__ == "__main__":
    sys.exit(main())
