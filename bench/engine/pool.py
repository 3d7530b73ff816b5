"""A centre under load, driven line by line: all kinds of lines, mixed, and nobody like anybody else.

Fifty kinds of contact (`kinds`). An agent's levels are drawn one by one, so of ten thousand agents no two are
alike; chats go three at a time. Agents decline, miss, transfer, go away and come back; citizens leave.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from time import thread_time_ns

from bench.engine.kinds import LANGUAGES, TOPICS, Draw, mixed, needs, own, plain

KINDS = 50
SECOND_LINE = 5  # needs to which conversations are transferred, on any channel
WAITING = 10  # contacts for each agent, all agents busy
PACE = 100.0  # seconds of event time between two lines that concern the same agent

Answer = Callable[[bytes], bytes]


class Bag:
    """A set one of which can be drawn by chance, in constant time."""

    def __init__(self) -> None:
        self._all: list[str] = []
        self._place: dict[str, int] = {}

    def add(self, name: str) -> None:
        self._place[name] = len(self._all)
        self._all.append(name)

    def drop(self, name: str) -> None:
        place = self._place.pop(name, None)
        if place is not None:
            last = self._all.pop()
            if last != name:
                self._all[place] = last
                self._place[last] = place

    def draw(self, chance: random.Random) -> str:
        return self._all[chance.randrange(len(self._all))]

    def __len__(self) -> int:
        return len(self._all)


class Pool:
    """Who is in it, what is on offer to whom, and how long each kind of line took."""

    def __init__(self, answer: Answer, agents: int, seed: int, draw: Draw = mixed) -> None:
        self.answer = answer
        self.chance = random.Random(seed)
        self.at = 0.0
        self.step = min(PACE / agents, 1.0)  # offers are answered before they expire
        self.taken: dict[str, list[int]] = {}
        self.lines: list[bytes] = []
        self.began = 0  # how many lines were the way there
        self.names = [f"a{number}" for number in range(agents)]
        self.preferring = draw is mixed
        self.kinds = [draw(self.chance) for _ in range(KINDS)]
        self.second = [needs(self.chance) for _ in range(SECOND_LINE)]
        self.arrived = 0
        self.waiting = Bag()
        self.offered: dict[str, tuple[str, str]] = {}  # offer -> contact, agent
        self.talking = Bag()
        self.agent_of: dict[str, str] = {}  # contact in conversation -> agent

    def say(self, event: str, **fields: object) -> None:
        """One line, timed; what it offers is noted."""
        self.at += self.step
        line = json.dumps({"at": round(self.at, 6), "event": event, **fields}).encode() + b"\n"
        start = thread_time_ns()
        said = self.answer(line)
        self.taken.setdefault(event, []).append(thread_time_ns() - start)
        self.lines.append(line)
        answer = json.loads(said)
        if "error" in answer:
            raise RuntimeError(f"{line!r} was answered {said!r}")
        for effect in answer["effects"]:
            if effect["effect"] == "offer":
                self.waiting.drop(effect["contact"])
                self.offered[effect["offer"]] = (effect["contact"], effect["agent"])
            elif effect["effect"] == "withdraw":
                self.offered.pop(effect["offer"], None)
            elif effect["effect"] == "requeue":
                self.waiting.add(effect["contact"])

    def log_in(self, agent: str) -> None:
        """Ready, with levels of their own in some topics and a language or two."""
        some = [*self.chance.sample(TOPICS, self.chance.randint(2, 5)), "lang:fr"]
        some += [language for language in LANGUAGES[1:] if self.chance.random() < 0.4]
        skills = {skill: self.chance.randint(1, 10) for skill in some}
        self.say("agent", agent=agent, state="ready", skills=skills)

    def arrive(self) -> None:
        """One more contact, of any kind."""
        self.arrived += 1
        name = f"c{self.arrived}"
        more = own(self.chance, self.names, preferring=self.preferring)
        self.waiting.add(name)
        self.say("contact", contact=name, **self.chance.choice(self.kinds), **more)

    def settle(self) -> None:
        """Every offer is answered: nineteen in twenty are taken."""
        while self.offered:
            offer, (contact, agent) = self.offered.popitem()
            luck = self.chance.random()
            answer = "accepted" if luck < 0.95 else "declined" if luck < 0.98 else "missed"
            if answer == "accepted":
                self.talking.add(contact)
                self.agent_of[contact] = agent
            self.say("answer", offer=offer, contact=contact, agent=agent, answer=answer)

    def finish(self) -> None:
        """A conversation ends, and its wrap-up; one in ten is transferred instead."""
        contact = self.talking.draw(self.chance)
        self.talking.drop(contact)
        agent = self.agent_of.pop(contact)
        if self.chance.random() < 0.1:
            self.waiting.add(contact)
            self.say("again", contact=contact, needs=self.chance.choice(self.second))
            return
        self.say("ended", contact=contact, agent=agent)
        self.say("done", contact=contact, agent=agent)

    def leave(self) -> None:
        """A citizen has waited long enough."""
        contact = self.waiting.draw(self.chance)
        self.waiting.drop(contact)
        self.say("gone", contact=contact)

    def pause(self) -> None:
        """Somebody goes away and comes back."""
        agent = self.chance.choice(self.names)
        self.say("agent", agent=agent, state="away", reason="break")
        self.say("agent", agent=agent, state="ready")

    def turn(self) -> None:
        """One finishes and takes the next, one arrives; now and then something else."""
        if len(self.talking):
            self.finish()
        self.settle()
        self.arrive()
        self.settle()
        luck = self.chance.random()
        if luck < 0.1 and len(self.waiting):
            self.leave()
        elif luck < 0.2:
            self.pause()
        self.settle()

    def forget(self) -> None:
        """What was measured so far was the way there."""
        self.taken.clear()
        self.began = len(self.lines)


def busy(answer: Answer, agents: int, rounds: int, seed: int, draw: Draw = mixed) -> Pool:
    """Ten wait for each agent, and everybody has their hands full."""
    pool = Pool(answer, agents, seed, draw)
    for agent in pool.names:
        pool.log_in(agent)
    while len(pool.waiting) < agents * WAITING:
        pool.arrive()
        pool.settle()
    for number in range(rounds + rounds // 4):
        if number == rounds // 4:
            pool.forget()
        pool.turn()
    return pool


def busy_plain(answer: Answer, agents: int, rounds: int, seed: int) -> Pool:
    """The same, and nobody asks for more than a topic and a language."""
    return busy(answer, agents, rounds, seed, plain)


def calm(answer: Answer, agents: int, rounds: int, seed: int) -> Pool:
    """Half the agents are free, and only those wait whom nobody there can serve."""
    pool = Pool(answer, agents, seed)
    for agent in pool.names:
        pool.log_in(agent)
    for number in range(agents + rounds):
        if number == agents:
            pool.forget()
        pool.arrive()
        pool.settle()
        while len(pool.talking) > agents // 2:
            pool.finish()
            pool.settle()
    return pool
