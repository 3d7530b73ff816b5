"""The same day once more, through `guichet engine` alone: a process, lines of JSON, names of the protocol.

It shares with the simulator nothing but the drawn citizens: its own clock, its own count of what became of
them. So a figure that only the simulator can see would show.
"""

from __future__ import annotations

import json
import subprocess
import sys
from heapq import heappop, heappush
from itertools import count
from typing import IO, TYPE_CHECKING, Any

from bench.policy.opponents import GUICHET, day
from router.simulate.draw import TRIES, draw

if TYPE_CHECKING:
    from router.simulate.draw import Citizen
    from router.simulate.scenario import Scenario

Line = dict[str, Any]


class Driver:
    """A closed loop around one engine."""

    def __init__(self, scenario: Scenario, citizens: list[Citizen], source: IO[str], sink: IO[str]) -> None:
        self.scenario, self.source, self.sink = scenario, source, sink
        self.citizens = {citizen.name: citizen for citizen in citizens}
        self.answered: dict[str, float] = {}
        self.left: set[str] = set()
        self.offers: dict[str, Line] = {}
        self.tries: dict[str, int] = {}
        self.heap: list[tuple[float, int, str, Line]] = []
        self.order = count()
        self.wake: float | None = None

    def plan(self, at: float, what: str, line: Line) -> None:
        heappush(self.heap, (at, next(self.order), what, line))

    def live(self) -> None:
        """The whole day, and four hours more."""
        close = self.scenario.hours * 3600
        for number, team in enumerate(self.scenario.teams):
            agent = f"a{number:03}"
            self.plan(0, "say", {"event": "agent", "agent": agent, "state": "ready", "skills": team.skills})
            self.plan(close, "say", {"event": "agent", "agent": agent, "state": "away"})
        for citizen in self.citizens.values():
            self.plan(citizen.arrives / 1e6, "arrive", {"contact": citizen.name})
        while self.heap or self.wake is not None:
            at = self.heap[0][0] if self.heap else float("inf")
            if self.wake is not None and self.wake < at:
                at, what, line = self.wake, "say", {"event": "tick"}
            else:
                at, _, what, line = heappop(self.heap)
            if at > close + 4 * 3600:
                return
            getattr(self, what)(line, at)

    def say(self, line: Line, at: float) -> None:
        self.sink.write(json.dumps({"at": at, **line}) + "\n")
        self.sink.flush()
        said = json.loads(self.source.readline())
        if "error" in said:
            raise RuntimeError(f"{line} was answered {said}")
        self.wake = said["wake"]
        for effect in said["effects"]:
            if effect["effect"] == "offer":
                self.offer(effect, at)
            elif effect["effect"] == "withdraw":
                self.offers.pop(effect["offer"], None)

    def arrive(self, line: Line, at: float) -> None:
        citizen = self.citizens[line["contact"]]
        kind = citizen.kind
        told: Line = {
            "event": "contact",
            "contact": citizen.name,
            "channel": kind.channel,
            "needs": kind.needs,
        }
        told |= {"target_s": kind.target_s} if kind.target_s else {}
        told |= {"due_s": kind.due_s} if kind.due_s else {}
        told |= {"vulnerable": True} if citizen.vulnerable else {}
        if citizen.patience is not None:
            self.plan(at + citizen.patience / 1e6, "leave", line)
        self.say(told, at)

    def leave(self, line: Line, at: float) -> None:
        if line["contact"] not in self.answered:
            self.left.add(line["contact"])
            self.say({"event": "gone", "contact": line["contact"]}, at)

    def offer(self, offer: Line, at: float) -> None:
        self.offers[offer["offer"]] = offer
        name, answering = offer["contact"], self.scenario.answering
        tried = self.tries.get(name, 0)
        self.tries[name] = tried + 1
        chance = self.citizens[name].answers[tried % TRIES]
        if chance >= answering.missed:
            answer = "declined" if chance < answering.missed + answering.declined else "accepted"
            self.plan(at + answering.after_s, "answer", offer | {"answer": answer})

    def answer(self, offer: Line, at: float) -> None:
        if self.offers.pop(offer["offer"], None) is None:
            return
        name, agent = offer["contact"], offer["agent"]
        self.say(
            {"event": "answer", **{key: offer[key] for key in ("offer", "contact", "agent", "answer")}}, at
        )
        if offer["answer"] == "accepted":
            self.answered[name] = at
            ends = at + self.citizens[name].handling / 1e6
            self.plan(ends, "say", {"event": "ended", "contact": name, "agent": agent})
            done = ends + self.citizens[name].wrap_up / 1e6
            self.plan(done, "say", {"event": "done", "contact": name, "agent": agent})

    def late(self, name: str) -> bool:
        """Begun after it was due; or not begun at closing, and due by then."""
        citizen = self.citizens[name]
        due = citizen.arrives / 1e6 + (citizen.kind.due_s or 0)
        return self.answered.get(name, self.scenario.hours * 3600) > due - (name not in self.answered) * 1e-9

    def figures(self) -> dict[str, float]:
        """Counted anew, from what was seen through the protocol."""
        waits = {name: at - self.citizens[name].arrives / 1e6 for name, at in self.answered.items()}
        calls = [name for name, each in self.citizens.items() if each.kind.channel == "phone"]
        live = [name for name, each in self.citizens.items() if each.kind.due_s is None]
        mails = [name for name, each in self.citizens.items() if each.kind.due_s is not None]
        in_time = sum(waits.get(n, 1e9) <= (self.citizens[n].kind.target_s or 60) for n in calls) / len(calls)
        gave_up = sum(name not in waits for name in live) / len(live)
        late = sum(map(self.late, mails)) / max(1, len(mails))
        return {
            "lost": 1 - in_time + gave_up + late, "phone_service_level": in_time, "abandoned": gave_up,
            "late": late,
        }  # fmt: skip


def compare(scenario: Scenario) -> int:
    """Both ways, side by side; exit code 1 if they differ by more than the clock's rounding can explain."""
    command = [sys.executable, "-m", "router.cli", "engine"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as engine:
        assert engine.stdin is not None
        assert engine.stdout is not None
        driver = Driver(scenario, draw(scenario, 0), engine.stdout, engine.stdin)
        driver.live()
        engine.stdin.close()
    through, inside = driver.figures(), day(scenario, GUICHET, 0)
    print(scenario.scenario)
    for name, value in through.items():
        print(f"  {name:20} through the protocol {value:.4f}   in process {inside[name]:.4f}")
    return int(any(abs(value - inside[name]) > 0.02 for name, value in through.items()))
