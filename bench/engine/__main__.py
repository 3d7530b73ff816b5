"""`python -m bench.engine`: the median time of one engine line at several sizes of the pool, as a table.

Everybody is busy and ten times as many wait; then agents finish and take the next, and as many contacts
arrive. Beside it a pool of free agents whom nobody waits for, and arrivals. Twenty profiles of agents
and eight kinds of contacts; lines are JSON both ways, as `guichet engine` reads them.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from statistics import median, quantiles
from time import perf_counter_ns

from router.engine import Engine

PROFILES, KINDS = 20, 8
WAITING = 10  # per agent
SKILLS = ("housing", "family", "health", "work", "lang:fr", "lang:en")


class Pool:
    """An engine under load, and how long each kind of line took."""

    def __init__(self, agents: int, seed: int, waiting: int = WAITING) -> None:
        self.engine = Engine()
        self.at = 0.0
        self.taken: dict[str, list[int]] = {}
        self.ahead: dict[str, tuple[str, str]] = {}  # agent -> the offer and contact in hand
        chance = random.Random(seed)
        profiles = [{skill: chance.randint(3, 9) for skill in SKILLS} for _ in range(PROFILES)]
        self.kinds = [{chance.choice(SKILLS): chance.randint(1, 3)} for _ in range(KINDS)]
        self.arrived = 0
        for _ in range(agents * waiting):
            self.arrive()
        for number in range(agents):
            self.say("agent", agent=f"a{number}", state="ready", skills=profiles[number % PROFILES])
        for agent in list(self.ahead):
            self.accept(agent)
        self.taken.clear()

    def say(self, event: str, **fields: object) -> None:
        """One line, timed; the offers it makes are noted."""
        self.at += 0.0001
        line = json.dumps({"at": round(self.at, 6), "event": event, **fields}).encode()
        start = perf_counter_ns()
        said = self.engine.answer(line)
        self.taken.setdefault(event, []).append(perf_counter_ns() - start)
        answer = json.loads(said)
        if "error" in answer:
            raise RuntimeError(f"{line!r} was answered {said!r}")
        for effect in answer["effects"]:
            if effect["effect"] == "offer":
                self.ahead[effect["agent"]] = (effect["offer"], effect["contact"])

    def arrive(self) -> None:
        """One more contact; its kind by turns."""
        self.arrived += 1
        self.say(
            "contact", contact=f"c{self.arrived}", channel="phone", needs=self.kinds[self.arrived % KINDS]
        )

    def accept(self, agent: str) -> None:
        """The agent takes what is on offer."""
        offer, contact = self.ahead[agent]
        self.say("answer", offer=offer, contact=contact, agent=agent, answer="accepted")

    def serve(self, agent: str) -> None:
        """The agent finishes, takes the next, and a contact arrives."""
        contact = self.ahead.pop(agent)[1]
        self.say("ended", contact=contact, agent=agent)
        self.say("done", contact=contact, agent=agent)
        for other in list(self.ahead)[-1:]:
            self.accept(other)
        self.arrive()


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.engine", description=__doc__)
    parser.add_argument("--agents", type=int, nargs="+", default=[100, 1_000, 10_000])
    parser.add_argument("--rounds", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    print("Medians in µs: `done` gives a freed agent the next, `contact` joins a line or meets free agents.")
    print("| agents | waiting | any line | its p99 | done | contact, all busy | contact, all free |")
    print("|---|---|---|---|---|---|---|")
    for agents in args.agents:
        pool = Pool(agents, args.seed)
        chance = random.Random(args.seed)
        for _ in range(args.rounds):
            pool.serve(chance.choice(list(pool.ahead)))
        times = [each for kind in pool.taken.values() for each in kind]
        done, busy = median(pool.taken["done"]), median(pool.taken["contact"])
        free = median(empty(agents, args.seed, min(args.rounds, agents // 2)).taken["contact"])
        figures = (median(times), quantiles(times, n=100)[98], done, busy, free)
        print(
            f"| {agents} | {agents * WAITING} | "
            + " | ".join(f"{each / 1000:.0f}" for each in figures)
            + " |"
        )
        sys.stdout.flush()
    return 0


def empty(agents: int, seed: int, arrivals: int) -> Pool:
    """A pool where nobody waits and everybody is free, after so many arrivals."""
    pool = Pool(agents, seed, waiting=0)
    for _ in range(arrivals):
        pool.arrive()
    return pool


if __name__ == "__main__":
    raise SystemExit(main())
