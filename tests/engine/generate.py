"""Seeded streams of lines: a centre's day, with its doubles, late answers and hostile drivers.

A stream reads the checker's world to choose moves that mean something, and never the engine. A dict is a
line still to be resolved: `"offer": "@c1"` stands for the last offer of c1, `"agent": "@c1"` for the agent
it went to, so that a stream stays meaningful when lines are taken out of it.
"""

from __future__ import annotations

import json
from random import Random

from tests.engine.hostile import hostile
from tests.engine.world import SECOND, World

Step = dict | bytes
SKILLS = ("housing", "family", "lang:fr", "lang:ar", "métier")
CHANNELS = ("phone", "chat", "email", "callback", "counter", "appointment", "outreach")


def resolve(step: Step, world: World) -> bytes:
    """The bytes to send, now that it is known which offers were made."""
    if isinstance(step, bytes):
        return step
    line = dict(step)
    for name in ("offer", "agent"):
        value = line.get(name)
        if isinstance(value, str) and value.startswith("@"):
            made = [offer for offer in world.offers.values() if offer.contact == value[1:]]
            line[name] = getattr(made[-1], "name" if name == "offer" else "agent") if made else "nobody"
    return json.dumps(line, ensure_ascii=False).encode()


class Stream:
    """One seed's lines. `next` gives one line; the seed also draws how large and how busy the centre is."""

    def __init__(self, seed: int, hostility: float = 0.15) -> None:
        self.rng = rng = Random(seed)
        self._hostility = hostility
        self._at = 0.0
        self._arrived = 0
        self._sent: list[dict] = []
        self._agents = [f"a{n}" for n in range(1, rng.randint(1, 10) + 1)] + ["Zoé 🏠", "é" * 128][
            : rng.randint(0, 2)
        ]
        self._channels = rng.sample(CHANNELS, rng.randint(1, 5))
        self._needs = [self._some_needs() for _ in range(rng.randint(1, 5))]
        self._pace = rng.choice((0.3, 2.0, 8.0))
        kinds = {
            self._agent: rng.choice((4, 12)),
            self._contact: rng.choice((10, 25)),
            self._answer: 25,
            self._progress: rng.choice((10, 30)),
            self._again: 4,
            self._gone: 4,
            self._tick: 5,
            self._ask: 5,
            self._double: 5,
        }
        self._moves, self._weights = list(kinds), list(kinds.values())

    def next(self, world: World) -> Step:
        rng = self.rng
        now = (world.now or 0) / SECOND
        self._at = now + self._elapsed(world, now)
        if rng.random() < self._hostility:
            living = sorted(world.live)
            at = self._at if rng.random() < 0.9 else now - 1
            return hostile(rng, at, living, self._agents)
        line = rng.choices(self._moves, self._weights)[0](world)
        step = {"at": self._at, **(line or {"event": "tick"})}
        if line is not None and rng.random() < 0.02:
            step["at"] = now - rng.choice((1e-6, 1, 1000))
        self._sent.append(step)
        return step

    def _elapsed(self, world: World, now: float) -> float:
        """How far the clock moves; often to the very instant of the next timer, or one microsecond off."""
        rng = self.rng
        if world.wake is not None and rng.random() < 0.1:
            return max(0.0, world.wake / SECOND - now + rng.choice((0, 0, -1e-6, 1e-6, 0.5)))
        if rng.random() < 0.02:
            return rng.choice((14.999999, 15, 30, 120, 1000, 5000))
        return 0.0 if rng.random() < 0.2 else rng.expovariate(1 / self._pace)

    def _some_needs(self) -> dict | list:
        rng = self.rng
        names = rng.sample(SKILLS, rng.choice((0, 1, 1, 1, 2)))
        needs = {name: rng.choice((1, 1, 3, 5, 10)) for name in names}
        return [needs, {rng.choice(SKILLS): 2}] if rng.random() < 0.15 else needs

    def _agent(self, world: World) -> dict:
        rng = self.rng
        line = {"event": "agent", "agent": rng.choice(self._agents)}
        line["state"] = rng.choices(("ready", "away", "offline"), (75, 15, 10))[0]
        if line["agent"] not in world.agents or rng.random() < 0.2:
            line["skills"] = {s: rng.randint(1, 10) for s in rng.sample(SKILLS, rng.randint(1, 5))}
        if rng.random() < 0.3:
            line["capacity"] = {
                c: rng.choice((0, 1, 1, 2, 4)) for c in rng.sample(CHANNELS, rng.randint(0, 3))
            }
        return line | ({"reason": "break"} if line["state"] == "away" else {})

    def _contact(self, _: World) -> dict:
        rng = self.rng
        self._arrived += 1
        name = f"c{self._arrived}"
        line = {
            "event": "contact",
            "contact": rng.choices((name, name + "ü", (name + "é" * 128)[:128]), (90, 5, 5))[0],
            "channel": rng.choice(self._channels),
            "needs": rng.choice(self._needs),
        }
        extras = {
            "target_s": lambda: rng.choice((20, 60, 3600)),
            "due_s": lambda: rng.choice((0, 5, 60, 3600)),
            "vulnerable": lambda: rng.random() < 0.8,
            "waited_s": lambda: rng.choice((0, 1.5, 40, 200, 999_999_999)),
            "prefers": lambda: rng.sample(self._agents, 1) + rng.choice(([], ["nobody"])),
            "prefers_for_s": lambda: rng.choice((0, 3, 60)),
            "relax": lambda: self._relax(),
            "citizen": lambda: f"z{rng.randint(1, 5)}",
        }
        for field, draw in extras.items():
            if rng.random() < 0.12:
                line[field] = draw()
        return line

    def _relax(self) -> list[dict]:
        rng = self.rng
        after = sorted(rng.sample((0, 1, 5, 10, 15, 45, 300), rng.randint(1, 4)))
        return [{"after_s": seconds, "needs": rng.choice((*self._needs, {}))} for seconds in after]

    def _answer(self, world: World) -> dict | None:
        rng = self.rng
        rung = [offer.contact for offer in world.open_offers()] or [o.contact for o in world.offers.values()][
            -3:
        ]
        if not rung:
            return None
        contact = rng.choice(rung)
        word = rng.choices(("accepted", "declined", "missed"), (60, 25, 15))[0]
        line = {
            "event": "answer",
            "offer": f"@{contact}",
            "contact": contact,
            "agent": f"@{contact}",
            "answer": word,
        }
        if rng.random() < 0.05:
            line["agent"] = rng.choice(self._agents)
        return line

    def _progress(self, world: World) -> dict | None:
        served = [
            c
            for c in map(world.contacts.get, sorted(world.live))
            if c and c.state in {"connected", "wrap_up"}
        ]
        if not served:
            return None
        contact = self.rng.choice(served)
        if contact.state == "wrap_up":
            return {"event": "done", "contact": contact.name, "agent": f"@{contact.name}"}
        line = {"event": "ended", "contact": contact.name}
        return line | ({"agent": f"@{contact.name}"} if self.rng.random() < 0.5 else {})

    def _again(self, world: World) -> dict | None:
        rng = self.rng
        if not world.live:
            return None
        line = {"event": "again", "contact": rng.choice(sorted(world.live)), "needs": rng.choice(self._needs)}
        line |= {"channel": rng.choice(self._channels)} if rng.random() < 0.3 else {}
        return line | ({"target_s": 30} if rng.random() < 0.3 else {})

    def _gone(self, world: World) -> dict | None:
        return {"event": "gone", "contact": self.rng.choice(sorted(world.live))} if world.live else None

    def _tick(self, _: World) -> dict:
        return {"event": "tick"}

    def _ask(self, world: World) -> dict:
        about = self.rng.choice(("state", "state", "contact", "estimate"))
        line = {"event": "ask", "about": about}
        if about == "contact":
            line["contact"] = self.rng.choice(sorted(world.contacts) or ["nobody"])
        return line | ({"channel": "chat", "needs": self._needs[0]} if about == "estimate" else {})

    def _double(self, _: World) -> dict | None:
        """A line sent before, word for word but for `at`, or with one word changed."""
        if not self._sent:
            return None
        again = {name: value for name, value in self.rng.choice(self._sent[-12:]).items() if name != "at"}
        if self.rng.random() < 0.2 and "answer" in again:
            again["answer"] = "declined"
        return again
